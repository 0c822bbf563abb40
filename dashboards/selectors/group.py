"""The group page: students × units, or × the lessons and exercises of one unit, with who needs help first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from exercises.models import Exercise
from grading.models import Kind, State, Submission
from lessons.mastery import mastery_of
from lessons.models import Answer, Cohort, Course, Enrolment, Lesson, Unit
from lessons.selectors.people import cohorts_of, taught_by
from lessons.selectors.quizzes import best_scores_of, quiz_questions

from .roster import Wanted, roster
from .signals import Stuck, StuckIdea, ideas_of

PAGE = 50
ASIDE = 20
STEPS = (20, 40, 60, 80)


@dataclass(frozen=True)
class Column:
    """What a column counts; `label` is short, `title` whole, `anchor` its place on a student's page."""

    key: str
    label: str
    title: str
    anchor: str
    unit: int | None = None


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
    """A student. `days` counts from when they were last seen, or from the enrolment."""

    enrolment: Enrolment
    cells: list[tuple[Column, Cell]]
    seen: datetime | None
    days: int
    stuck: Stuck | None
    silent: bool

    @property
    def student(self) -> User:
        return self.enrolment.student


@dataclass(frozen=True)
class GroupPage:
    columns: list[Column]
    rows: list[Row]
    page: Page[Enrolment]
    stuck: int
    silent: int
    not_begun: int
    ideas: list[StuckIdea]
    units: list[Unit]
    cohorts: list[Cohort]
    students: int
    aside: list[Submission]


def set_aside(teaching: Enrolment) -> list[Submission]:
    """The newest hand-ins and runs that came to nothing by our fault, of those whom they teach. 1 query."""
    theirs = Submission.objects.filter(
        state=State.SYSTEM_ERROR,
        exercise__course=teaching.course_id,
        student__in=taught_by(teaching).values("student"),
    )
    return list(theirs.select_related("student", "exercise").order_by("-finished_at")[:ASIDE])


def group_page(*, teaching: Enrolment, wanted: Wanted, at: datetime) -> GroupPage:
    """A page of the students whom this member of the staff may see: 16 queries, however many they are."""
    course = teaching.course
    people = roster(teaching=teaching, wanted=wanted, at=at)
    page = Paginator(people.listed, PAGE).get_page(wanted.page)
    units = list(course.units.defer("html").order_by("number"))
    on_page = list(page.object_list)
    columns, cells = unit_cells(wanted.unit, on_page) if wanted.unit else course_cells(course, units, on_page)
    return GroupPage(
        columns=columns,
        rows=[
            Row(
                enrolment=one,
                cells=[(column, cells.get((one.student_id, column.key), Cell(None))) for column in columns],
                seen=people.seen.get(one.student_id),
                days=days_since(people.seen.get(one.student_id, one.created_at), at),
                stuck=people.stuck.get(one.student_id),
                silent=one.student_id in people.silent,
            )
            for one in on_page
        ],
        page=page,
        stuck=len(people.stuck),
        silent=len(people.silent),
        not_begun=people.not_begun,
        ideas=ideas_of(people.stuck.values()),
        units=units,
        cohorts=list(cohorts_of(teaching)),
        students=len(people.everybody),
        aside=set_aside(teaching),
    )


def days_since(moment: datetime, at: datetime) -> int:
    """How many midnights of the reader lie between."""
    return (localdate(at) - localdate(moment)).days


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
        Column(str(unit.number), f"u{unit.number}", unit.title, f"unidad-{unit.number}", unit.number)
        for unit in units
        if unit.number in taught
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
    columns = [Column(f"l{one.pk}", one.number, one.title, f"leccion-{one.number}") for one in lessons]
    columns += [Column(f"e{one.pk}", one.slug, one.title, f"ejercicio-{one.slug}") for one in exercises]
    if quiz_questions(unit).exists():
        quiz = _("Quiz de la unidad %(n)s") % {"n": unit.number}
        columns.append(Column("quiz", "quiz", quiz, "quizzes"))
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
