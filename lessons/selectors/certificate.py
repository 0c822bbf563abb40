"""How near a student is to a course's certificate, and what stands on one that was issued."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from statistics import mean
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, Max, OuterRef, Q, QuerySet

from accounts.models import User
from lessons.models import Answer, Certificate, Course, Question, QuizTry

from .outline import CourseOutline

_HAIR = 1e-9  # 0.7 of 10 is 7, whatever the floating point says


class ShareKind(StrEnum):
    """What a course's rule may ask a share of."""

    LESSONS = "lessons"
    EXERCISES = "exercises"
    QUIZZES = "quizzes"


@dataclass(frozen=True)
class Share:
    """A share that the rule asks for. `due` and `reached` are 0 to 1; `total` counts what it is a share of.

    Lessons and exercises are done or not. For quizzes `reached` is the mean over the units that ask anything,
    and `done` are those whose own result is enough.
    """

    kind: ShareKind
    due: float
    reached: float
    done: int
    total: int

    @property
    def met(self) -> bool:
        return self.reached >= self.due - _HAIR

    @property
    def missing(self) -> int:
        """How many more must be done; for quizzes there is no such number."""
        return max(0, math.ceil(self.due * self.total - _HAIR) - self.done)

    @property
    def due_percent(self) -> int:
        return round(100 * self.due)

    @property
    def reached_percent(self) -> int:
        """Rounded down: what is not reached yet is not shown as reached."""
        return math.floor(100 * self.reached + _HAIR)


@dataclass(frozen=True)
class CertificateState:
    """Where a student stands with the certificate. `unwritten` lessons are promised and not there yet.

    `valid` is the one they have; `revoked` the last that was taken back, if there is no valid one.
    """

    shares: list[Share]
    unwritten: int
    name: str
    valid: Certificate | None
    revoked: Certificate | None

    @property
    def earned(self) -> bool:
        return all(share.met for share in self.shares)

    @property
    def asks(self) -> bool:
        """Whether it is the student's turn: they have earned it and not got it yet."""
        return self.earned and self.valid is None and self.revoked is None

    @property
    def settled(self) -> bool:
        """Whether nothing is missing, be it valid, revoked, or to be asked for."""
        return self.earned or self.valid is not None or self.revoked is not None

    @property
    def waits_for_the_course(self) -> bool:
        """Whether even who has done all that is written lacks lessons."""
        lessons = next((share for share in self.shares if share.kind == ShareKind.LESSONS), None)
        return lessons is not None and lessons.done + lessons.missing > lessons.total - self.unwritten


def certificate_state(*, outline: CourseOutline, student: User) -> CertificateState | None:
    """The state by the course's rule; None where the course gives no certificate. At most 3 queries.

    Lessons and exercises are those that the course promises, written or not: what is certified is the course.
    Exercises count when every group passed in time. What a rule asks a share of and a course does not have is
    not asked.
    """
    rule = outline.course.certificate_rule
    if not rule:
        return None
    certificates = list(certificates_of(student=student, course=outline.course))
    valid = next((one for one in certificates if one.revoked_at is None), None)
    return CertificateState(
        shares=[
            share
            for kind in ShareKind
            if kind in rule and (share := _share(kind, rule[kind], outline, student))
        ],
        unwritten=outline.lessons_total - outline.lessons_written,
        name=student.name,
        valid=valid,
        revoked=certificates[0] if certificates and valid is None else None,
    )


def _share(kind: ShareKind, due: float, outline: CourseOutline, student: User) -> Share | None:
    match kind:
        case ShareKind.LESSONS:
            done, total = outline.lessons_done, outline.lessons_total
        case ShareKind.EXERCISES:
            done = sum(card.earned for card in outline.exercises)
            total = max(outline.exercises_promised, len(outline.exercises))
        case ShareKind.QUIZZES:
            results = quiz_results(student=student, course=outline.course)
            if not results:
                return None
            enough = sum(result >= due - _HAIR for result in results.values())
            return Share(kind, due, mean(results.values()), enough, len(results))
    return Share(kind, due, done / total, done, total) if total else None


def quiz_results(*, student: User, course: Course) -> dict[int, float]:
    """Unit id to the student's result, 0 to 1, for every unit that asks anything. 2 queries.

    Where there is an end quiz it is the best of the tries that count. Elsewhere it is the share of the
    questions in the lessons that have had a right answer: practising until it is right is what they are for.
    """
    right = Answer.objects.filter(student=student, question=OuterRef("pk"), correct=True)
    at_end = ExpressionWrapper(Q(lesson__isnull=True), output_field=BooleanField())
    questions = Question.objects.filter(unit__course=course, retired=False)
    rows = questions.annotate(right=Exists(right), at_end=at_end).values_list("unit_id", "at_end", "right")
    in_lessons: dict[int, list[bool]] = defaultdict(list)
    ended: set[int] = set()
    for unit, is_of_end_quiz, is_right in rows.order_by():
        if is_of_end_quiz:
            ended.add(unit)
        else:
            in_lessons[unit].append(is_right)
    tries = QuizTry.objects.filter(
        student=student, unit__course=course, counts=True, handed_in_at__isnull=False
    )
    best = dict(tries.order_by().values_list("unit_id").annotate(best=Max("score")))
    return {unit: best.get(unit, 0.0) for unit in ended} | {
        unit: mean(answers) for unit, answers in in_lessons.items() if unit not in ended
    }


def certificates_of(*, student: User, course: Course) -> QuerySet[Certificate]:
    """All that the student was given for the course, the newest first. No query yet."""
    return Certificate.objects.filter(student=student, course=course).order_by("-issued_at", "-pk")


def certificate_by_code(code: str) -> Certificate | None:
    """The certificate with this code, with its course. 1 query."""
    return Certificate.objects.select_related("course").filter(code=code).first()


def facts_of(*, course: Course, shares: Iterable[Share]) -> dict[str, Any]:
    """What a certificate keeps of the day it is issued."""
    return {
        "course": course.title,
        "shares": {
            share.kind.value: {
                "due": share.due,
                "reached": share.reached,
                "done": share.done,
                "total": share.total,
            }
            for share in shares
        },
    }


def shares_on(certificate: Certificate) -> list[Share]:
    """The shares that stand on a certificate, as they were that day. No query."""
    kept = certificate.facts.get("shares", {})
    return [Share(kind=kind, **kept[kind]) for kind in ShareKind if kind in kept]
