"""Who is in a course, for whom it exists, and whose work a teacher may see."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from lessons.models import Cohort, Course, Enrolment, Role

STAFF = (Role.ASSISTANT, Role.INSTRUCTOR)


def courses_for(person: User | None) -> QuerySet[Course]:
    """The courses that exist for `person`: those published, and those that they teach. No query yet."""
    taught = Enrolment.objects.filter(student=person, role__in=STAFF).values("course")
    return Course.objects.filter(Q(published=True) | Q(pk__in=taught))


def enrolment_of(*, student: User | None, course: Course) -> Enrolment | None:
    """The person's place in the course, with its cohort; None for a stranger. 1 query, none when signed out.

    None for the student of an unpublished course too: it exists only for those who teach it.
    """
    if student is None:
        return None
    places = Enrolment.objects.filter(Q(course__published=True) | Q(role__in=STAFF))
    return places.filter(student=student, course=course).select_related("cohort").first()


def left_place_of(*, student: User | None, course: Course) -> Enrolment | None:
    """The place that the person has left, with its cohort; None if they never left one. At most 1 query."""
    left = Enrolment.ever.filter(student=student, course=course, left_at__isnull=False)
    return left.select_related("cohort").first() if student else None


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


def has_begun(enrolment: Enrolment, *, at: datetime) -> bool:
    """Whether the student's cohort has started; without a cohort, always."""
    starts = enrolment.cohort.starts_at if enrolment.cohort else None
    return starts is None or starts <= at
