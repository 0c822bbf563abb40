"""What a teacher decides about dates, with all that follows from it in the apps below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from exercises.services import set_deadlines as set_exercise_deadlines
from grading.services.lateness import forgive
from lessons.models import Cohort, Enrolment, Extension, Unit
from lessons.services import cohorts, rosters


@transaction.atomic
def set_deadlines(
    *, cohort: Cohort, units: Mapping[int, datetime | None], exercises: Mapping[int, datetime | None]
) -> int:
    """Keep the cohort's deadlines; returns how many hand-ins that were late count from now on."""
    cohorts.set_deadlines(cohort=cohort, due=units)
    set_exercise_deadlines(cohort=cohort, due=exercises)
    return forgive(places=Enrolment.objects.filter(cohort=cohort).select_related("cohort"))


@transaction.atomic
def extend(*, place: Enrolment, unit: Unit, until: datetime, reason: str, by: User) -> tuple[Extension, int]:
    """Give one student more time with a unit, and how many late hand-ins count by it.

    Raises `cohorts.NotLonger`.
    """
    extension = cohorts.extend(enrolment=place, unit=unit, until=until, reason=reason, by=by)
    return extension, forgive(places=[place])


@transaction.atomic
def move(*, places: Sequence[Enrolment], cohort: Cohort | None) -> int:
    """Put students into another cohort; what came late by the old dates may count by the new ones."""
    moved = rosters.move(places=places, cohort=cohort)
    ids = [place.pk for place in places]
    forgive(places=Enrolment.objects.filter(pk__in=ids).select_related("cohort"))
    return moved
