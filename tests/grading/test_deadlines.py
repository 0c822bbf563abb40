"""What a deadline does to a hand-in, and what an extension takes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from exercises.models import Exercise, ExerciseDeadline
from exercises.selectors import due
from grading import selectors, services
from grading.cards import exercise_cards
from grading.judge.report import Report
from grading.models import Kind, Submission
from grading.services.lateness import forgive
from lessons.models import Cohort, Course, Deadline, Enrolment, Extension, Question
from lessons.selectors import unfinished
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def place(ana: User, course: Course) -> Enrolment:
    cohort = Cohort.objects.create(course=course, name="Otoño")
    Enrolment.objects.filter(student=ana).update(cohort=cohort)
    return Enrolment.objects.select_related("cohort", "course").get(student=ana)


def set_deadline(place: Enrolment, at) -> None:
    Deadline.objects.update_or_create(
        cohort=place.cohort, unit=place.course.units.get(), defaults={"due_at": at}
    )


def extend(place: Enrolment, until) -> None:
    Extension.objects.create(enrolment=place, unit=place.course.units.get(), until=until)


def graded(ana: User, exercise: Exercise, score: float = 80) -> Submission:
    submission = factories.hand_in(ana, exercise)
    lease = services.claim(submission_id=submission.pk)
    assert lease is not None
    services.finish(
        lease=lease, report=Report(score=score, groups=[], seconds=0.1, output=""), runtime_version=""
    )
    submission.refresh_from_db()
    return submission


def test_what_comes_in_time_counts(place, ana: User, exercise: Exercise):
    set_deadline(place, now() + HOUR)
    assert not graded(ana, exercise).late
    assert selectors.best_score(student=ana, exercise=exercise) == 80


def test_what_comes_late_is_graded_and_does_not_count(place, ana, as_ana: Client, exercise: Exercise):
    set_deadline(place, now() - HOUR)
    submission = graded(ana, exercise)
    assert (submission.late, submission.state, submission.score) == (True, "graded", 80)
    assert selectors.best_score(student=ana, exercise=exercise) is None
    (card,) = exercise_cards(place.course, ana)
    assert (card.score, card.begun) == (None, True)

    page = as_ana.get(exercise.get_absolute_url()).content.decode()
    assert "Fuera de plazo: se corrige, no puntúa." in page
    assert "mejor: 80" not in page
    assert "fuera de plazo" in as_ana.get(f"{exercise.get_absolute_url()}history/").content.decode()
    assert "no puntúa" in as_ana.get(submission.get_absolute_url()).content.decode()


def test_the_best_of_what_counts_stays_the_best(place, ana: User, exercise: Exercise):
    graded(ana, exercise, score=60)
    set_deadline(place, now() - HOUR)
    graded(ana, exercise, score=100)
    assert selectors.best_score(student=ana, exercise=exercise) == 60


def test_a_deadline_lasts_to_the_end_of_its_minute(place, ana: User, exercise: Exercise):
    set_deadline(place, now() - timedelta(seconds=50))
    assert not factories.hand_in(ana, exercise).late


def test_a_run_is_never_late(place, ana: User, exercise: Exercise):
    set_deadline(place, now() - HOUR)
    assert not factories.hand_in(ana, exercise, kind=Kind.RUN).late


def test_an_extension_holds_for_its_student_alone(place, ana, bruno: User, exercise: Exercise):
    Enrolment.objects.create(student=bruno, course=place.course, cohort=place.cohort)
    set_deadline(place, now() - HOUR)
    extend(place, now() + HOUR)
    assert not factories.hand_in(ana, exercise).late
    assert factories.hand_in(bruno, exercise).late


def test_an_extension_says_so_on_the_exercise_page(place, as_ana: Client, exercise: Exercise):
    set_deadline(place, now() - HOUR)
    extend(place, now() + HOUR)
    page = as_ana.get(exercise.get_absolute_url()).content.decode()
    assert "Tienes prórroga hasta el" in page
    assert "Fuera de plazo" not in page


def test_an_exercise_may_be_due_apart_from_its_unit(place, ana: User, exercise: Exercise):
    set_deadline(place, now() - HOUR)
    ExerciseDeadline.objects.create(cohort=place.cohort, exercise=exercise, due_at=now() + HOUR)
    assert not factories.hand_in(ana, exercise).late
    ExerciseDeadline.objects.update(due_at=now() - 2 * HOUR)
    set_deadline(place, now() + HOUR)
    assert factories.hand_in(ana, exercise).late


def test_after_the_cohort_has_ended_nothing_counts_but_what_an_extension_lets(place, ana, exercise: Exercise):
    Cohort.objects.update(ends_at=now() - HOUR)
    set_deadline(place, now() + HOUR)
    assert factories.hand_in(ana, exercise).late
    extend(place, now() + HOUR)
    assert not factories.hand_in(ana, exercise).late


def test_an_extension_that_ends_before_the_deadline_takes_no_time_away(place, exercise: Exercise):
    at = now() + 2 * HOUR
    set_deadline(place, at)
    extend(place, now() + HOUR)
    found = due(enrolment=place, exercise=exercise)
    assert (found.at, found.extended) == (at, False)


def test_without_a_cohort_nothing_is_ever_due(ana: User, course: Course, exercise: Exercise):
    other = Cohort.objects.create(course=course, name="Otro", ends_at=now() - HOUR)
    Deadline.objects.create(cohort=other, unit=course.units.get(), due_at=now() - HOUR)
    assert not factories.hand_in(ana, exercise).late


def test_before_the_cohort_starts_one_tries_and_hands_nothing_in(place, ana, as_ana: Client, exercise):
    Cohort.objects.update(starts_at=now() + HOUR)
    assert factories.hand_in(ana, exercise, kind=Kind.RUN)
    with pytest.raises(services.Refused, match="Tu grupo empieza el") as refusal:
        factories.hand_in(ana, exercise)
    assert refusal.value.code == "not_begun"
    assert "Hasta entonces puedes probar" in as_ana.get(exercise.get_absolute_url()).content.decode()


def test_an_extension_given_afterwards_lets_count_what_came_late(place, ana: User, exercise: Exercise):
    set_deadline(place, now() - HOUR)
    late = graded(ana, exercise)
    extend(place, now() + HOUR)
    assert forgive(places=[place]) == 1
    late.refresh_from_db()
    assert not late.late
    assert selectors.best_score(student=ana, exercise=exercise) == 80


def test_a_deadline_moved_forward_takes_nothing_from_what_counted(place, ana: User, exercise: Exercise):
    set_deadline(place, now() + HOUR)
    submission = graded(ana, exercise)
    set_deadline(place, now() - HOUR)
    assert forgive(places=[place]) == 0
    submission.refresh_from_db()
    assert not submission.late


def test_the_next_deadlines_stand_on_home_and_on_the_course_page(place, as_ana: Client, exercise: Exercise):
    set_deadline(place, now() + HOUR)
    for path in ("/", place.course.get_absolute_url()):
        page = as_ana.get(path).content.decode()
        assert "Próximas entregas" in page, path
        assert "Vence el" in page, path
        assert "(tu hora, Madrid; " in page, path
        assert "sin entregar" in page, path


def test_what_is_passed_or_over_is_not_due_any_more(place, ana, as_ana: Client, exercise: Exercise):
    set_deadline(place, now() + HOUR)
    graded(ana, exercise, score=100)
    assert "Próximas entregas" not in as_ana.get("/").content.decode()
    Submission.objects.update(score=50)
    page = as_ana.get("/").content.decode()
    assert "50/100" in page[page.index("Próximas entregas") :]
    set_deadline(place, now() - HOUR)
    assert "Próximas entregas" not in as_ana.get("/").content.decode()


def test_an_end_quiz_is_due_with_its_unit_until_it_is_handed_in(place, ana: User):
    unit = place.course.units.get()
    set_deadline(place, now() + HOUR)
    assert unfinished(enrolment=place, cards=[], at=now()) == []
    Question.objects.create(unit=unit, key="final", position=1, kind="single", prompt="")
    (line,) = unfinished(enrolment=place, cards=[], at=now())
    assert line.title == "Quiz final: Uno"
    assert line.url == "/courses/curso/units/1/quiz/"
    ana.quiz_tries.create(unit=unit, number=1, seed=1, handed_in_at=now(), score=0.5)
    assert unfinished(enrolment=place, cards=[], at=now()) == []


@pytest.mark.parametrize("exercises", [1, 12])
def test_what_is_due_costs_three_queries_however_much_it_is(
    exercises, place, ana: User, course: Course, django_assert_num_queries
):
    for n in range(exercises):
        factories.make_exercise(course, slug=f"e{n}")
    set_deadline(place, now() + HOUR)
    cards = exercise_cards(course, ana)
    place = Enrolment.objects.select_related("cohort", "course").get(pk=place.pk)
    with django_assert_num_queries(3):
        lines = unfinished(enrolment=place, cards=cards, at=now())
    assert len(lines) == exercises
