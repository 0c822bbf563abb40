"""Telling a student of a result that they did not see come.

Every graded hand-in is told; whoever looks at its result, live or later, has read that. So who stays on
the page finds nothing in their list, and one who left finds it when they come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.timezone import now

from accounts.models import Notification, NotificationKind, User
from accounts.services.notifications import notify
from grading.models import Grading, Kind, Regrade, RegradeItem, Submission, Verdict


def tell_graded(*, submission: Submission, grading: Grading) -> None:
    """Tell its student of a hand-in just graded. In the transaction that writes the result."""
    student = submission.student
    if submission.kind != Kind.SUBMIT or student.anonymised_at is not None:
        return
    verdicts = list(grading.group_results.values_list("verdict", flat=True))
    notify(
        person=student,
        kind=NotificationKind.GRADED,
        key=key_of(submission.pk),
        facts={
            "exercise": submission.exercise.title,
            "points": round(grading.score),
            "passed": verdicts.count(Verdict.PASSED),
            "total": len(verdicts),
        },
        url=submission.get_absolute_url(),
    )


def tell_regraded(*, regrade: Regrade, items: Sequence[RegradeItem]) -> None:
    """Tell a student once of all their hand-ins that a regrade gave another score. In its transaction.

    What is told is their best before and after; where that is the same, the newest that changed.
    """
    student = items[0].submission.student
    if student.anonymised_at is not None:
        return
    best_before = max(item.before for item in items)
    best = max(items, key=lambda item: item.after or 0)
    before, after = best_before, best.after or 0
    if round(before) == round(after):
        best = max(items, key=lambda item: item.submission.queued_at)
        before, after = best.before, best.after or 0
    notify(
        person=student,
        kind=NotificationKind.REGRADE,
        key=f"regrade:{regrade.pk}",
        facts={
            "exercise": best.submission.exercise.title,
            "before": round(before),
            "after": round(after),
            "new_version": regrade.version_id is not None,
        },
        url=best.submission.get_absolute_url(),
    )


def note_seen(*, student: User, submission_id: UUID) -> None:
    """The student has the result before them: there is nothing left to tell. 1 query."""
    unread = Notification.objects.filter(person=student, key=key_of(submission_id), read_at__isnull=True)
    unread.update(read_at=now())


def key_of(submission_id: UUID) -> str:
    """One piece of news a submission."""
    return f"graded:{submission_id}"
