"""The cohorts of a course, and who is in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lessons.models import Cohort, Course, Deadline, Enrolment, Extension, Invitation, Role
from lessons.selectors import taught_by
from lessons.selectors.people import STAFF, cohorts_of

PAGE = 100


def cohort_list(*, teaching: Enrolment, at: datetime) -> QuerySet[Cohort]:
    """Those they teach, each with `students`, `invited` and `next_due`: 1 query."""
    present = Q(enrolments__left_at__isnull=True, enrolments__role=Role.STUDENT)
    unanswered = Invitation.objects.filter(
        cohort=OuterRef("pk"), accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at
    )
    counted = unanswered.order_by().values("cohort").annotate(n=Count("pk")).values("n")
    coming = Deadline.objects.filter(cohort=OuterRef("pk"), due_at__gt=at).order_by("due_at")
    return (
        cohorts_of(teaching)
        .annotate(
            students=Count("enrolments", filter=present, distinct=True),
            invited=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
            next_due=Subquery(coming.values("due_at")[:1]),
        )
        .order_by("name")
    )


def unplaced(*, teaching: Enrolment) -> int:
    """How many students are in no cohort; 0 for who teaches only some cohorts. At most 1 query."""
    if not teaching.whole_course:
        return 0
    return Enrolment.objects.filter(course=teaching.course_id, role=Role.STUDENT, cohort=None).count()


def staff_of(course: Course) -> QuerySet[Enrolment]:
    """Who teaches, instructors first, with the cohorts of those who do not teach all. 2 queries."""
    staff = Enrolment.objects.filter(course=course, role__in=STAFF).select_related("student")
    return staff.prefetch_related("cohorts_taught").order_by("-role", "student__name", "student__email")


@dataclass(frozen=True)
class CohortPage:
    """`others` are the cohorts into which somebody may be moved."""

    page: Page[Enrolment]
    deadlines: list[Deadline]
    extensions: list[Extension]
    others: list[Cohort]
    invited: int


def cohort_page(*, teaching: Enrolment, cohort: Cohort, number: int, at: datetime) -> CohortPage:
    """Its people, a hundred a page, its deadlines and extensions: 6 queries, however many there are."""
    students = taught_by(teaching).filter(left_at__isnull=True, cohort=cohort)
    page = Paginator(
        students.select_related("student").order_by("student__name", "student__email"), PAGE
    ).get_page(number)
    extensions = Extension.objects.filter(
        enrolment__cohort=cohort, enrolment__left_at__isnull=True, until__gt=at
    )
    unanswered = Invitation.objects.filter(
        cohort=cohort, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at
    )
    return CohortPage(
        page=page,
        deadlines=list(cohort.deadlines.select_related("unit").defer("unit__html").order_by("due_at")),
        extensions=list(
            extensions.select_related("enrolment__student", "unit").defer("unit__html").order_by("until")
        ),
        others=list(cohorts_of(teaching).exclude(pk=cohort.pk).order_by("name")),
        invited=unanswered.count(),
    )


def unplaced_students(*, teaching: Enrolment) -> QuerySet[Enrolment]:
    """The students who are in no cohort, by name; none for who teaches only some. No query yet."""
    students = taught_by(teaching).filter(left_at__isnull=True, cohort=None)
    return students.select_related("student").order_by("student__name", "student__email")
