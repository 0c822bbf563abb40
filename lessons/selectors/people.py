"""Who is in a course, whose work a teacher may see, and when something is due."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from lessons.models import Cohort, Course, Deadline, Enrolment, Extension, Role, Unit

STAFF = (Role.ASSISTANT, Role.INSTRUCTOR)


def enrolment_of(*, student: User | None, course: Course) -> Enrolment | None:
    """The person's place in the course; None for a stranger. 1 query, none when signed out."""
    return Enrolment.objects.filter(student=student, course=course).first() if student else None


def teaching_of(*, teacher: User, course: Course) -> Enrolment | None:
    """The enrolment by which `teacher` teaches the course; None for anybody else. 1 query."""
    return Enrolment.objects.filter(student=teacher, course=course, role__in=STAFF).first()


def taught_by(teaching: Enrolment) -> QuerySet[Enrolment]:
    """The students whose work this member of the staff may see, those who left too. No query yet."""
    students = Enrolment.ever.filter(course=teaching.course_id, role=Role.STUDENT)
    if teaching.whole_course:
        return students
    return students.filter(cohort__in=cohorts_of(teaching))


def cohorts_of(teaching: Enrolment) -> QuerySet[Cohort]:
    """The cohorts that this member of the staff teaches. No query yet."""
    cohorts = Cohort.objects.filter(course=teaching.course_id)
    return cohorts if teaching.whole_course else cohorts.filter(teachers=teaching)


def may_see_work_of(*, viewer: User, student_id: int, course_id: int) -> bool:
    """Whether `viewer` is the student, or teaches them in this course. At most 1 query."""
    if viewer.pk == student_id:
        return True
    whole = Q(whole_course=True)
    same_cohort = Q(
        cohorts_taught__enrolments__student=student_id, cohorts_taught__enrolments__course=course_id
    )
    return (
        Enrolment.objects.filter(student=viewer, course=course_id, role__in=STAFF)
        .filter(whole | same_cohort)
        .exists()
    )


def unit_due_at(*, enrolment: Enrolment, unit: Unit, at_cohort: datetime | None = None) -> datetime | None:
    """When the student is due with `unit`; None: never. Their extension counts. At most 2 queries.

    `at_cohort` replaces the unit's deadline for the cohort, where a caller knows of a nearer one.
    """
    if enrolment.cohort_id is None:
        return None
    due = at_cohort
    if due is None:
        deadlines = Deadline.objects.filter(cohort=enrolment.cohort_id, unit=unit)
        due = deadlines.values_list("due_at", flat=True).first()
    if due is None:
        return enrolment.cohort.ends_at if enrolment.cohort else None
    extensions = Extension.objects.filter(enrolment=enrolment, unit=unit)
    until = extensions.values_list("until", flat=True).first()
    return max(due, until) if until else due


def has_begun(enrolment: Enrolment, *, at: datetime) -> bool:
    """Whether the student's cohort has started; without a cohort, always."""
    starts = enrolment.cohort.starts_at if enrolment.cohort else None
    return starts is None or starts <= at
