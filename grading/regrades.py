"""Every read of regrades that a page, a command or the queue needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Round

from exercises.models import Exercise
from grading.models import Kind, Regrade, RegradeItem, RegradeState, State, Submission
from lessons.models import Cohort, Enrolment

WAITING = (State.QUEUED, State.RUNNING)


def in_scope(*, exercise: Exercise, cohort: Cohort | None, since: datetime | None) -> QuerySet[Submission]:
    """The hand-ins that a regrade would grade again: graded, and with their code still there. No query yet.

    Late ones too: they have a result, even where it does not count.
    """
    found = exercise.submissions.filter(kind=Kind.SUBMIT, state=State.GRADED).exclude(source="")
    if since is not None:
        found = found.filter(queued_at__gte=since)
    if cohort is not None:
        found = found.filter(student__in=Enrolment.ever.filter(cohort=cohort).values("student"))
    return found


def in_flight() -> QuerySet[RegradeItem]:
    """What holds a place: running, or rung for."""
    return RegradeItem.objects.filter(state__in=WAITING).exclude(state=State.QUEUED, rung_at=None)


def unrung() -> QuerySet[RegradeItem]:
    """What waits for a place, the oldest regrade first."""
    waiting = RegradeItem.objects.filter(
        regrade__state=RegradeState.RUNNING, state=State.QUEUED, rung_at=None
    )
    return waiting.order_by("regrade_id", "pk")


def students_wait(*, runtimes: frozenset[str]) -> bool:
    """Whether a student's submission waits that could be graded with these runtimes. 1 query."""
    waiting = Submission.objects.filter(state=State.QUEUED, rung_at__isnull=False)
    return waiting.filter(version__runtime__in=runtimes).exists()


@dataclass(frozen=True)
class Preview:
    """What a regrade has found so far. `failed` could not be graded by our fault and keep what they have."""

    total: int
    waiting: int
    failed: int
    up: int
    down: int

    @property
    def done(self) -> int:
        return self.total - self.waiting

    @property
    def same(self) -> int:
        return self.done - self.failed - self.up - self.down

    @property
    def changed(self) -> int:
        return self.up + self.down


def preview_of(regrade: Regrade) -> Preview:
    """The counts, by the scores as people read them, in whole points. 1 query."""
    graded = Q(state=State.GRADED)
    items = regrade.items.annotate(then=Round("before"), now=Round("after"))
    return Preview(
        **items.order_by().aggregate(
            total=Count("pk"),
            waiting=Count("pk", filter=Q(state__in=WAITING)),
            failed=Count("pk", filter=Q(state=State.SYSTEM_ERROR)),
            up=Count("pk", filter=graded & Q(now__gt=F("then"))),
            down=Count("pk", filter=graded & Q(now__lt=F("then"))),
        )
    )


def changes_of(regrade: Regrade) -> QuerySet[RegradeItem]:
    """The items whose score changes, those that lose most first. No query yet."""
    items = regrade.items.filter(state=State.GRADED).annotate(then=Round("before"), now=Round("after"))
    changed = items.exclude(now=F("then")).annotate(gain=F("after") - F("before"))
    return changed.select_related("submission__student").order_by("gain", "pk")


def open_regrade(exercise: Exercise) -> Regrade | None:
    """The regrade of the exercise that is neither applied nor discarded. 1 query."""
    return exercise.regrades.filter(state__in=[RegradeState.RUNNING, RegradeState.READY]).first()
