"""The numbers of a whole group, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from exercises.models import Exercise
from lessons.models import Cohort, Enrolment
from lessons.selectors import taught_by
from lessons.selectors.quizzes import best_scores_of, quiz_lines

from .group import best_scores, course_cells


@dataclass(frozen=True)
class Grades:
    """A line a student: name, address, cohort, mastery by unit, best score by exercise and by end quiz."""

    head: list[str]
    rows: list[list[str | int | float | None]]


def graded_students(*, teaching: Enrolment, cohort: Cohort | None = None) -> QuerySet[Enrolment]:
    """Everybody whom this member of the staff may see, by name. No query yet."""
    students = taught_by(teaching).filter(left_at__isnull=True).select_related("student", "cohort")
    if cohort:
        students = students.filter(cohort=cohort)
    return students.order_by("student__name", "student__email")


def grades(*, teaching: Enrolment, enrolments: Sequence[Enrolment]) -> Grades:
    """The table of these students, in their order. 10 queries, however many they are."""
    course = teaching.course
    units = list(course.units.defer("html").order_by("number"))
    columns, cells = course_cells(course, units, enrolments)
    exercises = list(
        Exercise.objects.filter(course=course, retired=False).order_by("unit__number", "position")
    )
    ids = [one.student_id for one in enrolments]
    best = {(s, e): score for s, e, score, _waits in best_scores(exercises=exercises, students=ids)}

    quizzes = [line.unit for line in quiz_lines(course=course, student=None).values()]
    quizzed = best_scores_of(units=quizzes, students=ids)

    def lines() -> Iterator[list[str | int | float | None]]:
        for one in enrolments:
            by_unit = [
                cells[key].value if (key := (one.student_id, c.key)) in cells else None for c in columns
            ]
            scores = [best.get((one.student_id, exercise.pk)) for exercise in exercises]
            of_quizzes = [quizzed.get((one.student_id, unit.pk)) for unit in quizzes]
            scores += [None if score is None else round(100 * score, 1) for score in of_quizzes]
            cohort_name = one.cohort.name if one.cohort else ""
            yield [one.student.name, one.student.email, cohort_name, *by_unit, *scores]

    head = [column.label for column in columns] + [exercise.slug for exercise in exercises]
    head += [f"quiz {unit.number}" for unit in quizzes]
    return Grades(head=head, rows=list(lines()))
