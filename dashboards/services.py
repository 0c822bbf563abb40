"""What a teacher decides about dates, with all that follows from it in the apps below."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from exercises.services import set_deadlines as set_exercise_deadlines
from grading.services.lateness import forgive as forgive_hand_ins
from lessons.models import Cohort, Enrolment, Extension, Unit
from lessons.services import cohorts, rosters
from lessons.services.lateness import forgive_tries


def forgive(places: Iterable[Enrolment]) -> int:
    """Let count what came late and would be in time by today's dates: hand-ins and end quizzes."""
    known = list(places)
    return forgive_hand_ins(places=known) + forgive_tries(places=known)


@transaction.atomic
def set_deadlines(
    *, cohort: Cohort, units: Mapping[int, datetime | None], exercises: Mapping[int, datetime | None]
) -> int:
    """Keep the cohort's deadlines; returns how much that was late counts from now on."""
    cohorts.set_deadlines(cohort=cohort, due=units)
    set_exercise_deadlines(cohort=cohort, due=exercises)
    return forgive(Enrolment.objects.filter(cohort=cohort).select_related("cohort"))


@transaction.atomic
def edit_cohort(
    *,
    cohort: Cohort,
    name: str,
    code: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    time_zone: str,
    teachers: Collection[Enrolment],
) -> tuple[Cohort, int]:
    """Change a cohort, and how much that came after its end counts by the new one. Raises `cohorts.Taken`."""
    kept = cohorts.edit_cohort(
        cohort=cohort,
        name=name,
        code=code,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=time_zone,
        teachers=teachers,
    )
    return kept, forgive(Enrolment.objects.filter(cohort=kept).select_related("cohort"))


@transaction.atomic
def extend(*, place: Enrolment, unit: Unit, until: datetime, reason: str, by: User) -> tuple[Extension, int]:
    """Give one student more time with a unit, and how much that came late counts by it.

    Raises `cohorts.NotLonger`.
    """
    extension = cohorts.extend(enrolment=place, unit=unit, until=until, reason=reason, by=by)
    return extension, forgive([place])


@transaction.atomic
def move(*, places: Sequence[Enrolment], cohort: Cohort | None) -> int:
    """Put students into another cohort; what came late by the old dates may count by the new ones."""
    moved = rosters.move(places=places, cohort=cohort)
    ids = [place.pk for place in places]
    forgive(Enrolment.objects.filter(pk__in=ids).select_related("cohort"))
    return moved
