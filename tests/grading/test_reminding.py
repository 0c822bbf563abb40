"""Who hears a day before that something is due, and who does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts import news
from accounts.models import Notification, User
from accounts.services.notifications import choose
from exercises.models import Exercise, ExerciseDeadline
from grading.models import State
from grading.services.reminding import remind
from lessons.models import Cohort, Course, Deadline, Enrolment, Extension, Role
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def place(ana: User, course: Course, exercise: Exercise) -> Enrolment:
    cohort = Cohort.objects.create(course=course, name="Otoño")
    Enrolment.objects.filter(student=ana).update(cohort=cohort)
    Deadline.objects.create(cohort=cohort, unit=course.units.get(), due_at=now() + 20 * HOUR)
    return Enrolment.objects.select_related("cohort").get(student=ana)


def passed(ana: User, exercise: Exercise) -> None:
    submission = factories.hand_in(ana, exercise)
    submission.state, submission.score = State.GRADED, 100
    submission.save()


def test_a_student_hears_once_the_day_before_with_the_time_of_both_zones(place, ana, exercise: Exercise):
    assert remind() == 1
    assert remind() == 0
    told = Notification.objects.get()
    assert (told.person, told.kind, told.url) == (ana, "deadline", exercise.get_absolute_url())
    assert news.sentence(told).startswith("«El doble» vence el ")
    assert "UTC" in news.sentence(told)


def test_several_things_of_a_unit_are_told_as_one(place, course: Course):
    factories.make_exercise(course, slug="otro")
    assert remind() == 1
    told = Notification.objects.get()
    assert told.facts["what"] == "1. Uno"
    assert told.url == f"/courses/{course.slug}/units/1/"


def test_two_days_before_nobody_hears_and_after_it_neither(place):
    due_at = Deadline.objects.get().due_at
    assert remind(at=due_at - 48 * HOUR) == 0
    assert remind(at=due_at + HOUR) == 0
    assert remind(at=due_at - 23 * HOUR) == 1


def test_who_has_finished_hears_nothing(place, ana: User, exercise: Exercise):
    passed(ana, exercise)
    assert remind() == 0


def test_who_handed_in_less_than_all_hears_it(place, ana: User, exercise: Exercise):
    submission = factories.hand_in(ana, exercise)
    submission.state, submission.score = State.GRADED, 60
    submission.save()
    assert remind() == 1


def test_an_extension_moves_the_day_on_which_its_student_hears(place, bruno: User, course: Course):
    Enrolment.objects.create(student=bruno, course=course, cohort=place.cohort)
    extension = Extension.objects.create(
        enrolment=place, unit=course.units.get(), until=now() + timedelta(days=5)
    )
    assert remind() == 1
    assert Notification.objects.get().person == bruno
    assert remind(at=extension.until - 20 * HOUR) == 1


def test_a_deadline_that_was_moved_is_told_anew(place):
    remind()
    Deadline.objects.update(due_at=now() + timedelta(days=8))
    assert remind() == 0
    assert remind(at=now() + timedelta(days=7, hours=4)) == 1


def test_an_exercise_with_a_deadline_of_its_own_is_told_by_that(place, exercise: Exercise):
    Deadline.objects.update(due_at=now() + timedelta(days=9))
    ExerciseDeadline.objects.create(cohort=place.cohort, exercise=exercise, due_at=now() + HOUR)
    assert remind() == 1


@pytest.mark.parametrize(
    "gone",
    [
        {"left_at": now()},
        {"role": Role.ASSISTANT},
        {"cohort": None},
    ],
)
def test_who_takes_no_part_in_the_cohort_hears_nothing(gone, place):
    Enrolment.objects.filter(pk=place.pk).update(**gone)
    assert remind() == 0


def test_who_is_leaving_the_site_hears_nothing(place, ana: User):
    User.objects.filter(pk=ana.pk).update(deletion_asked_at=now())
    assert remind() == 0


def test_an_unpublished_course_reminds_nobody(place, course: Course):
    Course.objects.update(published=False)
    assert remind() == 0


def test_who_wants_no_such_news_gets_none(place, ana: User):
    choose(person=ana, on_site=[], by_mail=[])
    assert remind() == 0
    assert not Notification.objects.exists()


def test_a_round_with_nothing_near_costs_one_query(place, django_assert_num_queries):
    Deadline.objects.update(due_at=now() + timedelta(days=9))
    with django_assert_num_queries(1):
        remind()
