"""One submission as a teacher reads it: among its student's attempts, and among those who are stuck."""

from __future__ import annotations

from dataclasses import dataclass

from grading.models import Kind, Submission
from lessons.models import Enrolment
from lessons.selectors import taught_by


@dataclass(frozen=True)
class Attempts:
    """The student's hand-ins at the same exercise, oldest first, and those beside the one shown."""

    all: list[Submission]
    before: Submission | None
    after: Submission | None


def attempts_around(submission: Submission) -> Attempts:
    """The hand-ins of its student at its exercise, without their sources: 1 query.

    Beside a run, which has no number, stands the hand-in that came before it.
    """
    own = submission.exercise.submissions.filter(student=submission.student_id, kind=Kind.SUBMIT)
    attempts = list(own.defer("source").order_by("attempt_number"))
    older = [one for one in attempts if one.queued_at < submission.queued_at and one.pk != submission.pk]
    newer = [one for one in attempts if one.queued_at > submission.queued_at and one.pk != submission.pk]
    return Attempts(attempts, before=older[-1] if older else None, after=newer[0] if newer else None)


def place_in_course(*, teaching: Enrolment, student_id: int) -> Enrolment | None:
    """The student's place in the course, if this member of the staff teaches them. 1 query."""
    return taught_by(teaching).filter(student=student_id).select_related("student", "cohort").first()
