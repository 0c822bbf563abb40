"""Every read of exercises and drafts that a page needs."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from exercises.models import Draft, Exercise, ExerciseDeadline, ExerciseVersion, KeptDraft
from lessons.deadlines import Due
from lessons.models import Enrolment
from lessons.selectors import enrolment_of, unit_due

DRAWS = re.compile(r"\battempt\.(?:curve|target)\(|\brecord\s*=")


def exercise_for(*, student: User, course: str, slug: str) -> Exercise | None:
    """The exercise with its version, lesson and course, if `student` is enrolled; else None. 2 queries.

    None also for an exercise that has no version yet: there is nothing to show.
    """
    exercise = (
        Exercise.objects.select_related("course", "unit", "lesson", "current")
        .filter(course__slug=course, slug=slug, current__isnull=False)
        .first()
    )
    if exercise is None:
        return None
    return exercise if enrolment_of(student=student, course=exercise.course) else None


def due(*, enrolment: Enrolment, exercise: Exercise) -> Due | None:
    """When the student is due with the exercise, extensions counted; None: never. At most 4 queries."""
    own = own_deadlines(enrolment).get(exercise.pk)
    return unit_due(enrolment=enrolment, unit=exercise.unit, own=own)


def due_at(*, enrolment: Enrolment, exercise: Exercise) -> datetime | None:
    """The moment of `due`."""
    found = due(enrolment=enrolment, exercise=exercise)
    return found.at if found else None


def own_deadlines(enrolment: Enrolment) -> dict[int, datetime]:
    """Exercise id to the deadline that the student's cohort gave it alone. At most 1 query."""
    if enrolment.cohort_id is None:
        return {}
    return dict(
        ExerciseDeadline.objects.filter(cohort=enrolment.cohort_id).values_list("exercise_id", "due_at")
    )


def draft_of(*, student: User, exercise: Exercise) -> Draft | None:
    """The student's draft, None before the first save."""
    return Draft.objects.filter(student=student, exercise=exercise).first()


def kept_drafts(*, student: User, exercise: Exercise) -> QuerySet[KeptDraft]:
    """The drafts that were put aside, newest first."""
    return KeptDraft.objects.filter(student=student, exercise=exercise)


def version_of(exercise: Exercise) -> ExerciseVersion:
    """What is graded now. Raises ExerciseVersion.DoesNotExist where there is none yet."""
    if exercise.current is None:
        raise ExerciseVersion.DoesNotExist
    return exercise.current


def draws_curves(version: ExerciseVersion) -> bool:
    """Whether grading this version draws curves, so that the page keeps their place from the first paint.

    Read from the grader's source: it names a curve, a target or a recorded oracle.
    """
    return DRAWS.search(version.grader) is not None


def next_exercise(exercise: Exercise) -> Exercise | None:
    """The exercise that follows in the unit, or the first of the next unit that has one."""
    others = exercise.course.exercises.filter(retired=False, current__isnull=False).select_related("unit")
    later = others.filter(unit=exercise.unit_id, position__gt=exercise.position).order_by("position").first()
    if later is None:
        after = others.filter(unit__number__gt=exercise.unit.number)
        later = after.order_by("unit__number", "position").first()
    return later
