"""Live events of a submission, over one Redis Stream each.

The stream is for the eyes: it is cut, it expires, it may be lost. What counts is in the database, and
whoever follows a stream looks there too.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from functools import cache
from typing import Any
from uuid import UUID

import redis
import redis.asyncio
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

KEEP_EVENTS = 3000
KEEP_SECONDS = 3600
START = "0-0"


def stream_key(submission_id: UUID) -> str:
    """The name of the submission's stream."""
    return f"events:{submission_id}"


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)


def publish(submission_id: UUID, kind: str, data: dict[str, Any]) -> None:
    """Add an event. A Redis that cannot be reached loses the event and nothing else."""
    key = stream_key(submission_id)
    try:
        with _client().pipeline(transaction=False) as pipe:
            body = json.dumps(data, cls=DjangoJSONEncoder)
            pipe.xadd(key, {"type": kind, "data": body}, maxlen=KEEP_EVENTS, approximate=True)
            pipe.expire(key, KEEP_SECONDS)
            pipe.execute()
    except (RedisError, OSError) as error:
        logger.warning("an event of %s was not shown live: %s", submission_id, error)


def forget(submission_id: UUID) -> None:
    """Drop what an attempt that came to nothing had shown, before the next one starts."""
    try:
        _client().delete(stream_key(submission_id))
    except (RedisError, OSError) as error:
        logger.warning("old events of %s stay until they expire: %s", submission_id, error)


def only_one(name: str, *, seconds: int) -> bool:
    """Take the name for at most `seconds`. False if it is taken; a Redis out of reach takes nothing."""
    try:
        return bool(_client().set(f"one:{name}", 1, nx=True, ex=seconds))
    except (RedisError, OSError):
        return True


def release(name: str) -> None:
    """Give back what `only_one` took; if Redis is out of reach it runs out by itself."""
    try:
        _client().delete(f"one:{name}")
    except (RedisError, OSError) as error:
        logger.warning("the name %s stays taken until it expires: %s", name, error)


async def follow(
    submission_id: UUID, *, after: str = START, wait_ms: int = 5000
) -> AsyncIterator[tuple[str, str, str] | None]:
    """Yield `(id, type, json)` after the stream id `after`; None whenever `wait_ms` pass in silence.

    Raises RedisError when Redis is lost; the caller goes on by the database.
    """
    client = redis.asyncio.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=wait_ms / 1000 + 2
    )
    key = stream_key(submission_id)
    try:
        while True:
            answer = await client.xread({key: after}, count=200, block=wait_ms)
            if not answer:
                yield None
                continue
            for event_id, fields in answer[0][1]:
                after = event_id.decode()
                yield after, fields[b"type"].decode(), fields[b"data"].decode()
    finally:
        await client.aclose()
