"""The group page: students × units, or × the lessons and exercises of one unit, with who needs help first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from accounts.models import User
from exercises.models import Exercise
from grading.models import Kind, State, Submission
from lessons.mastery import mastery_of
from lessons.models import Answer, Cohort, Course, Enrolment, Lesson, Unit
from lessons.selectors import taught_by
from lessons.selectors.people import cohorts_of
from lessons.selectors.quizzes import best_scores_of, quiz_questions

from .signals import Stuck, ideas_of, is_silent, last_seen, stuck_students

PAGE = 50
STEPS = (20, 40, 60, 80)


class Order(StrEnum):
    """How the students are listed."""

    NEED = "need"
    NAME = "name"
    SEEN = "seen"


@dataclass(frozen=True)
class Column:
    """What a column counts; `label` is short, `title` whole."""

    key: str
    label: str
    title: str


@dataclass(frozen=True)
class Cell:
    """A number from 0 to 100, None where there is nothing yet; `waiting` hand-ins are not graded yet."""

    value: int | None
    waiting: int = 0

    @property
    def step(self) -> int:
        """The step of the heat scale, 1 to 5; 0 without a number."""
        return 0 if self.value is None else 1 + sum(self.value >= bound for bound in STEPS)


@dataclass(frozen=True)
class Row:
    enrolment: Enrolment
    cells: list[Cell]
    seen: datetime | None
    stuck: Stuck | None
    silent: bool

    @property
    def student(self) -> User:
        return self.enrolment.student


@dataclass(frozen=True)
class Wanted:
    """What the reader of the page chose."""

    unit: Unit | None = None
    cohort: Cohort | None = None
    order: Order = Order.NEED
    only_stuck: bool = False
    page: int = 1


@dataclass(frozen=True)
class GroupPage:
    columns: list[Column]
    rows: list[Row]
    page: Page[Enrolment]
    stuck: int
    silent: int
    ideas: list[tuple[str, int]]
    units: list[Unit]
    cohorts: list[Cohort]
    students: int


def group_page(*, teaching: Enrolment, wanted: Wanted, at: datetime) -> GroupPage:
    """A page of the students whom this member of the staff may see: 15 queries, however many they are."""
    course = teaching.course
    students = taught_by(teaching).filter(left_at__isnull=True).select_related("student")
    if wanted.cohort:
        students = students.filter(cohort=wanted.cohort)
    everybody = list(students.order_by("student__name", "student__email"))
    ids = [enrolment.student_id for enrolment in everybody]
    stuck = stuck_students(course=course, students=ids, at=at)
    seen = last_seen(course=course, students=ids)
    silent = {one.student_id for one in everybody if is_silent(one, seen.get(one.student_id), at)}

    def need(enrolment: Enrolment) -> tuple[int, datetime]:
        found = stuck.get(enrolment.student_id)
        return -(found.failures if found else 0), seen.get(enrolment.student_id, enrolment.created_at)

    if wanted.order == Order.NEED:
        everybody.sort(key=need)
    elif wanted.order == Order.SEEN:
        everybody.sort(key=lambda one: seen.get(one.student_id, one.created_at))
    shown = [one for one in everybody if one.student_id in stuck] if wanted.only_stuck else everybody
    page = Paginator(shown, PAGE).get_page(wanted.page)
    units = list(course.units.defer("html").order_by("number"))
    on_page = list(page.object_list)
    columns, cells = unit_cells(wanted.unit, on_page) if wanted.unit else course_cells(course, units, on_page)
    return GroupPage(
        columns=columns,
        rows=[
            Row(
                enrolment=one,
                cells=[cells.get((one.student_id, column.key), Cell(None)) for column in columns],
                seen=seen.get(one.student_id),
                stuck=stuck.get(one.student_id),
                silent=one.student_id in silent,
            )
            for one in on_page
        ],
        page=page,
        stuck=len(stuck),
        silent=len(silent),
        ideas=ideas_of(stuck.values()),
        units=units,
        cohorts=list(cohorts_of(teaching)),
        students=len(everybody),
    )


Cells = dict[tuple[int, str], Cell]


def course_cells(
    course: Course, units: Sequence[Unit], students: Sequence[Enrolment]
) -> tuple[list[Column], Cells]:
    """A column a unit that anything is known of: the mean mastery of its ideas. 4 queries."""
    ids = [enrolment.student_id for enrolment in students]
    place = dict(
        course.ideas.filter(lesson__isnull=False)
        .order_by()
        .values_list("slug", "lesson__section__unit__number")
    )
    waiting = waiting_hand_ins(course=course, students=ids)
    scores: dict[tuple[int, int], list[int]] = defaultdict(list)
    for student, ideas in mastery_of(course=course, students=ids).items():
        for slug, mastery in ideas.items():
            if slug in place:
                scores[student, place[slug]].append(mastery.score)
    taught = set(place.values()) | {unit for _student, unit in waiting}
    columns = [
        Column(str(unit.number), f"u{unit.number}", unit.title) for unit in units if unit.number in taught
    ]
    keys = {*scores, *waiting}
    return columns, {
        (student, str(unit)): Cell(
            round(sum(scores[student, unit]) / len(scores[student, unit]))
            if scores.get((student, unit))
            else None,
            waiting.get((student, unit), 0),
        )
        for student, unit in keys
    }


def waiting_hand_ins(*, course: Course, students: Sequence[int]) -> dict[tuple[int, int], int]:
    """(Student, unit number) to how many hand-ins are not graded yet. 1 query."""
    rows = Submission.objects.filter(
        exercise__course=course,
        student__in=students,
        kind=Kind.SUBMIT,
        state__in=[State.QUEUED, State.RUNNING],
    )
    counted = rows.order_by().values_list("student_id", "exercise__unit__number").annotate(n=Count("pk"))
    return {(student, unit): n for student, unit, n in counted}


def unit_cells(unit: Unit, students: Sequence[Enrolment]) -> tuple[list[Column], Cells]:
    """A column a written lesson, by the share of its questions answered rightly, an exercise, the quiz.

    Of exercises and of the end quiz it is the best score that counts.
    """
    ids = [enrolment.student_id for enrolment in students]
    lessons = list(
        Lesson.objects.filter(section__unit=unit, written=True)
        .annotate(asked=Count("questions", filter=Q(questions__retired=False)))
        .defer("html", "contents")
        .order_by("position")
    )
    exercises = list(Exercise.objects.filter(unit=unit, retired=False).order_by("position"))
    columns = [Column(f"l{one.pk}", one.number, one.title) for one in lessons]
    columns += [Column(f"e{one.pk}", one.slug, one.title) for one in exercises]
    if quiz_questions(unit).exists():
        columns.append(Column("quiz", "quiz", _("Quiz de la unidad %(n)s") % {"n": unit.number}))
    asked = {one.pk: one.asked for one in lessons}
    right = (
        Answer.objects.filter(student__in=ids, question__lesson__in=lessons, question__retired=False)
        .order_by()
        .values_list("student_id", "question__lesson_id")
        .annotate(n=Count("question", distinct=True, filter=Q(correct=True)))
    )
    cells: Cells = {
        (student, f"l{lesson}"): Cell(round(100 * n / asked[lesson])) for student, lesson, n in right
    }
    for student, exercise, best, waits in best_scores(exercises=exercises, students=ids):
        cells[student, f"e{exercise}"] = Cell(None if best is None else round(best), waits)
    for (student, _unit), score in best_scores_of(units=[unit], students=ids).items():
        cells[student, "quiz"] = Cell(round(100 * score))
    return columns, cells


def best_scores(
    *, exercises: Sequence[Exercise], students: Sequence[int]
) -> list[tuple[int, int, float | None, int]]:
    """(Student, exercise, best score of what counts, hand-ins that wait). 1 query."""
    rows = Submission.objects.filter(student__in=students, exercise__in=exercises, kind=Kind.SUBMIT)
    counted = (
        rows.order_by()
        .values_list("student_id", "exercise_id")
        .annotate(
            best=Max("score", filter=Q(state=State.GRADED, late=False)),
            waits=Count("pk", filter=Q(state__in=[State.QUEUED, State.RUNNING])),
        )
    )
    return list(counted)
