"""How far a student has come in a course, and what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef

from accounts.models import User
from lessons.models import Answer, Course, Lesson, Question, Reading


class Stage(StrEnum):
    """How far a student is with one lesson."""

    NONE = "none"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True)
class Progress:
    """Lessons begun and done, by their ids; `open_questions` counts those not answered rightly yet."""

    begun: frozenset[int] = frozenset()
    done: frozenset[int] = frozenset()
    open_questions: dict[int, int] | None = None

    def stage(self, lesson: Lesson) -> Stage:
        """How far along `lesson` is."""
        if lesson.pk in self.done:
            return Stage.DONE
        return Stage.BEGUN if lesson.pk in self.begun else Stage.NONE

    def questions_left(self, lesson: Lesson) -> int:
        """Questions of `lesson` without a right answer yet."""
        return (self.open_questions or {}).get(lesson.pk, 0)


@dataclass(frozen=True)
class NextStep:
    """Where to go on. `begun` says whether the student has opened the lesson before."""

    lesson: Lesson
    begun: bool
    questions_left: int


def progress_of(*, student: User, course: Course) -> Progress:
    """2 queries. A lesson is done when each of its questions has had a right answer.

    A lesson without questions is done once read; one whose answers came while not enrolled is begun.
    """
    readings = Reading.objects.filter(student=student, lesson__course=course)
    read = set(readings.order_by().values_list("lesson_id", flat=True))
    mine = Answer.objects.filter(student=student, question=OuterRef("pk"))
    rows = (
        Question.objects.filter(lesson__course=course, retired=False)
        .annotate(right=Exists(mine.filter(correct=True)), tried=Exists(mine))
        .values_list("lesson_id", "right", "tried")
    )
    left: dict[int, int] = defaultdict(int)
    asked: set[int] = set()
    for lesson, right, tried in rows.order_by():
        asked.add(lesson)
        left[lesson] += not right
        if tried:
            read.add(lesson)
    done = {lesson for lesson in read if lesson not in asked or not left[lesson]}
    return Progress(begun=frozenset(read), done=frozenset(done), open_questions=dict(left))


def next_step(*, lessons: Iterable[Lesson], progress: Progress, last_read: int | None) -> NextStep | None:
    """The lesson to go on with: the last one read if unfinished, else the next unfinished after it.

    None when nothing written is left to do. No query.
    """
    written = [lesson for lesson in lessons if lesson.written]
    positions = {lesson.pk: lesson.position for lesson in written}
    start = positions.get(last_read, 0) if last_read else 0
    in_turn = [lesson for lesson in written if lesson.position >= start]
    in_turn += [lesson for lesson in written if lesson.position < start]
    for lesson in in_turn:
        if progress.stage(lesson) != Stage.DONE:
            return NextStep(
                lesson=lesson,
                begun=lesson.pk in progress.begun,
                questions_left=progress.questions_left(lesson),
            )
    return None


def last_read(*, student: User, course: Course) -> int | None:
    """The id of the lesson that the student opened last; None before the first. 1 query."""
    readings = Reading.objects.filter(student=student, lesson__course=course)
    return readings.order_by("-last_at").values_list("lesson_id", flat=True).first()
