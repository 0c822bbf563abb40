"""The doors from the broker. The lease, not the broker, says who may write."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any
from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready
from django.db import connection

from grading import gpus, health, selectors, services, wall, work
from grading.sandbox import WallFault
from grading.sandbox.offers import GPU
from grading.services import regrade_items, reminding

logger = logging.getLogger(__name__)


@worker_ready.connect
def warm_up(sender: Any = None, **_signal: Any) -> None:
    """Beside the work: a worker takes what comes while the slower runtimes still load."""
    if sender is not None:
        health.listen(sender.app.amqp.queues.consume_from)
    threading.Thread(target=_warm, name="warm-up", daemon=True).start()
    threading.Thread(target=_pulse, name="pulse", daemon=True).start()


def _pulse() -> None:
    """Say how this worker is, again and again: the sweep, which says so too, comes to workers by chance."""
    while True:
        time.sleep(health.NOTE_SECONDS / 3)
        try:
            health.report(problem=wall.problem(), holdings=wall.holdings())
        except Exception:
            logger.exception("this worker's note was not left; the next one is tried")


def _warm() -> None:
    health.report(problem=wall.problem())
    try:
        if health.capabilities() & {"cpu"}:
            wall.warm(in_use=selectors.runtimes_in_use())
        if health.capabilities() & {GPU}:
            gpus.warm()
    except WallFault:
        logger.exception("a runtime did not come up; the first submission tries again")
    finally:
        connection.close()


@shared_task(name="grading.grade", ignore_result=True, acks_late=True, reject_on_worker_lost=True)
def grade(submission_id: str) -> None:
    """Grade a waiting submission; a ring for one that no longer waits is a normal thing to hear."""
    if wall.problem():
        return  # it waits; the page says why, and the sweeper rings again
    if lease := services.claim(submission_id=UUID(submission_id)):
        work.grade_under(lease=lease)


@shared_task(name="grading.regrade", ignore_result=True, acks_late=True, reject_on_worker_lost=True)
def regrade(item_id: int) -> None:
    """Grade a hand-in once more, aside; while students wait it is left for later."""
    if wall.problem():
        return
    if lease := regrade_items.claim(item_id=item_id):
        work.regrade_under(lease=lease)


@shared_task(name="grading.run_code", ignore_result=True, acks_late=False, expires=30)
def run_code(run_id: str, student_id: int, runtime: str, source: str) -> None:
    """Run a lesson's code and tell its student; one that waited too long is dropped."""
    work.run_lesson_code(run_id=UUID(run_id), student_id=student_id, runtime=runtime, source=source)


@shared_task(name="grading.sweep", ignore_result=True, acks_late=False)
def sweep() -> None:
    """Mend what a lost bell or a dead worker left, and say how this worker is."""
    health.report(problem=wall.problem(), holdings=wall.holdings())
    services.sweep()


@shared_task(name="grading.remind", ignore_result=True, acks_late=False)
def remind() -> None:
    """Once an hour: tell students what is due within a day."""
    reminding.remind()
