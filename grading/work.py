"""The worker's side of a grading: from a lease to a report, with the lease kept and the student watching."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from exercises.models import ExerciseVersion
from grading import code_runs, events, services, wall
from grading.judge import GroupSpec, Job, JobLimits, grade, run_code
from grading.models import Kind, RegradeItem, Submission
from grading.runtimes import is_ready, runtime_version
from grading.sandbox import WallFault
from grading.services import Lease, regrade_items
from grading.services.regrade_items import ItemLease

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # how soon a worker notices that its lease is lost; much less than the lease


def job_of(submission: Submission, *, version: ExerciseVersion | None = None) -> Job:
    """What the judge needs, taken from what was stored with the submission: 1 query for its groups.

    `version` takes the place of the one that it was handed in to.
    """
    version = version or submission.version
    return Job(
        grader=version.grader,
        source=submission.source,
        functions=tuple(version.functions),
        groups=tuple(
            GroupSpec(
                slug=group.slug,
                title=group.title,
                points=group.points,
                visible=group.visible,
                requires=tuple(group.requires),
                hints=group.hints,
            )
            for group in version.groups.all()
        ),
        runtime=wall.runtime(version.runtime),
        limits=JobLimits.of(version.limits),
        seed=submission.seed,
        visible_only=submission.kind == Kind.RUN,
    )


class LeaseLost(Exception):
    """Nothing that this grading finds will be written: it may as well end."""


@contextmanager
def kept(renew: Callable[[], bool], *, what: object) -> Iterator[threading.Event]:
    """Renew the lease on `what` from a thread while the body runs: a long grading is not a dead one.

    Gives the event that is set once the lease is lost.
    """
    done, lost = threading.Event(), threading.Event()

    def keep() -> None:
        try:
            while not done.wait(LOOK_SECONDS):
                if not renew():
                    lost.set()
                    return
        finally:
            connection.close()

    keeper = threading.Thread(target=keep, name=f"lease-{what}", daemon=True)
    keeper.start()
    try:
        yield lost
    finally:
        done.set()


def grade_under(*, lease: Lease) -> None:
    """Grade the leased submission and write its result; give it back when the fault is ours."""
    submission = Submission.objects.select_related("version").get(pk=lease.submission_id)
    name = submission.version.runtime
    if not is_ready(name):
        services.put_back(lease=lease)  # it is being installed, or another worker has it
        return

    def emit(event: dict[str, Any]) -> None:
        events.publish(submission.pk, event["type"], event)
        if lost.is_set():
            raise LeaseLost

    try:
        with kept(partial(services.renew, lease=lease), what=submission.pk) as lost:
            report = grade(job_of(submission), wall.backend(), emit)
    except LeaseLost:
        return  # a run that was stopped, or somebody else's by now
    except Exception as fault:  # WallFault, GraderFault, or a mistake in the judge: ours in each case
        logger.exception("grading %s failed", submission.pk)
        services.give_back(lease=lease, reason=str(fault))
        return
    services.finish(lease=lease, report=report, runtime_version=runtime_version(name))


def regrade_under(*, lease: ItemLease) -> None:
    """Grade the leased item of a regrade and keep its result aside; nobody watches."""
    items = RegradeItem.objects.select_related("regrade__version", "submission__version")
    item = items.get(pk=lease.item_id)
    version = regrade_items.version_for(item)
    if not is_ready(version.runtime):
        regrade_items.put_back(lease=lease)
        return

    def emit(_event: dict[str, Any]) -> None:
        if lost.is_set():
            raise LeaseLost

    try:
        with kept(partial(regrade_items.renew, lease=lease), what=f"regrade-{item.pk}") as lost:
            report = grade(job_of(item.submission, version=version), wall.backend(), emit)
    except LeaseLost:
        return  # discarded meanwhile, or somebody else's by now
    except Exception as fault:  # as above
        logger.exception("regrading %s failed", item.submission_id)
        regrade_items.give_back(lease=lease, reason=str(fault))
        return
    regrade_items.finish(
        lease=lease, report=report, version=version, runtime_version=runtime_version(version.runtime)
    )


def run_lesson_code(*, run_id: UUID, student_id: int, runtime: str, source: str) -> None:
    """Run a lesson's code behind the wall and tell the student who asked how it ended."""
    outcome: dict[str, Any] = {"verdict": "system_error", "output": "", "message": "", "line": None}
    try:
        if is_ready(runtime):
            report = run_code(
                source=source,
                runtime=wall.runtime(runtime),
                limits=JobLimits.of(code_runs.LIMITS),
                backend=wall.backend(),
            )
            outcome = asdict(report)
    except WallFault:
        logger.exception("a lesson's code could not be run")
    finally:
        code_runs.conclude(run_id=run_id, student_id=student_id, outcome=outcome)
