"""What the scheduler does every few seconds: ring again for what nobody heard of, free what nobody holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from grading import bell
from grading.models import State, Submission
from grading.services import regrade_items
from grading.services.life import return_to_queue, ring, ring_next


@dataclass(frozen=True)
class Swept:
    """What one sweep did."""

    freed: int
    rung: int
    regrades_freed: int


def sweep(*, at: datetime | None = None) -> Swept:
    """Free running submissions whose lease ran out before `at` (now), and ring for what waits unheard."""
    at = at or timezone.now()
    return Swept(
        freed=free_expired(at=at), rung=ring_unheard(at=at), regrades_freed=regrade_items.sweep(at=at)
    )


def free_expired(*, at: datetime) -> int:
    """Queue again what a dead worker held. Each costs the submission one fault of ours."""
    freed = 0
    expired = Submission.objects.filter(state=State.RUNNING, lease_until__lt=at)
    for pk in expired.values_list("pk", flat=True):
        with transaction.atomic():
            row = Submission.objects.select_for_update().filter(
                pk=pk, state=State.RUNNING, lease_until__lt=at
            )
            if submission := row.select_related("version").first():
                return_to_queue(submission, reason="its lease ran out: the worker died or stood still")
                freed += 1
    return freed


def ring_unheard(*, at: datetime) -> int:
    """Ring for waiting submissions with no bell, and for those whose bell must have been lost.

    With nothing left in the queues, a bell older than a few seconds was lost. While rings still lie
    there, only very old ones are rung again: a second ring is harmless, thousands are not.
    """
    queued = Submission.objects.filter(state=State.QUEUED)
    unheard = bell.unheard(queues=bell.queues())
    if unheard is None:
        return 0
    patience = settings.GRADING_BELL_SECONDS if unheard == 0 else settings.GRADING_BELL_SECONDS * 60
    rung = 0
    lost = queued.filter(rung_at__lt=at - timedelta(seconds=patience)).select_related("version")
    for submission in lost.order_by("queued_at")[:500]:
        with transaction.atomic():
            ring(submission)
        rung += 1
    for student_id in queued.filter(rung_at=None).values_list("student_id", flat=True).distinct():
        rung += ring_next(student_id=student_id)
    return rung
