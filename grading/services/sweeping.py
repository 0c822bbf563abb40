"""What the scheduler does every few seconds: ring again for what nobody heard of, free what nobody holds.

It measures by the database's clock, which may itself be set: a lease or a ring that lies further in the
future than any is made was made before the clock went back, and counts as run out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from grading import bell, health
from grading.models import State, Submission
from grading.services import regrade_items
from grading.services.life import (
    LONGEST_PAUSE_SECONDS,
    Moment,
    queue_for,
    return_to_queue,
    ring,
    ring_next,
)

AT_ONCE = 500  # rings of one sweep


@dataclass(frozen=True)
class Swept:
    """What one sweep did."""

    freed: int
    rung: int
    regrades_freed: int


def sweep(*, at: datetime | None = None) -> Swept:
    """Free running submissions whose lease ran out before `at` (now), and ring for what waits unheard."""
    moment: Moment = at or Now()
    return Swept(
        freed=free_expired(at=moment),
        rung=ring_unheard(at=moment),
        regrades_freed=regrade_items.sweep(at=moment),
    )


def free_expired(*, at: Moment) -> int:
    """Queue again what a dead worker held. Each costs the submission one fault of ours."""
    freed = 0
    impossible = at + timedelta(seconds=2 * settings.GRADING_LEASE_SECONDS)
    expired = Submission.objects.filter(
        Q(lease_until__lt=at) | Q(lease_until__gt=impossible), state=State.RUNNING
    )
    for pk in expired.values_list("pk", flat=True):
        with transaction.atomic():
            row = expired.select_for_update().filter(pk=pk)
            if submission := row.select_related("version").first():
                return_to_queue(submission, reason="its lease ran out: the worker died or stood still")
                freed += 1
    return freed


def ring_unheard(*, at: Moment) -> int:
    """Ring for waiting submissions with no bell, and for those whose bell was lost."""
    rung = 0
    lost = Submission.objects.filter(pk__in=lost_rings(at=at)[:AT_ONCE]).select_related("version")
    for submission in lost.order_by("queued_at"):
        with transaction.atomic():
            ring(submission)
        rung += 1
    nobody = Submission.objects.filter(state=State.QUEUED, rung_at=None)
    for student_id in nobody.values_list("student_id", flat=True).distinct():
        rung += ring_next(student_id=student_id)
    return rung


def lost_rings(*, at: Moment) -> list[UUID]:
    """Whose ring is a few seconds old and in no queue any more, oldest first. 1 query.

    A worker may have it in its hands still: a second ring is harmless, and lies in a queue from then on. None
    is lost while the broker cannot be asked.
    """
    a_while_ago = at - timedelta(seconds=settings.GRADING_BELL_SECONDS)
    never_made = Q(rung_at__gt=at + timedelta(seconds=2 * LONGEST_PAUSE_SECONDS))
    waiting = Submission.objects.filter(Q(rung_at__lt=a_while_ago) | never_made, state=State.QUEUED)
    unheard = list(waiting.order_by("queued_at").values_list("pk", flat=True))
    heard = bell.ringing() if unheard else set()
    if heard is None:
        return []
    lost = [pk for pk in unheard if str(pk) not in heard]
    return [*lost, *stranded([pk for pk in unheard if str(pk) in heard])]


def stranded(rung: list[UUID]) -> list[UUID]:
    """Those that ring in a queue only that nobody listens to any more, and would go to another one now.

    So does what may have a GPU and can do without, once the last worker with one is gone. What must have one
    rings there until such a worker comes. 1 query, where there is such a queue.
    """
    now = health.recent()
    deaf = [queue for queue in bell.queues() if not now.hears(queue)]
    elsewhere = bell.ringing(but=deaf) if deaf and rung else None
    if elsewhere is None:
        return []
    alone = Submission.objects.filter(pk__in=[pk for pk in rung if str(pk) not in elsewhere])
    return [one.pk for one in alone.select_related("version") if queue_for(one) not in deaf]
