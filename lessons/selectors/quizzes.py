"""The end quiz of a unit: what a try asks, where a student stands with it, and what a group made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts.models import User
from lessons import asking
from lessons.asking import Asked
from lessons.deadlines import Due
from lessons.models import Answer, Course, Enrolment, Question, QuizTry, Unit

from .deadlines import unit_due
from .people import has_begun


def quiz_questions(unit: Unit | OuterRef) -> QuerySet[Question]:
    """The questions of the unit's end quiz, in order; none: it has no end quiz. No query yet."""
    return Question.objects.filter(unit=unit, lesson__isnull=True, retired=False).order_by("position")


def asked_in(quiz_try: QuizTry) -> list[Asked]:
    """What a try asks that is not handed in. 1 query."""
    return [asking.in_try(question, seed=quiz_try.seed) for question in quiz_questions(quiz_try.unit)]


def answers_in(quiz_try: QuizTry) -> list[Answer]:
    """What was answered in a try, in the order of the quiz, retired questions too. 1 query."""
    answers = quiz_try.answers.select_related("question").order_by("question__position", "question_id")
    found = list(answers)
    for answer in found:
        answer.quiz_try = quiz_try
    return found


@dataclass(frozen=True)
class Standing:
    """Where a student stands with an end quiz at some moment.

    `tries` are those handed in, the newest first. `allowed` is how many may count, None: all. `due` is the
    student's own deadline; `begun`, whether their cohort has started.
    """

    tries: Sequence[QuizTry]
    running: QuizTry | None
    allowed: int | None
    due: Due | None
    begun: bool
    at: datetime

    @property
    def due_at(self) -> datetime | None:
        return self.due.at if self.due else None

    @property
    def counting(self) -> list[QuizTry]:
        return [one for one in self.tries if one.counts]

    @property
    def best(self) -> QuizTry | None:
        """The try that counts, the earlier of two that are as good."""
        return max(reversed(self.counting), key=lambda one: one.score or 0, default=None)

    @property
    def left(self) -> int | None:
        """How many more may count; None: all."""
        return None if self.allowed is None else max(0, self.allowed - len(self.counting))

    @property
    def late(self) -> bool:
        return self.due is not None and self.due.is_over(self.at)

    @property
    def next_counts(self) -> bool:
        """Whether a try that is handed in now counts."""
        return self.begun and not self.late and self.left != 0


def standing_of(*, enrolment: Enrolment, unit: Unit, at: datetime) -> Standing:
    """4 queries at most, given the enrolment with its course and cohort."""
    tries = list(QuizTry.objects.filter(student=enrolment.student_id, unit=unit).order_by("-number"))
    return Standing(
        tries=[one for one in tries if one.handed_in_at is not None],
        running=next((one for one in tries if one.handed_in_at is None), None),
        allowed=enrolment.course.quiz_tries,
        due=unit_due(enrolment=enrolment, unit=unit),
        begun=has_begun(enrolment, at=at),
        at=at,
    )


@dataclass(frozen=True)
class QuizLine:
    """An end quiz in a list. `best` is the best score that counts, 0 to 1; None before."""

    unit: Unit
    asked: int
    taken: bool = False
    running: bool = False
    best: float | None = None

    @property
    def url(self) -> str:
        return reverse("lessons:quiz", args=[self.unit.course.slug, self.unit.number])

    @property
    def percent(self) -> int | None:
        return None if self.best is None else round(100 * self.best)


def quiz_lines(*, course: Course, student: User | None) -> dict[int, QuizLine]:
    """Unit number to its end quiz, of the units that have one. 1 query."""
    own = Q(questions__lesson__isnull=True, questions__retired=False)
    units = (
        Unit.objects.filter(course=course).annotate(asked=Count("questions", filter=own)).filter(asked__gt=0)
    )
    units = units.defer("html").order_by("number")
    if student is not None:
        tries = QuizTry.objects.filter(unit=OuterRef("pk"), student=student)
        handed_in = tries.filter(handed_in_at__isnull=False)
        units = units.annotate(
            taken=Exists(handed_in),
            running=Exists(tries.filter(handed_in_at__isnull=True)),
            best=Subquery(handed_in.filter(counts=True).order_by("-score").values("score")[:1]),
        )
    lines = {}
    for unit in units:
        unit.course = course
        of_student = {name: getattr(unit, name) for name in ("taken", "running", "best")} if student else {}
        lines[unit.number] = QuizLine(unit, unit.asked, **of_student)
    return lines


def best_scores_of(*, units: Iterable[Unit], students: Iterable[int]) -> dict[tuple[int, int], float]:
    """(Student, unit) to the best score that counts, 0 to 1. 1 query."""
    tries = QuizTry.objects.filter(student__in=list(students), unit__in=list(units), counts=True)
    rows = tries.filter(handed_in_at__isnull=False).order_by().values_list("student_id", "unit_id")
    return {(student, unit): best for student, unit, best in rows.annotate(best=Max("score"))}
