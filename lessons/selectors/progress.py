"""How far a student has come in a course, and what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from lessons.cards import ExerciseCard
from lessons.models import Answer, Course, LabTask, Lesson, Question, Reading, Unit

from .quizzes import QuizLine


class Stage(StrEnum):
    """How far a student is with one lesson."""

    NONE = "none"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True)
class Progress:
    """Lessons begun, done and said to be read, by their ids.

    `open_questions` counts those not answered rightly yet.
    """

    begun: frozenset[int] = frozenset()
    done: frozenset[int] = frozenset()
    read: frozenset[int] = frozenset()
    open_questions: dict[int, int] | None = None

    def stage(self, lesson: Lesson) -> Stage:
        """How far along `lesson` is."""
        if lesson.pk in self.done:
            return Stage.DONE
        return Stage.BEGUN if lesson.pk in self.begun else Stage.NONE

    def questions_left(self, lesson: Lesson) -> int:
        """Questions of `lesson` without a right answer yet."""
        return (self.open_questions or {}).get(lesson.pk, 0)


class StepKind(StrEnum):
    """What there is to do next."""

    LESSON = "lesson"
    EXERCISE = "exercise"
    QUIZ = "quiz"


@dataclass(frozen=True)
class Step:
    """Something to do in a course. `begun` says whether the student has opened it before."""

    kind: StepKind
    number: str
    title: str
    url: str
    unit: Unit
    minutes: int | None
    begun: bool
    done: bool
    questions_left: int = 0
    lesson_id: int | None = None


def progress_of(*, student: User, course: Course) -> Progress:
    """2 queries. A lesson is done when each of its questions has had a right answer.

    A lesson without questions is done once the student says to have read it. One whose answers came while
    not enrolled is begun.
    """
    readings = Reading.objects.filter(student=student, lesson__course=course)
    opened = dict(readings.order_by().values_list("lesson_id", "read_at"))
    begun = set(opened)
    read = {lesson for lesson, at in opened.items() if at is not None}
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
            begun.add(lesson)
    done = (read - asked) | {lesson for lesson in asked if not left[lesson]}
    return Progress(
        begun=frozenset(begun), done=frozenset(done), read=frozenset(read), open_questions=dict(left)
    )


def steps_of(
    *,
    lessons: Iterable[Lesson],
    exercises: Iterable[ExerciseCard],
    quizzes: Mapping[int, QuizLine],
    progress: Progress,
) -> list[Step]:
    """Everything that can be done, in the order in which to do it. No query, given lessons with their units.

    An exercise follows its lesson; one without a lesson follows its unit, and the end quiz comes last in it.
    What is only announced is no step.
    """
    lessons = list(lessons)
    after_lesson: dict[str, list[ExerciseCard]] = defaultdict(list)
    after_unit: dict[int, list[ExerciseCard]] = defaultdict(list)
    written = {lesson.number for lesson in lessons if lesson.written}
    for card in exercises:
        if card.lesson_number in written:
            after_lesson[str(card.lesson_number)].append(card)
        else:
            after_unit[card.unit_number].append(card)
    steps = []
    for _number, in_unit in groupby(lessons, key=lambda lesson: lesson.section.unit.number):
        unit = None
        for lesson in in_unit:
            unit = lesson.section.unit
            if lesson.written:
                steps.append(_lesson_step(lesson, progress))
                steps += [_exercise_step(card, unit) for card in after_lesson[lesson.number]]
        if unit is not None:
            steps += [_exercise_step(card, unit) for card in after_unit[unit.number]]
            steps += [_quiz_step(quizzes[unit.number])] if unit.number in quizzes else []
    return steps


def _lesson_step(lesson: Lesson, progress: Progress) -> Step:
    return Step(
        kind=StepKind.LESSON,
        number=lesson.number,
        title=lesson.title,
        url=lesson.get_absolute_url(),
        unit=lesson.section.unit,
        minutes=lesson.minutes,
        begun=lesson.pk in progress.begun,
        done=progress.stage(lesson) == Stage.DONE,
        questions_left=progress.questions_left(lesson),
        lesson_id=lesson.pk,
    )


def _exercise_step(card: ExerciseCard, unit: Unit) -> Step:
    return Step(
        kind=StepKind.EXERCISE,
        number="",
        title=card.title,
        url=card.url,
        unit=unit,
        minutes=None,
        begun=card.begun,
        done=card.passed,
    )


def _quiz_step(line: QuizLine) -> Step:
    """Done once a try is handed in, however it went: what was missed comes back for review."""
    return Step(
        kind=StepKind.QUIZ,
        number="",
        title=_("Quiz de la unidad %(n)s") % {"n": line.unit.number},
        url=line.url,
        unit=line.unit,
        minutes=None,
        begun=line.running,
        done=line.taken,
        questions_left=line.asked,
    )


def next_step(*, steps: Sequence[Step], last_read: int | None) -> Step | None:
    """The first step not done from the lesson read last on; behind the end, from the beginning.

    So an exercise left behind does not hold a reader up who has gone on, and nothing is forgotten. None when
    nothing is left to do. No query.
    """
    start = next((i for i, step in enumerate(steps) if last_read and step.lesson_id == last_read), 0)
    in_turn = [*steps[start:], *steps[:start]]
    return next((step for step in in_turn if not step.done), None)


def is_read(*, student: User, lesson: Lesson) -> bool:
    """Whether the student said to have read the lesson. 1 query."""
    return Reading.objects.filter(student=student, lesson=lesson, read_at__isnull=False).exists()


def labs_done(*, student: User, course: Course) -> frozenset[str]:
    """The labs of the course whose task the student has done. 1 query."""
    return frozenset(LabTask.objects.filter(student=student, course=course).values_list("lab", flat=True))


def last_read(*, student: User, course: Course) -> int | None:
    """The id of the lesson that the student opened last; None before the first. 1 query."""
    readings = Reading.objects.filter(student=student, lesson__course=course)
    return readings.order_by("-last_at").values_list("lesson_id", flat=True).first()
