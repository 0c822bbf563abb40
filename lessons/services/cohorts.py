"""A course's cohorts as those who teach it keep them: names, codes, dates, deadlines, extensions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import NotificationKind, User
from accounts.services.notifications import notify
from lessons.models import Cohort, Course, Deadline, Enrolment, Extension, Joining, Unit
from lessons.selectors.deadlines import unit_due


class Taken(Exception):
    """`field` is name, which another cohort of the course has, or code, which any other cohort has."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NotLonger(Exception):
    """The extension gives no time: the unit is due at `due_at` or later, or never (None)."""

    def __init__(self, due_at: datetime | None) -> None:
        super().__init__(f"due at {due_at}")
        self.due_at = due_at


def set_joining(*, course: Course, joining: Joining, published: bool) -> None:
    """How strangers get in, and whether the course exists for anybody but those who teach it."""
    course.joining, course.published = joining, published
    course.save(update_fields=["joining", "published"])


def create_cohort(
    *,
    course: Course,
    by: Enrolment,
    name: str,
    code: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    time_zone: str,
    teachers: Collection[Enrolment],
) -> Cohort:
    """A new cohort; who teaches only some cohorts teaches those that they make. Raises Taken."""
    mine = [] if by.whole_course else [by]
    return _keep(
        Cohort(course=course),
        [*teachers, *mine],
        name=name,
        code=code,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=time_zone,
    )


def edit_cohort(
    *,
    cohort: Cohort,
    name: str,
    code: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    time_zone: str,
    teachers: Collection[Enrolment],
) -> Cohort:
    """Change a cohort. Deadlines are moments and stay where they are, whatever the zone. Raises Taken."""
    return _keep(
        cohort,
        teachers,
        name=name,
        code=code,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=time_zone,
    )


def _keep(cohort: Cohort, teachers: Collection[Enrolment], **facts: object) -> Cohort:
    for field, value in facts.items():
        setattr(cohort, field, value)
    try:
        with transaction.atomic():
            cohort.save()
            cohort.teachers.set(teachers)
    except IntegrityError:
        others = Cohort.objects.exclude(pk=cohort.pk)
        taken = others.filter(course=cohort.course, name=cohort.name).exists()
        raise Taken("name" if taken else "code") from None
    return cohort


@transaction.atomic
def set_deadlines(*, cohort: Cohort, due: Mapping[int, datetime | None]) -> None:
    """Unit id to when the cohort is due with it; None takes the deadline away, what is not named stays."""
    for unit_id, at in due.items():
        if at is None:
            Deadline.objects.filter(cohort=cohort, unit=unit_id).delete()
        else:
            Deadline.objects.update_or_create(cohort=cohort, unit_id=unit_id, defaults={"due_at": at})


@transaction.atomic
def extend(*, enrolment: Enrolment, unit: Unit, until: datetime, reason: str, by: User) -> Extension:
    """Give one student more time with one unit, instead of what they were given before, and tell them.

    Raises NotLonger.
    """
    Extension.objects.filter(enrolment=enrolment, unit=unit).delete()
    due = unit_due(enrolment=enrolment, unit=unit)
    if due is None or until <= due.at:
        raise NotLonger(due.at if due else None)
    extension = Extension.objects.create(
        enrolment=enrolment, unit=unit, until=until, reason=reason, granted_by=by
    )
    notify(
        person=enrolment.student,
        kind=NotificationKind.DEADLINE,
        key=f"extension:{unit.pk}:{int(until.timestamp())}",
        facts={"what": str(unit), "due_at": until.isoformat()},
        url=enrolment.course.get_absolute_url(),
    )
    return extension


def end_extension(*, extension: Extension) -> None:
    """Take the time back; what was handed in meanwhile goes on counting."""
    extension.delete()
