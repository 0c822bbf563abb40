"""The worker's side of a grading: from a lease to a report, with the lease kept and the student watching."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from exercises.models import ExerciseVersion
from grading import alone, code_runs, events, gpus, health, services, wall
from grading.judge import GroupSpec, Job, JobLimits, grade, run_code
from grading.models import Kind, RegradeItem, Submission
from grading.runtimes import chosen, is_ready, runtime_version
from grading.sandbox import WallFault
from grading.sandbox.devices import Busy
from grading.services import Lease, regrade_items
from grading.services.regrade_items import ItemLease

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 300.0  # with a database that takes no result
OUT_OF_REACH = (OperationalError, InterfaceError)  # the database: cut off, locked, its disk full
LOOK_SECONDS = 1.0  # how soon a worker notices that its lease is lost; much less than the lease


def runtime_here(version: ExerciseVersion) -> str:
    """The runtime that this worker grades an exercise in: on a GPU, if it may have one and one is here."""
    return chosen(version.runtime, version.limits, offered=health.offered)


def job_of(
    submission: Submission, *, version: ExerciseVersion | None = None, runtime: str | None = None
) -> Job:
    """What the judge needs, taken from what was stored with the submission: 1 query for its groups.

    `version` takes the place of the one that it was handed in to, `runtime` of the one that it names.
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
        runtime=wall.runtime(runtime or version.runtime),
        limits=JobLimits.of(version.limits),
        seed=submission.seed,
        visible_only=submission.kind == Kind.RUN,
    )


class LeaseLost(Exception):
    """Nothing that this grading finds will be written: it may as well end."""


@contextmanager
def kept(renew: Callable[[], bool], *, what: object) -> Iterator[threading.Event]:
    """Renew the lease on `what` from a thread while the body runs: a long grading is not a dead one.

    Gives the event that is set once the lease is lost. A database that does not answer is asked again: while
    it is out of reach nobody else can take the submission either.
    """
    done, lost = threading.Event(), threading.Event()

    def keep() -> None:
        try:
            while not done.wait(LOOK_SECONDS):
                try:
                    held = renew()
                except OUT_OF_REACH as error:
                    logger.warning("the lease of %s was not renewed: %s", what, error)
                    connection.close()
                    continue
                if not held:
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
    with kept(partial(services.renew, lease=lease), what=lease.submission_id) as lost:
        try:
            submission = Submission.objects.select_related("version").get(pk=lease.submission_id)
            if not is_ready(runtime_here(submission.version)):
                services.put_back(lease=lease)  # it is being installed, or another worker has it
            elif services.is_suspect(submission):
                alone.grade_alone(lease=lease, submission=submission, lost=lost)
            else:
                grade_here(lease=lease, submission=submission, lost=lost)
        except OUT_OF_REACH as error:  # says nothing of the submission, which waits on
            logger.warning("the database left the grading of %s: %s", lease.submission_id, error)
            patiently(lambda: services.put_back(lease=lease), lost)
        except Busy as busy:  # nobody's fault either
            logger.info("submission %s waits on: %s", lease.submission_id, busy)
            patiently(lambda: services.put_back(lease=lease), lost)
        except Exception as fault:  # WallFault, GraderFault, or a mistake in the judge: ours in each case
            logger.exception("grading %s failed", lease.submission_id)
            reason = str(fault)
            patiently(lambda: services.give_back(lease=lease, reason=reason), lost)


def grade_here(*, lease: Lease, submission: Submission, lost: threading.Event | None = None) -> None:
    """Grade it in this process and write the result. Whatever it raises was not the student's doing."""
    lost = lost or threading.Event()

    def emit(event: dict[str, Any]) -> None:
        events.publish(submission.pk, event["type"], event)
        if lost.is_set():
            raise LeaseLost

    name, limits, holder = runtime_here(submission.version), submission.version.limits, str(submission.pk)
    try:
        with gpus.place(name, limits, holder=holder, unwanted=lost.is_set) as backend:
            report = grade(job_of(submission, runtime=name), backend, emit)
    except LeaseLost:
        return  # a run that was stopped, or somebody else's by now
    version = runtime_version(name)
    patiently(lambda: services.finish(lease=lease, report=report, runtime_version=version), lost)


def patiently(write: Callable[[], object], lost: threading.Event) -> None:
    """Make a guarded write although the database is out of reach, or its disk is full, for a while.

    A result in the hand is not thrown away: nobody else can take the submission meanwhile, and where somebody
    has, or the write had come through after all, the guard lets nothing happen twice.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            write()
        except OUT_OF_REACH as error:
            if lost.is_set() or time.monotonic() > until:
                raise
            logger.warning("the database did not take a result, once more: %s", error)
            if not connection.in_atomic_block:
                connection.close()
            lost.wait(LOOK_SECONDS)
        else:
            return


def regrade_under(*, lease: ItemLease) -> None:
    """Grade the leased item of a regrade and keep its result aside; nobody watches."""
    items = RegradeItem.objects.select_related("regrade__version", "submission__version")
    item = items.get(pk=lease.item_id)
    version = regrade_items.version_for(item)
    name = runtime_here(version)
    if not is_ready(name):
        regrade_items.put_back(lease=lease)
        return

    def emit(_event: dict[str, Any]) -> None:
        if lost.is_set():
            raise LeaseLost

    try:
        with kept(partial(regrade_items.renew, lease=lease), what=f"regrade-{item.pk}") as lost:
            job = job_of(item.submission, version=version, runtime=name)
            with gpus.place(
                name, version.limits, holder=f"regrade {item.pk}", unwanted=lost.is_set
            ) as backend:
                report = grade(job, backend, emit)
    except LeaseLost:
        return  # discarded meanwhile, or somebody else's by now
    except Busy:
        regrade_items.put_back(lease=lease)
        return
    except Exception as fault:  # as above
        logger.exception("regrading %s failed", item.submission_id)
        regrade_items.give_back(lease=lease, reason=str(fault))
        return
    regrade_items.finish(lease=lease, report=report, version=version, runtime_version=runtime_version(name))


def run_lesson_code(*, run_id: UUID, student_id: int, runtime: str, source: str) -> None:
    """Run a lesson's code behind the wall and tell the student who asked how it ended."""
    outcome: dict[str, Any] = {"verdict": "system_error", "output": "", "message": "", "line": None}
    try:
        if is_ready(runtime):
            with gpus.place(runtime, code_runs.LIMITS, holder=f"code {run_id}") as backend:
                report = run_code(
                    source=source,
                    runtime=wall.runtime(runtime),
                    limits=JobLimits.of(code_runs.LIMITS),
                    backend=backend,
                )
            outcome = asdict(report)
    except (WallFault, Busy):
        logger.exception("a lesson's code could not be run")
    finally:
        code_runs.conclude(run_id=run_id, student_id=student_id, outcome=outcome)
