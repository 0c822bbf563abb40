"""The life of a submission: queued, running, graded; or system_error. Each step is a compare-and-set.

The row count of a guarded update says who won; losing is a normal return. A worker owns a submission
while its lease is in the row, so whoever comes late, or comes back from the dead, writes nothing.
Leases are measured by one clock, the database's: whose own is wrong neither loses nor takes one.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from accounts.models import User
from grading import bell, events, selectors
from grading.models import Grading, GroupResult, State, Submission
from grading.services.alerting import alert_operators
from grading.services.telling import tell_graded

if TYPE_CHECKING:
    from grading.judge import Report

logger = logging.getLogger(__name__)

Moment = datetime | Combinable
"""A time, or the database's own now."""
LONGEST_PAUSE_SECONDS = 20
"""Between two tries of a submission that our faults stopped."""


@dataclass(frozen=True)
class Lease:
    """The right to finish one submission."""

    submission_id: UUID
    token: UUID


def lease_end() -> Combinable:
    """When a lease taken or renewed now runs out."""
    return Now() + timedelta(seconds=settings.GRADING_LEASE_SECONDS)


def is_suspect(submission: Submission) -> bool:
    """Whether it stopped so many gradings that the next is tried alone (see docs/architecture.md)."""
    return submission.faults >= settings.GRADING_MAX_FAULTS


def queue_for(submission: Submission) -> str:
    """The queue of a submission, by its runtime's capability and its kind."""
    version = submission.version
    return bell.queue_for(runtime=version.runtime, limits=version.limits, kind=submission.kind)


@transaction.atomic(savepoint=False)
def ring_next(*, student_id: int) -> int:
    """Ring for the student's oldest waiting submissions, up to the number that may be in flight.

    So one student's forty hand-ins hold at most that many places in the queue. Returns the rings.
    """
    User.objects.select_for_update().filter(pk=student_id).values_list(
        "pk"
    ).first()  # one counter of places at a time
    free = settings.GRADING_IN_FLIGHT_PER_STUDENT - selectors.in_flight(student_id=student_id).count()
    waiting = selectors.unrung(student_id=student_id).select_related("version")[: max(free, 0)]
    for submission in waiting:
        ring(submission)
    return len(waiting)


def ring(submission: Submission, *, countdown: float = 0) -> None:
    """Note that the bell was rung, and ring it after the commit; if nobody hears, take the note back."""
    Submission.objects.filter(pk=submission.pk).update(rung_at=Now() + timedelta(seconds=countdown))

    def after_commit() -> None:
        if bell.ring(submission_id=submission.pk, queue=queue_for(submission), countdown=countdown):
            return
        try:
            Submission.objects.filter(pk=submission.pk, state=State.QUEUED).update(rung_at=None)
        except DatabaseError as error:  # what was committed stays so; the sweeper finds that nobody heard
            logger.warning("that nobody heard of %s was not noted: %s", submission.pk, error)

    transaction.on_commit(after_commit)


def claim(*, submission_id: UUID) -> Lease | None:
    """Take the submission for this worker. None when it is not waiting: another has it, or it ended.

    None too when it holds no place: a ring of before its place was taken back, or one that reached the
    broker although the broker's answer did not reach us. The sweeper rings again when there is a place.
    """
    lease = Lease(submission_id, uuid4())
    waiting = Submission.objects.filter(pk=submission_id, state=State.QUEUED, rung_at__isnull=False)
    won = waiting.update(state=State.RUNNING, lease=lease.token, lease_until=lease_end(), started_at=Now())
    if not won:
        return None
    events.publish(submission_id, "changed", {"state": State.RUNNING})
    return lease


def renew(*, lease: Lease) -> bool:
    """Hold on to the submission. False when the lease was lost: stop, nothing will be written."""
    held = Submission.objects.filter(pk=lease.submission_id, lease=lease.token, state=State.RUNNING)
    return bool(held.update(lease_until=lease_end()))


