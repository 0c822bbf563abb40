"""Regrades: asked for, graded aside (`regrade_items`), then applied or discarded."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from exercises.models import Exercise, TestGroup
from grading import regrades
from grading.models import (
    GradeWith,
    Grading,
    GroupResult,
    Regrade,
    RegradeItem,
    RegradeState,
    State,
    Submission,
)
from grading.runtimes import OFFERS
from grading.services import regrade_items
from grading.services.telling import tell_regraded
from lessons.models import Cohort

CHUNK = 200


class RegradeRefused(Exception):
    """Why there is nothing to regrade, or nothing to apply. `message` is for whoever asked."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def ask(
    *,
    exercise: Exercise,
    grade_with: GradeWith,
    reason: str,
    by: User | None,
    cohort: Cohort | None = None,
    since: datetime | None = None,
) -> Regrade:
    """Grade the exercise's hand-ins once more, aside, after those of students.

    Raises RegradeRefused: `no_version` to grade with, `no_runtime`, `nothing` in that scope, `open` while
    another regrade of the exercise is.
    """
    version = exercise.current if grade_with == GradeWith.CURRENT else None
    if grade_with == GradeWith.CURRENT and (version is None or exercise.retired):
        raise RegradeRefused("no_version", _("El ejercicio se retiró del curso: no tiene versión actual."))
    scope = regrades.in_scope(exercise=exercise, cohort=cohort, since=since)
    wanted = (
        {version.runtime} if version else set(scope.order_by().values_list("version__runtime", flat=True))
    )
    if missing := sorted(wanted - OFFERS.keys()):
        told = _("Aquí ya no se ofrece el entorno %(name)s, con el que se corregía.")
        raise RegradeRefused("no_runtime", told % {"name": missing[0]})
    if not scope.exists():
        raise RegradeRefused("nothing", _("No hay ninguna entrega corregida que recalificar con esas señas."))
    try:
        with transaction.atomic():
            regrade = Regrade.objects.create(
                exercise=exercise, asked_by=by, reason=reason, version=version, cohort=cohort, since=since
            )
            rows = scope.order_by("queued_at").values_list("pk", "score")
            RegradeItem.objects.bulk_create(
                (RegradeItem(regrade=regrade, submission_id=pk, before=score or 0) for pk, score in rows),
                batch_size=500,
            )
    except IntegrityError:
        raise RegradeRefused(
            "open", _("Ya hay una recalificación abierta de este ejercicio: aplícala o descártala antes.")
        ) from None
    regrade_items.ring_waiting()
    return regrade


@transaction.atomic
def apply(*, regrade: Regrade) -> int:
    """Make each result found the one that counts, beside those before, and tell whose score changed.

    All at once or not at all. Returns how many hand-ins have another result now. Raises RegradeRefused
    (`not_ready`) while it is graded, and once it was applied or discarded.
    """
    ready = Regrade.objects.filter(pk=regrade.pk, state=RegradeState.READY)
    if not ready.update(state=RegradeState.APPLIED, ended_at=now()):
        raise RegradeRefused("not_ready", _("Todavía no está lista, o ya se aplicó o se descartó."))
    items = regrade.items.filter(state=State.GRADED, report__isnull=False).exclude(submission__source="")
    found = list(items.values_list("pk", flat=True))
    for start in range(0, len(found), CHUNK):
        _write(items.filter(pk__in=found[start : start + CHUNK]).select_related("submission"))
    by_student: dict[int, list[RegradeItem]] = defaultdict(list)
    changed = regrades.changes_of(regrade).filter(grading__isnull=False).defer("report")
    for item in changed.select_related("submission__student", "submission__exercise__course"):
        by_student[item.submission.student_id].append(item)
    for theirs in by_student.values():
        tell_regraded(regrade=regrade, items=theirs)
    regrade.refresh_from_db()
    return len(found)


def discard(*, regrade: Regrade) -> None:
    """Forget what was found; what still runs writes nothing. Raises RegradeRefused once it was applied."""
    still = Regrade.objects.filter(pk=regrade.pk, state__in=[RegradeState.RUNNING, RegradeState.READY])
    with transaction.atomic():
        if not still.update(state=RegradeState.DISCARDED, ended_at=now()):
            raise RegradeRefused("ended", _("Ya se aplicó o se descartó."))
        regrade.items.filter(state__in=regrades.WAITING).update(
            state=State.CANCELLED, lease=None, lease_until=None, rung_at=None
        )
        regrade.items.update(report=None)
    regrade.refresh_from_db()


def _write(items: Any) -> None:
    """A grading with its groups for each item, the next in number, and its score as the submission's."""
    items = list(items)
    numbered = Grading.objects.filter(submission__in=[item.submission_id for item in items]).order_by()
    last = dict(numbered.values_list("submission_id").annotate(Max("number")))
    for item in items:
        version_id = item.report["version"]
        item.grading = Grading(
            submission=item.submission,
            number=last.get(item.submission_id, 0) + 1,
            version_id=version_id,
            score=item.after,
            seconds=item.report["seconds"],
            output=item.report["output"],
            runtime_version=item.report["runtime_version"],
        )
        item.submission.score = item.after
    Grading.objects.bulk_create([item.grading for item in items])
    versions = {item.grading.version_id for item in items}
    groups = {
        (group.version_id, group.slug): group for group in TestGroup.objects.filter(version__in=versions)
    }
    GroupResult.objects.bulk_create(
        GroupResult(
            grading=item.grading, group=groups[item.grading.version_id, result["slug"]], **result["result"]
        )
        for item in items
        for result in item.report["groups"]
    )
    for item in items:
        item.grading_id, item.report = item.grading.pk, None
    RegradeItem.objects.bulk_update(items, ["grading", "report"])
    Submission.objects.bulk_update([item.submission for item in items], ["score"])
