"""What the workers say of themselves, so that a page can tell why nothing is being graded.

Each worker leaves a note in Redis every few seconds: which queues it listens to, what it can grade in. A note
that is not renewed expires. No note means that no worker is alive, or that Redis is not.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import redis
from django.conf import settings
from redis.exceptions import RedisError

from grading import gpus
from grading.runtimes import OFFERS, is_ready
from grading.sandbox import Holding
from grading.sandbox.offers import GPU

logger = logging.getLogger(__name__)

NOTE_SECONDS = 30
FRESH_SECONDS = 3.0
KEY = "health:worker:"
NO_BROKER = "the broker does not answer"
NO_WORKER = "no worker is alive"
USUAL_QUEUES = ("cpu.run", "cpu.submit", "cpu.regrade")


@dataclass(frozen=True)
class Note:
    """One worker's word."""

    runtimes: list[str]
    problem: str
    places: int = 1
    holdings: list[dict[str, Any]] = field(default_factory=list)
    """Its zygotes, see `grading.sandbox.Holding`."""
    queues: list[str] = field(default_factory=lambda: list(USUAL_QUEUES))
    devices: list[dict[str, Any]] = field(default_factory=list)
    """The GPUs that it gives out, see `grading.sandbox.devices.pool.Standing`."""


@dataclass(frozen=True)
class Health:
    """What can be graded now. `problem` is empty when the wall of some worker stands."""

    workers: int
    runtimes: frozenset[str]
    problem: str
    places: int = 0
    """Gradings that can run at once, on all workers."""
    notes: Mapping[str, Note] = field(default_factory=dict)
    """What each worker said, by the name of its machine."""
    queues: frozenset[str] = frozenset()
    """Those that somebody listens to whose wall stands."""

    def hears(self, queue: str) -> bool:
        """Whether a ring in it would be heard now. Where nobody says anything, somebody may."""
        return not self.notes or queue in self.queues

    def can_grade(self, runtime: str) -> bool:
        """Whether a submission for this runtime would be graded now."""
        return not self.problem and runtime in self.runtimes


_listens: frozenset[str] = frozenset(USUAL_QUEUES)


def listen(queues: Iterable[str]) -> None:
    """This process is a worker of these queues."""
    global _listens
    _listens = frozenset(queues)


def capabilities() -> set[str]:
    """What the queues of this process are named by: `cpu`, `gpu`, or both."""
    return {queue.partition(".")[0] for queue in _listens}


def offered() -> list[str]:
    """The runtimes that this process grades in: installed, its queues its own, with a device if need be."""
    heard = capabilities()
    return [
        name
        for name, offer in OFFERS.items()
        if offer.capability in heard and is_ready(name) and (not offer.needs_device or gpus.in_use())
    ]


def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=0.5)


def report(*, problem: str, holdings: Sequence[Holding] = ()) -> Note:
    """Leave this worker's note; `problem` is what is wrong with its wall, empty when it stands."""
    heard = capabilities()
    on_gpus = GPU in heard
    note = Note(
        runtimes=offered(),
        problem=problem,
        places=len(gpus.in_use()) if heard == {GPU} else os.cpu_count() or 1,
        holdings=[asdict(one) for one in holdings],
        queues=sorted(_listens),
        devices=gpus.standing()[0] if on_gpus else [],
    )
    name = socket.gethostname() + ("/gpu" if heard == {GPU} else "")
    try:
        with _client() as client:
            client.set(f"{KEY}{name}", json.dumps(asdict(note)), ex=NOTE_SECONDS)
    except (RedisError, OSError) as error:
        logger.warning("this worker's note was not left: %s", error)
    return note


_read: tuple[float, Health] | None = None


def recent() -> Health:
    """`read`, at most a few seconds old: for pages and states that are made often."""
    global _read
    if _read is None or time.monotonic() - _read[0] > FRESH_SECONDS:
        _read = (time.monotonic(), read())
    return _read[1]


def read() -> Health:
    """All the workers' notes together. Costs a scan of a few keys."""
    try:
        with _client() as client:
            keys = list(client.scan_iter(match=f"{KEY}*", count=100))
            texts = client.mget(keys) if keys else []
    except (RedisError, OSError):
        return Health(workers=0, runtimes=frozenset(), problem=NO_BROKER)
    notes = {
        key.decode().removeprefix(KEY): Note(**json.loads(text))
        for key, text in zip(keys, texts, strict=True)
        if text
    }
    standing = [note for note in notes.values() if not note.problem]
    problem = "" if standing else next((note.problem for note in notes.values()), NO_WORKER)
    return Health(
        workers=len(standing),
        runtimes=frozenset(name for note in standing for name in note.runtimes),
        problem=problem,
        places=sum(note.places for note in standing),
        notes=notes,
        queues=frozenset(queue for note in standing for queue in note.queues),
    )
