"""Telling students, a day before, what they have not finished."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import NotificationKind
from accounts.services.notifications import notify
from grading.cards import exercise_cards
from lessons.models import Enrolment, Role
from lessons.selectors import DueLine, unfinished

AHEAD = timedelta(days=1)


def remind(*, at: datetime | None = None) -> int:
    """Tell who has something due within a day and not finished, once for each unit and moment.

    A deadline that was moved, or an extension, is another moment and is told anew. Returns how many things
    were told. Some ten queries a student of a cohort for which anything is near, none for the others.
    """
    at = at or now()
    told = 0
    for enrolment in _with_something_near(at):
        cards = exercise_cards(enrolment.course, enrolment.student)
        near: dict[tuple[int, datetime], list[DueLine]] = defaultdict(list)
        for line in unfinished(enrolment=enrolment, cards=cards, at=at):
            if line.due.at <= at + AHEAD:
                near[line.unit_number, line.due.at].append(line)
        for (unit_number, due_at), lines in near.items():
            told += _tell(enrolment, unit_number, due_at, lines)
    return told


def _tell(enrolment: Enrolment, unit_number: int, due_at: datetime, lines: list[DueLine]) -> bool:
    """One thing by its name, several by that of their unit."""
    what, url = lines[0].title, lines[0].url
    if len(lines) > 1:
        what = str(enrolment.course.units.get(number=unit_number))
        url = reverse("lessons:unit", args=[enrolment.course.slug, unit_number])
    key = f"deadline:{enrolment.course_id}:{unit_number}:{int(due_at.timestamp())}"
    if enrolment.student.notifications.filter(key=key).exists():
        return False
    facts = {"what": what, "due_at": due_at.isoformat()}
    told = notify(person=enrolment.student, kind=NotificationKind.DEADLINE, key=key, facts=facts, url=url)
    return told is not None


def _with_something_near(at: datetime) -> QuerySet[Enrolment]:
    near = (at, at + AHEAD)
    return (
        Enrolment.objects.filter(
            Q(cohort__deadlines__due_at__range=near)
            | Q(cohort__exercise_deadlines__due_at__range=near)
            | Q(cohort__ends_at__range=near)
            | Q(extensions__until__range=near),
            role=Role.STUDENT,
            cohort__isnull=False,
            course__published=True,
            student__is_active=True,
            student__deletion_asked_at__isnull=True,
            student__anonymised_at__isnull=True,
        )
        .select_related("student", "course", "cohort")
        .distinct()
    )
