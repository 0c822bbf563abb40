"""What a student is due with, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from lessons.cards import ExerciseCard
from lessons.deadlines import Dates, Due
from lessons.models import Deadline, Enrolment, Extension, Question, QuizTry, Unit


def dates_of(enrolment: Enrolment) -> Dates:
    """The student's dates: 2 queries, and 1 for a cohort that is not loaded; none without a cohort."""
    if enrolment.cohort is None:
        return Dates()
    deadlines = Deadline.objects.filter(cohort=enrolment.cohort)
    extensions = Extension.objects.filter(enrolment=enrolment)
    return Dates(
        ends_at=enrolment.cohort.ends_at,
        of_cohort=dict(deadlines.values_list("unit__number", "due_at")),
        extensions=dict(extensions.values_list("unit__number", "until")),
    )


def unit_due(*, enrolment: Enrolment, unit: Unit, own: datetime | None = None) -> Due | None:
    """When the student is due with `unit`; None: never. Their extension counts. At most 3 queries.

    `own` takes the place of the cohort's deadline for the unit, where a caller knows of another one.
    """
    return dates_of(enrolment).due(unit.number, own=own)


@dataclass(frozen=True)
class DueLine:
    """Something that is due and not finished. `score` is the best so far, None before the first."""

    title: str
    url: str
    unit_number: int
    due: Due
    score: float | None = None


def unfinished(*, enrolment: Enrolment, cards: Iterable[ExerciseCard], at: datetime) -> list[DueLine]:
    """What is still due for the student and not finished, the nearest first.

    `cards` are the student's own of the course. 4 queries, none without a cohort.
    """
    if enrolment.cohort_id is None:
        return []
    dates = dates_of(enrolment)
    lines = [
        DueLine(card.title, card.url, card.unit_number, due, card.score)
        for card in cards
        if not card.passed and (due := dates.due(card.unit_number, own=card.own_deadline))
    ]
    lines += _end_quizzes(enrolment, dates)
    return sorted(
        (line for line in lines if not line.due.is_over(at)),
        key=lambda line: (line.due.at, line.unit_number, line.title),
    )


def _end_quizzes(enrolment: Enrolment, dates: Dates) -> list[DueLine]:
    asked = Question.objects.filter(lesson__isnull=True, retired=False).values("unit")
    done = QuizTry.objects.filter(student=enrolment.student_id, handed_in_at__isnull=False).values("unit")
    units = Unit.objects.filter(course=enrolment.course_id, pk__in=asked).exclude(pk__in=done)
    return [
        DueLine(
            _("Quiz final: %(unit)s") % {"unit": unit.title},
            reverse("lessons:quiz", args=[enrolment.course.slug, unit.number]),
            unit.number,
            due,
        )
        for unit in units.defer("html")
        if (due := dates.due(unit.number))
    ]
