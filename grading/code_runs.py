"""Running a lesson's code from its page: a bell, a worker, an event; nothing is stored.

What runs is seen by its student once and kept nowhere. If it is lost on the way, the button is pressed
again. One run of a person at a time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import redis.asyncio
from celery import current_app
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.models import User
from grading import bell, events
from grading.runtimes import OFFERS
from grading.services import Refused
from lessons.models import Course, Enrolment

RUN = "grading.run_code"
MOST_CHARACTERS = 20_000
LIMITS: Mapping[str, float] = {"seconds": 10, "cpu_seconds": 10, "memory_mb": 1024, "output_kb": 32}
_SALT = "code-run"


def start(*, student: User, course: Course, source: str, runtime: str) -> str:
    """Ring for a worker; gives the token by which the student, and nobody else, asks for the outcome.

    Raises Refused.
    """
    if not Enrolment.objects.filter(student=student, course=course).exists():
        raise Refused("not_enrolled", _("Inscríbete en el curso para ejecutar código: es gratis y un clic."))
    if runtime not in OFFERS:
        raise Refused("no_runtime", _("Este código no dice en qué entorno se ejecuta."))
    if not source.strip() or len(source) > MOST_CHARACTERS or "\0" in source:
        raise Refused("bad_source", _("No hay código que ejecutar, o es demasiado largo."))
    if not events.only_one(f"code-run:{student.pk}", seconds=int(LIMITS["seconds"]) + 10):
        raise Refused("busy", _("Ya tienes un código en marcha; espera a que acabe."))
    run_id = uuid4()
    queue = bell.queue_of(capability=OFFERS[runtime].capability, kind="run")
    try:
        current_app.send_task(RUN, args=[str(run_id), student.pk, runtime, source], queue=queue, retry=False)
    except (OperationalError, RedisError, OSError):
        raise Refused(
            "no_broker", _("Fallo nuestro: ahora no se puede ejecutar. Prueba en un minuto.")
        ) from None
    return signing.dumps({"run": str(run_id), "student": student.pk}, salt=_SALT)


def conclude(*, run_id: UUID, student_id: int, outcome: dict[str, Any]) -> None:
    """Tell the outcome, and let the student start another."""
    events.publish(run_id, "done", outcome)
    events.release(f"code-run:{student_id}")


def run_of(*, token: str, student: User) -> UUID | None:
    """The run that the token names, if it is the student's own and not an hour old."""
    try:
        named = signing.loads(token, salt=_SALT, max_age=events.KEEP_SECONDS)
    except signing.BadSignature:
        return None
    return UUID(named["run"]) if named["student"] == student.pk else None


async def outcome(run_id: UUID, *, wait_seconds: float) -> dict[str, Any] | None:
    """How the run ended; None if it has not within `wait_seconds`. Raises RedisError."""
    client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_timeout=wait_seconds + 2)
    try:
        answer = await client.xread({events.stream_key(run_id): events.START}, block=int(1000 * wait_seconds))
    finally:
        await client.aclose()
    for _event_id, fields in answer[0][1] if answer else []:
        if fields[b"type"] == b"done":
            told: dict[str, Any] = json.loads(fields[b"data"])
            return told
    return None
