"""Whether old hand-ins would get today what they got: graded again, compared, and nothing kept."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from grading import gpus
from grading.judge import GraderFault, grade
from grading.models import Grading, Kind, State, Submission
from grading.runtimes import is_ready, runtime_version
from grading.work import job_of, runtime_here

EQUAL = 1e-9
"""A fraction is a sum of few numbers: what differs by more was graded otherwise."""


@dataclass(frozen=True)
class Difference:
    """What was graded otherwise: a group by its slug, or `score`; as words for a table."""

    submission: UUID
    exercise: str
    group: str
    then: str
    now: str


@dataclass(frozen=True)
class Rechecked:
    """One hand-in: `skipped` says why it was not graded again, `other_runtime` that packages differ since."""

    submission: UUID
    exercise: str
    differences: tuple[Difference, ...] = ()
    skipped: str = ""
    other_runtime: bool = False


def sample(*, count: int, seed: int) -> list[UUID]:
    """So many graded hand-ins of all exercises, the same ones for the same seed. 1 query."""
    graded = Submission.objects.filter(kind=Kind.SUBMIT, state=State.GRADED).exclude(source="")
    found = list(graded.order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(seed).sample(found, min(count, len(found)))  # noqa: S311 - to be repeatable
    return sorted(chosen)


def recheck(submissions: list[UUID]) -> Iterator[Rechecked]:
    """Each graded again with its newest grading's version and its own seed. Raises WallFault."""
    for pk in submissions:
        gradings = Grading.objects.select_related("submission__exercise", "submission__version", "version")
        newest = gradings.filter(submission=pk).order_by("-number").first()
        if newest is not None:
            yield _recheck(newest)


def _recheck(then: Grading) -> Rechecked:
    submission, version = then.submission, then.version
    pk, slug = submission.pk, submission.exercise.slug
    name = runtime_here(version)
    if not is_ready(name):
        return Rechecked(pk, slug, skipped=f"the runtime {name} is not installed here")
    other = bool(then.runtime_version) and then.runtime_version != runtime_version(name)
    try:
        with gpus.place(name, version.limits, holder="recheck") as backend:
            report = grade(job_of(submission, version=version, runtime=name), backend)
    except GraderFault as fault:
        broken = Difference(pk, slug, "score", f"{then.score:g}", f"fault of the grader: {fault}")
        return Rechecked(pk, slug, (broken,), other_runtime=other)
    found = []
    if abs(then.score - report.score) > 100 * EQUAL:
        found.append(Difference(pk, slug, "score", f"{then.score:g}", f"{report.score:g}"))
    before = {one.group.slug: one for one in then.group_results.select_related("group")}
    after = {one.slug: one for one in report.groups}
    for name in [*before, *(new for new in after if new not in before)]:
        old, new = before.get(name), after.get(name)
        if (
            old is None
            or new is None
            or old.verdict != new.verdict.value
            or abs(old.fraction - new.fraction) > EQUAL
        ):
            was = f"{old.verdict} {old.fraction:g}" if old else "—"
            now = f"{new.verdict.value} {new.fraction:g}" if new else "—"
            found.append(Difference(pk, slug, name, was, now))
    return Rechecked(pk, slug, tuple(found), other_runtime=other)
