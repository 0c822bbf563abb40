"""What a new date does to an end quiz that came late: the same as to a hand-in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import User
from dashboards import services
from lessons.models import Cohort, Course, Deadline, Enrolment, QuizTry, Unit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def place(ana: User, course: Course) -> Enrolment:
    cohort = Cohort.objects.create(course=course, name="Otoño", time_zone="Europe/Madrid")
    Enrolment.objects.filter(student=ana).update(cohort=cohort)
    Deadline.objects.create(cohort=cohort, unit=course.units.get(), due_at=now() - HOUR)
    return Enrolment.objects.select_related("cohort", "course").get(student=ana)


@pytest.fixture
def unit(course: Course) -> Unit:
    return course.units.get()


def late_try(ana: User, unit: Unit, number: int = 1, score: float = 0.5) -> QuizTry:
    return ana.quiz_tries.create(
        unit=unit, number=number, seed=1, handed_in_at=now(), score=score, counts=False
    )


def move_deadline(place: Enrolment, unit: Unit, at) -> int:
    assert place.cohort
    return services.set_deadlines(cohort=place.cohort, units={unit.pk: at}, exercises={})


def counting(ana: User) -> list[int]:
    return list(ana.quiz_tries.filter(counts=True).order_by("number").values_list("number", flat=True))


def test_a_deadline_moved_back_lets_a_late_quiz_count(place: Enrolment, ana: User, unit: Unit) -> None:
    late_try(ana, unit)
    assert move_deadline(place, unit, now() + HOUR) == 1
    assert counting(ana) == [1]


def test_an_extension_lets_a_late_quiz_count(place: Enrolment, ana: User, carla: User, unit: Unit) -> None:
    late_try(ana, unit)
    _given, forgiven = services.extend(place=place, unit=unit, until=now() + HOUR, reason="", by=carla)
    assert (forgiven, counting(ana)) == (1, [1])


def test_another_cohort_and_a_later_end_of_it_do_too(place: Enrolment, ana: User, unit: Unit) -> None:
    late_try(ana, unit)
    other = Cohort.objects.create(course=place.course, name="Invierno", ends_at=now() - HOUR)
    services.move(places=[place], cohort=other)
    assert counting(ana) == []
    _kept, forgiven = services.edit_cohort(
        cohort=other,
        name="Invierno",
        code="",
        starts_at=None,
        ends_at=now() + HOUR,
        time_zone="",
        teachers=[],
    )
    assert (forgiven, counting(ana)) == (1, [1])


def test_what_counted_goes_on_counting_when_the_deadline_moves_forward(
    place: Enrolment, ana: User, unit: Unit
) -> None:
    QuizTry.objects.filter(pk=late_try(ana, unit).pk).update(counts=True)
    assert move_deadline(place, unit, now() - 5 * HOUR) == 0
    assert counting(ana) == [1]


def test_no_more_count_than_the_course_lets_and_the_earliest_come_first(
    place: Enrolment, ana: User, unit: Unit
) -> None:
    Course.objects.update(quiz_tries=2)
    for number in (1, 2, 3):
        late_try(ana, unit, number)
    move_deadline(place, unit, now() + HOUR)
    assert counting(ana) == [1, 2]


def test_what_came_before_the_cohort_started_still_does_not_count(
    place: Enrolment, ana: User, unit: Unit
) -> None:
    late_try(ana, unit)
    Cohort.objects.update(starts_at=now() + HOUR)
    assert move_deadline(place, unit, now() + 5 * HOUR) == 0


def test_what_is_late_by_the_new_date_too_stays_late(place: Enrolment, ana: User, unit: Unit) -> None:
    late_try(ana, unit)
    assert move_deadline(place, unit, now() - HOUR / 2) == 0
    assert counting(ana) == []
