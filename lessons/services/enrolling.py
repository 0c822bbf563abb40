"""Taking a place in a course, leaving it, and coming back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from lessons.cohort_codes import clean_code
from lessons.models import Cohort, Course, Enrolment, Joining, Role
from lessons.selectors.people import STAFF


class ByAnotherWay(Exception):
    """The course is not joined like this; `Course.joining` says how."""


class UnknownCode(Exception):
    """No cohort that can be joined has that code."""


class CohortEnded(Exception):
    """The cohort of the code is over."""

    def __init__(self, cohort: Cohort) -> None:
        super().__init__(f"cohort {cohort.pk} ended at {cohort.ends_at}")
        self.cohort = cohort


class InAnotherCohort(Exception):
    """A student does not change cohorts by themself, for the dates of one are not those of another."""

    def __init__(self, cohort: Cohort) -> None:
        super().__init__(f"already in cohort {cohort.pk}")
        self.cohort = cohort


class LastInstructor(Exception):
    """Nobody could answer for the course."""


@transaction.atomic
def enrol(*, student: User, course: Course, at: datetime | None = None) -> Enrolment:
    """Give `student` a place in the course; a second time changes nothing, the role neither.

    Who had left comes back to everything that was theirs: the cohort too, unless it has ended.
    """
    place, _created = Enrolment.ever.select_related("cohort").get_or_create(student=student, course=course)
    if place.left_at is not None:
        if place.cohort and has_ended(place.cohort, at or now()):
            place.cohort = None
        place.left_at = None
        place.save(update_fields=["left_at", "cohort"])
    return place


def join(*, student: User, course: Course, at: datetime | None = None) -> Enrolment:
    """One click: into an open course, or back into one that the student had left.

    Raises ByAnotherWay.
    """
    left = Enrolment.ever.select_related("cohort").filter(student=student, course=course).first()
    if course.joining != Joining.OPEN and not (left and may_return(left, at or now())):
        raise ByAnotherWay
    return enrol(student=student, course=course, at=at)


def may_return(place: Enrolment, at: datetime) -> bool:
    """Whether who left the place may take it again without being asked in anew: its cohort goes on."""
    return place.cohort is None or not has_ended(place.cohort, at)


def has_ended(cohort: Cohort, at: datetime) -> bool:
    """Whether nothing in the cohort counts any more."""
    return cohort.ends_at is not None and cohort.ends_at <= at


def cohort_of_code(code: str) -> Cohort:
    """The cohort that `code`, as somebody typed it, opens. Raises UnknownCode. At most 1 query."""
    cleaned = clean_code(code)
    found = None
    if cleaned:
        cohorts = Cohort.objects.select_related("course").filter(course__published=True)
        found = cohorts.exclude(course__joining=Joining.INVITATION).filter(code__iexact=cleaned).first()
    if found is None:
        raise UnknownCode
    return found


@transaction.atomic
def join_by_code(*, student: User, code: str, at: datetime | None = None) -> Enrolment:
    """Into the cohort of the code; who is in it already stays, and so do those who teach the course.

    Who had left comes back to the cohort in which they were, while that goes on.
    Raises UnknownCode, CohortEnded and InAnotherCohort.
    """
    at = at or now()
    cohort = cohort_of_code(code)
    places = Enrolment.ever.select_for_update(of=("self",)).select_related("cohort")
    place = places.filter(student=student, course=cohort.course).first()
    if place and place.left_at is None and (place.role in STAFF or place.cohort_id == cohort.pk):
        return place
    if place and place.left_at and place.cohort and may_return(place, at):
        return enrol(student=student, course=cohort.course, at=at)
    if has_ended(cohort, at):
        raise CohortEnded(cohort)
    return put_into(student=student, cohort=cohort, at=at)


@transaction.atomic
def put_into(*, student: User, cohort: Cohort, at: datetime, role: Role | None = None) -> Enrolment:
    """Give `student` a place in the cohort; a cohort that goes on keeps those who are in it.

    With `role`, they have it from now on, unless theirs is higher. Raises InAnotherCohort.
    """
    place = enrol(student=student, course=cohort.course, at=at)
    elsewhere = place.cohort if place.role == Role.STUDENT and place.cohort_id != cohort.pk else None
    if elsewhere and not has_ended(elsewhere, at):
        raise InAnotherCohort(elsewhere)
    if role == Role.ASSISTANT and place.role == Role.STUDENT:
        place.role, place.whole_course = Role.ASSISTANT, False
    if place.role == Role.STUDENT:
        place.cohort = cohort
    elif not place.whole_course:
        place.cohorts_taught.add(cohort)
    place.save(update_fields=["cohort", "role", "whole_course"])
    return place


@transaction.atomic
def leave(*, student: User, course: Course, at: datetime | None = None) -> None:
    """Give the place up; everything stays for the day on which they come back.

    Raises LastInstructor.
    """
    places = list(Enrolment.objects.select_for_update().filter(course=course, role__in=STAFF))
    place = Enrolment.objects.filter(student=student, course=course).first()
    if place is None:
        return
    others = [one for one in places if one.role == Role.INSTRUCTOR and one.pk != place.pk]
    if place.role == Role.INSTRUCTOR and not others:
        raise LastInstructor
    place.left_at = at or now()
    place.save(update_fields=["left_at"])
