"""Tells a worker, by the task's name, that a submission waits. Services never import tasks.

The broker is only a bell: a ring that is lost costs time, never a submission. The sweeper rings again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from grading.runtimes import OFFERS

logger = logging.getLogger(__name__)

GRADE = "grading.grade"
REGRADE = "grading.regrade"
STUDENTS = ("run", "submit")


def queue_of(*, capability: str, kind: str) -> str:
    """The queue by capability and urgency: `cpu.run`, `cpu.submit`, `cpu.regrade`."""
    return f"{capability}.{kind}"


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


def unheard(*, queues: list[str]) -> int | None:
    """How many rings lie in `queues`; None when the broker cannot be reached."""
    try:
        with current_app.connection_or_acquire() as connection:
            client = connection.default_channel.client
            return sum(int(client.llen(queue)) for queue in queues)
    except (OperationalError, RedisError, OSError):
        return None