def finish(*, lease: Lease, report: Report, runtime_version: str) -> Grading | None:
    """Write the result, once: the state, the score and every group in one transaction.

    None when the lease was lost meanwhile; then nothing is written.
    """
    with transaction.atomic():
        won = Submission.objects.filter(
            pk=lease.submission_id, lease=lease.token, state=State.RUNNING
        ).update(state=State.GRADED, score=report.score, lease=None, lease_until=None, finished_at=Now())
        if not won:
            return None
        submission = Submission.objects.select_related("version", "exercise", "student").get(
            pk=lease.submission_id
        )
        grading = Grading.objects.create(
            submission=submission,
            number=submission.gradings.count() + 1,
            version=submission.version,
            score=report.score,
            seconds=report.seconds,
            output=report.output.replace("\0", "\ufffd"),
            runtime_version=runtime_version,
        )
        groups = {group.slug: group for group in submission.version.groups.all()}
        GroupResult.objects.bulk_create(
            GroupResult(grading=grading, group=groups[kept["slug"]], **kept["result"])
            for kept in results_of(report)
        )
        tell_graded(submission=submission, grading=grading)
        ring_next(student_id=submission.student_id)
    events.publish(lease.submission_id, "changed", {"state": State.GRADED})
    return grading


def results_of(report: Report) -> list[dict[str, Any]]:
    """The report's groups as plain data: `slug`, and in `result` the fields of a GroupResult."""
    return [
        {
            "slug": one.slug,
            "result": {
                "verdict": one.verdict.value,
                "fraction": one.fraction,
                "message": one.message.replace("\0", "\ufffd"),
                "hint": one.hint,
                "evidence": one.evidence,
                "curves": one.curves,
                "calls": one.calls,
                "seconds": one.seconds,
                "cpu_seconds": one.cpu_seconds,
                "peak_memory_bytes": one.peak_memory_bytes,
            },
        }
        for one in report.groups
    ]


def put_back(*, lease: Lease) -> bool:
    """Let the submission wait on, with no fault counted: this worker lacks what it needs. It rings again."""
    held = Submission.objects.filter(pk=lease.submission_id, lease=lease.token, state=State.RUNNING)
    won = held.update(state=State.QUEUED, lease=None, lease_until=None, started_at=None, rung_at=Now())
    if won:
        events.publish(lease.submission_id, "changed", {"state": State.QUEUED})
    return bool(won)


def give_back(*, lease: Lease, reason: str) -> State | None:
    """Our own fault stopped the grading: wait again, or set it aside where no accident explains so many.

    No attempt is spent and no score changes. Returns the new state, None when the lease was lost.
    """
    return _end_by_faults(lease, reason=reason, faults=1, proven=False)


def set_aside(*, lease: Lease, reason: str, trials: int) -> State | None:
    """It ended each of `trials` gradings in which it was alone: nothing more is tried, people hear of it."""
    return _end_by_faults(lease, reason=reason, faults=trials, proven=True)


@transaction.atomic
def _end_by_faults(lease: Lease, *, reason: str, faults: int, proven: bool) -> State | None:
    held = Submission.objects.select_for_update().filter(
        pk=lease.submission_id, lease=lease.token, state=State.RUNNING
    )
    submission = held.select_related("version").first()
    if submission is None:
        return None
    return return_to_queue(submission, reason=reason, faults=faults, proven=proven)


def return_to_queue(submission: Submission, *, reason: str, faults: int = 1, proven: bool = False) -> State:
    """Count `faults` of ours against a running submission and queue it again, or set it aside.

    Aside goes what is `proven` to cause them, and what met so many that no accident explains it. Must run in
    a transaction that holds the row.
    """
    total = submission.faults + faults
    aside = proven or total >= settings.GRADING_MOST_FAULTS
    state = State.SYSTEM_ERROR if aside else State.QUEUED
    reference = submission.fault_reference or f"{secrets.token_hex(2)}-{secrets.token_hex(1)}".upper()
    Submission.objects.filter(pk=submission.pk).update(
        state=state,
        faults=total,
        fault_reference=reference,
        lease=None,
        lease_until=None,
        rung_at=None,
        finished_at=Now() if aside else None,
    )
    if aside:
        alert_operators(submission=submission, faults=total, reference=reference, reason=reason)
        ring_next(student_id=submission.student_id)
    else:
        logger.warning(
            "submission %s waits again after fault %d (%s): %s", submission.pk, total, reference, reason
        )
        ring(submission, countdown=min(settings.GRADING_RETRY_SECONDS * total, LONGEST_PAUSE_SECONDS))

    def tell() -> None:
        events.forget(submission.pk)
        events.publish(submission.pk, "changed", {"state": state})

    transaction.on_commit(tell)
    return state
