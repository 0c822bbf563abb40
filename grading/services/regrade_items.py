"""The life of one hand-in in a regrade: as a submission's, a compare-and-set each, and always behind them.

Few are rung for at once, and whoever hears a ring while a student waits lets it be: the sweeper rings again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now

from exercises.models import ExerciseVersion
from grading import bell, health, regrades
from grading.models import Regrade, RegradeItem, RegradeState, State
from grading.runtimes import OFFERS, is_ready
from grading.services.life import Moment, lease_end, results_of

if TYPE_CHECKING:
    from grading.judge import Report

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ItemLease:
    """The right to finish one item."""

    item_id: int
    token: UUID


def version_for(item: RegradeItem) -> ExerciseVersion:
    """The version that the item is graded with. Wants its regrade's and its submission's version."""
    return item.regrade.version or item.submission.version


def most_in_flight() -> int:
    """Half of the places that there are, at least one: the rest is always free for students."""
    return max(1, health.recent().places // 2)


def ring_waiting() -> int:
    """Ring for the oldest waiting items, up to the number that may be in flight. Returns the rings."""
    free = most_in_flight() - regrades.in_flight().count()
    waiting = regrades.unrung().select_related("regrade__version", "submission__version")
    rung = 0
    for item in waiting[: max(free, 0)]:
        unheard = RegradeItem.objects.filter(pk=item.pk, state=State.QUEUED)
        if not unheard.filter(rung_at=None).update(rung_at=Now()):
            continue  # another worker was first
        version = version_for(item)
        queue = bell.queue_for(runtime=version.runtime, limits=version.limits, kind="regrade")
        if not bell.ring_regrade(item_id=item.pk, queue=queue):
            unheard.update(rung_at=None)
            break
        rung += 1
    return rung


def claim(*, item_id: int) -> ItemLease | None:
    """Take the item for this worker. None when it is not waiting, was discarded, or a student waits."""
    waiting = RegradeItem.objects.filter(pk=item_id, state=State.QUEUED, regrade__state=RegradeState.RUNNING)
    here = frozenset(name for name in OFFERS if is_ready(name))
    if regrades.students_wait(runtimes=here):
        waiting.update(rung_at=None)
        return None
    lease = ItemLease(item_id, uuid4())
    won = waiting.update(state=State.RUNNING, lease=lease.token, lease_until=lease_end())
    return lease if won else None


def renew(*, lease: ItemLease) -> bool:
    """Hold on to the item. False when the lease was lost: stop, nothing will be written."""
    return bool(_held(lease).update(lease_until=lease_end()))


def finish(*, lease: ItemLease, report: Report, version: ExerciseVersion, runtime_version: str) -> bool:
    """Keep what was found beside what the student has. False when the lease was lost meanwhile."""
    kept = {
        "version": version.pk,
        "runtime_version": runtime_version,
        "seconds": report.seconds,
        "output": report.output.replace("\0", "\ufffd"),
        "groups": results_of(report),
    }
    won = _held(lease).update(
        state=State.GRADED, after=report.score, report=kept, lease=None, lease_until=None
    )
    go_on()
    return bool(won)


def put_back(*, lease: ItemLease) -> bool:
    """Let the item wait on, with no fault counted: this worker lacks what it needs."""
    held = _held(lease)
    return bool(held.update(state=State.QUEUED, lease=None, lease_until=None, rung_at=Now()))


def give_back(*, lease: ItemLease, reason: str) -> None:
    """Our own fault stopped it: wait again, or leave the hand-in as it is after too many faults."""
    with transaction.atomic():
        if item := _held(lease).select_for_update().first():
            _return_to_queue(item, reason=reason)
    go_on()


def go_on() -> None:
    """What follows once an item has ended: the next one's bell, or the regrade is ready."""
    settle()
    ring_waiting()


def settle() -> int:
    """Say of regrades with nothing left to grade that they are ready. Returns how many became so."""
    open_ones = Regrade.objects.filter(state=RegradeState.RUNNING)
    return open_ones.exclude(items__state__in=regrades.WAITING).update(state=RegradeState.READY)


def sweep(*, at: Moment) -> int:
    """Free what a dead worker held, forget bells that were lost, ring anew. Returns what was freed."""
    freed = 0
    expired = RegradeItem.objects.filter(state=State.RUNNING, lease_until__lt=at)
    for pk in expired.values_list("pk", flat=True):
        with transaction.atomic():
            row = RegradeItem.objects.select_for_update().filter(
                pk=pk, state=State.RUNNING, lease_until__lt=at
            )
            if item := row.first():
                _return_to_queue(item, reason="its lease ran out: the worker died or stood still")
                freed += 1
    a_while_ago = at - timedelta(seconds=settings.GRADING_BELL_SECONDS)
    waiting = RegradeItem.objects.filter(state=State.QUEUED, rung_at__lt=a_while_ago)
    unheard = list(waiting.values_list("pk", flat=True))
    heard = bell.ringing(task=bell.REGRADE) if unheard else set()
    if heard is not None:
        lost = [pk for pk in unheard if str(pk) not in heard]
        RegradeItem.objects.filter(pk__in=lost, state=State.QUEUED).update(rung_at=None)
        go_on()
    return freed


def _held(lease: ItemLease) -> models.QuerySet[RegradeItem]:
    return RegradeItem.objects.filter(pk=lease.item_id, lease=lease.token, state=State.RUNNING)


def _return_to_queue(item: RegradeItem, *, reason: str) -> None:
    """Must run in a transaction that holds the row."""
    item.faults += 1
    aside = item.faults >= settings.GRADING_MAX_FAULTS
    item.state = State.SYSTEM_ERROR if aside else State.QUEUED
    item.lease = item.lease_until = item.rung_at = None
    item.save(update_fields=["faults", "state", "lease", "lease_until", "rung_at"])
    told = logger.error if aside else logger.warning
    told(
        "regrade %s of submission %s: fault %d: %s", item.regrade_id, item.submission_id, item.faults, reason
    )
