"""Tells a worker, by the task's name, that a submission waits. Services never import tasks.

The broker is only a bell: a ring that is lost costs time, never a submission. The sweeper rings again.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from grading import health
from grading.runtimes import OFFERS, chosen

logger = logging.getLogger(__name__)

GRADE = "grading.grade"
MESSAGES_A_TRIP = 1000
REGRADE = "grading.regrade"
STUDENTS = ("run", "submit")
KINDS = {GRADE: STUDENTS, REGRADE: ("regrade",)}


def queue_of(*, capability: str, kind: str) -> str:
    """The queue by capability and urgency: `cpu.run`, `cpu.submit`, `cpu.regrade`."""
    return f"{capability}.{kind}"


def queue_for(*, runtime: str, limits: Mapping[str, float], kind: str) -> str:
    """The queue of a submission of that kind, by what its runtime needs; a GPU's if it may have one."""
    offer = OFFERS.get(chosen(runtime, limits, offered=lambda: health.recent().runtimes))
    return queue_of(capability=offer.capability if offer else "cpu", kind=kind)


def queues(*, kinds: Iterable[str] = STUDENTS) -> list[str]:
    """The queues of these kinds, by the runtimes on offer."""
    capabilities = sorted({offer.capability for offer in OFFERS.values()})
    return [queue_of(capability=c, kind=kind) for c in capabilities for kind in kinds]


def ring(*, submission_id: UUID, queue: str, countdown: float = 0) -> bool:
    """Ask for a worker after `countdown` seconds. False when the broker cannot be reached."""
    return _send(GRADE, str(submission_id), queue=queue, countdown=countdown)


def ring_regrade(*, item_id: int, queue: str) -> bool:
    """Ask for a worker for one item of a regrade. False when the broker cannot be reached."""
    return _send(REGRADE, item_id, queue=queue)


def _send(task: str, what: str | int, *, queue: str, countdown: float = 0) -> bool:
    try:
        current_app.send_task(task, args=[what], queue=queue, countdown=countdown or None, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("the broker did not answer, the sweeper will ring for %s: %s", what, error)
        return False
    return True


def ringing(*, task: str = GRADE, but: Collection[str] = ()) -> set[str] | None:
    """For whom there is a ring of this task in any queue `but` those; None when the broker cannot be reached.

    Reads the queues whole, a thousand messages a trip: some ten milliseconds for each.
    """
    try:
        with current_app.connection_or_acquire() as connection:
            client = connection.default_channel.client
            asked = [queue for queue in queues(kinds=KINDS[task]) if queue not in but]
            return {found for queue in asked for found in _rings_in(client, queue, task)}
    except (OperationalError, RedisError, OSError):
        return None


def _rings_in(client: Any, queue: str, task: str) -> Iterator[str]:
    start = 0
    while messages := client.lrange(queue, start, start + MESSAGES_A_TRIP - 1):
        for message in map(json.loads, messages):
            if message["headers"].get("task") == task:
                (waiting,), *_rest = json.loads(base64.b64decode(message["body"]))
                yield str(waiting)
        start += MESSAGES_A_TRIP
