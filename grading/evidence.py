"""Graded test groups as evidence that a student has an idea."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from grading.models import Kind, State, Verdict
from grading.selectors import that_count
from lessons.mastery import Evidence
from lessons.models import Course


def groups_as_evidence(course: Course, students: Collection[int]) -> Iterable[Evidence]:
    """The results that count of every graded hand-in, late ones too: understanding has no deadline. 1 query.

    A group that was not run says nothing. What a regrade found was shown by the student when they handed in.
    """
    results = that_count().filter(
        grading__submission__student__in=students,
        grading__submission__exercise__course=course,
        grading__submission__kind=Kind.SUBMIT,
        grading__submission__state=State.GRADED,
    )
    rows = (
        results.exclude(group__about="")
        .exclude(verdict=Verdict.NOT_RUN)
        .values_list(
            "grading__submission__student_id", "group__about", "fraction", "grading__submission__queued_at"
        )
    )
    for student_id, idea, fraction, at in rows.order_by().iterator():
        yield Evidence(student_id, idea, fraction, at)
