"""What was handed in and what came of it.

The life of a submission is drawn in docs/architecture.md; every change of state is in services.
"""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exercises.models import Exercise, ExerciseVersion, TestGroup
from grading.judge.verdicts import Verdict as JudgeVerdict
from lessons.models import Cohort


class Kind(models.TextChoices):
    """A hand-in counts; a run is a try of the visible checks that does not."""

    SUBMIT = "submit", _("entrega")
    RUN = "run", _("prueba")


class State(models.TextChoices):
    QUEUED = "queued", _("en cola")
    RUNNING = "running", _("ejecutando")
    GRADED = "graded", _("corregida")
    SYSTEM_ERROR = "system_error", _("fallo nuestro")
    CANCELLED = "cancelled", _("cancelada")


class Verdict(models.TextChoices):
    PASSED = JudgeVerdict.PASSED.value, _("superado")
    WRONG = JudgeVerdict.WRONG.value, _("resultado incorrecto")
    EXCEPTION = JudgeVerdict.EXCEPTION.value, _("excepción")
    DIVERGED = JudgeVerdict.DIVERGED.value, _("divergió")
    OVER_BUDGET = JudgeVerdict.OVER_BUDGET.value, _("presupuesto agotado")
    TIME_LIMIT = JudgeVerdict.TIME_LIMIT.value, _("tiempo agotado")
    MEMORY_LIMIT = JudgeVerdict.MEMORY_LIMIT.value, _("memoria agotada")
    OUTPUT_LIMIT = JudgeVerdict.OUTPUT_LIMIT.value, _("demasiada salida")
    FORBIDDEN = JudgeVerdict.FORBIDDEN.value, _("no permitido")
    BAD_VALUE = JudgeVerdict.BAD_VALUE.value, _("valor no válido")
    NOT_RUN = JudgeVerdict.NOT_RUN.value, _("no ejecutado")


def new_seed() -> int:
    """A fresh seed of 63 bits that nobody can guess."""
    return secrets.randbits(63)


class Submission(models.Model):
    """One hand-in, or one run. Everything needed to grade it again is here or in its version.

    `attempt_number` counts hand-ins of a student at an exercise from 1, and is null for a run.
    `rung_at` is when a worker was last told; null means it waits for its student's earlier ones.
    `lease` names the worker that may finish it, until `lease_until`; both null unless running.
    `faults` counts our own failures at it. `score` is that of the newest grading, 0 to 100. One that came
    `late`, after the student's deadline, is graded but does not count.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="submissions")
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="submissions")
    version = models.ForeignKey(ExerciseVersion, models.PROTECT, related_name="submissions")
    kind = models.CharField(max_length=6, choices=Kind)
    attempt_number = models.PositiveIntegerField(null=True, blank=True)
    form_token = models.UUIDField(unique=True)
    source = models.TextField()
    seed = models.PositiveBigIntegerField(default=new_seed)
    late = models.BooleanField(default=False)

    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField(auto_now_add=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    faults = models.PositiveSmallIntegerField(default=0)
    fault_reference = models.CharField(max_length=16, blank=True)
    score = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["-queued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "exercise", "attempt_number"], name="attempt_is_counted_once"
            ),
            models.CheckConstraint(
                name="only_a_hand_in_has_an_attempt_number",
                condition=Q(kind=Kind.SUBMIT, attempt_number__isnull=False)
                | Q(kind=Kind.RUN, attempt_number__isnull=True),
            ),
            models.CheckConstraint(
                name="running_holds_a_lease",
                condition=Q(state=State.RUNNING, lease__isnull=False, lease_until__isnull=False)
                | (~Q(state=State.RUNNING) & Q(lease__isnull=True, lease_until__isnull=True)),
            ),
            # isnull is not idle: a CHECK that comes out NULL has passed
            models.CheckConstraint(
                name="graded_has_a_score",
                condition=~Q(state=State.GRADED) | Q(score__isnull=False, score__range=(0, 100)),
            ),
        ]
        indexes = [
            # the sweeper, and a student's place in the queue
            models.Index(fields=["queued_at"], condition=Q(state=State.QUEUED), name="submission_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state=State.RUNNING), name="submission_leased"),
            # the history of a student at an exercise
            models.Index(fields=["student", "exercise", "-queued_at"], name="submission_history"),
        ]

    def __str__(self) -> str:
        return f"{self.student} · {self.exercise} · {self.attempt_number or self.kind}"

    def get_absolute_url(self) -> str:
        return reverse("grading:submission", args=[self.pk])

    @property
    def lines(self) -> list[str]:
        """The source as Python counts its lines, from 1: a form feed or a U+2028 ends none."""
        return self.source.removesuffix("\n").split("\n")

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in {State.GRADED, State.SYSTEM_ERROR, State.CANCELLED}


class Grading(models.Model):
    """One result of a submission. A regrade adds another beside it, with the next number.

    `output` is what the student's code printed, cut to its head and tail.
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="gradings")
    number = models.PositiveSmallIntegerField(default=1)
    version = models.ForeignKey(ExerciseVersion, models.PROTECT, related_name="+")
    score = models.FloatField()
    seconds = models.FloatField(default=0.0)
    output = models.TextField(blank=True)
    runtime_version = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["submission", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="grading_is_numbered_once"),
            models.CheckConstraint(name="grading_score_is_0_to_100", condition=Q(score__range=(0, 100))),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.number} · {self.score:g}"


class GroupResult(models.Model):
    """How one test group ended in one grading.

    `fraction` of the group's points, 0 to 1. `message` says what happened in the student's own run,
    `hint` is the key of the group's hint that applies. `evidence` is plain data for the page
    (`line`, `step`, `got`, `traceback`…); `curves` is a list of
    `{"label", "role": "student" | "reference", "points": [[x, y], …]}` or `{"label", "role": "target", "y"}`.
    """

    grading = models.ForeignKey(Grading, models.CASCADE, related_name="group_results")
    group = models.ForeignKey(TestGroup, models.PROTECT, related_name="results")
    verdict = models.CharField(max_length=12, choices=Verdict)
    fraction = models.FloatField(default=0.0)
    message = models.TextField(blank=True)
    hint = models.CharField(max_length=80, blank=True)
    evidence = models.JSONField(default=dict)
    curves = models.JSONField(default=list)
    calls = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    cpu_seconds = models.FloatField(default=0.0)
    peak_memory_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["grading", "group__position"]
        constraints = [
            models.UniqueConstraint(fields=["grading", "group"], name="group_result_once_a_grading"),
            models.CheckConstraint(name="fraction_is_0_to_1", condition=Q(fraction__range=(0, 1))),
        ]

    def __str__(self) -> str:
        return f"{self.group} · {self.verdict}"


class RegradeState(models.TextChoices):
    """A regrade is graded aside, looked at when it is ready, then applied or discarded."""

    RUNNING = "running", _("en marcha")
    READY = "ready", _("lista para aplicar")
    APPLIED = "applied", _("aplicada")
    DISCARDED = "discarded", _("descartada")


class GradeWith(models.TextChoices):
    """The version of the exercise that a regrade takes: today's, or each hand-in's own."""

    CURRENT = "current", _("la versión actual del ejercicio")
    SAME = "same", _("la versión con la que se entregó cada una")


class Regrade(models.Model):
    """Hand-ins of one exercise graded once more, for a `reason` that their students will read.

    `version` is the exercise's current one when it was asked for; null: each with its own. `cohort` and
    `since` bound which hand-ins; null: all. Until it is applied nothing of it is seen by a student.
    """

    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="regrades")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="regrades_asked"
    )
    reason = models.CharField(max_length=300)
    version = models.ForeignKey(ExerciseVersion, models.PROTECT, null=True, blank=True, related_name="+")
    cohort = models.ForeignKey(Cohort, models.SET_NULL, null=True, blank=True, related_name="+")
    since = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=RegradeState, default=RegradeState.RUNNING)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["exercise"],
                condition=Q(state__in=[RegradeState.RUNNING, RegradeState.READY]),
                name="one_open_regrade_an_exercise",
            ),
            models.CheckConstraint(
                name="ended_regrade_says_when",
                condition=Q(state__in=[RegradeState.RUNNING, RegradeState.READY], ended_at__isnull=True)
                | Q(state__in=[RegradeState.APPLIED, RegradeState.DISCARDED], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exercise} · {self.created_at:%Y-%m-%d %H:%M} · {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it may still change something."""
        return self.state in {RegradeState.RUNNING, RegradeState.READY}


class RegradeItem(models.Model):
    """One hand-in of a regrade. It lives as a submission does, with a bell, a lease and faults of ours.

    `before` is the score that the student has, `after` the one found, with its `report` as plain data until
    it becomes a `grading`.
    """

    regrade = models.ForeignKey(Regrade, models.CASCADE, related_name="items")
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="regrade_items")
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    rung_at = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    faults = models.PositiveSmallIntegerField(default=0)
    before = models.FloatField()
    after = models.FloatField(null=True, blank=True)
    report = models.JSONField(null=True, blank=True)
    grading = models.OneToOneField(
        Grading, models.SET_NULL, null=True, blank=True, related_name="regrade_item"
    )

    class Meta:
        ordering = ["regrade", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["regrade", "submission"], name="regraded_once_a_regrade"),
            models.CheckConstraint(
                name="running_item_holds_a_lease",
                condition=Q(state=State.RUNNING, lease__isnull=False, lease_until__isnull=False)
                | (~Q(state=State.RUNNING) & Q(lease__isnull=True, lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="graded_item_has_a_score",
                condition=~Q(state=State.GRADED) | Q(after__isnull=False, after__range=(0, 100)),
            ),
        ]
        indexes = [
            # the sweeper and the next to ring for
            models.Index(
                fields=["regrade"],
                condition=Q(state__in=[State.QUEUED, State.RUNNING]),
                name="regrade_item_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regrade_id} · {self.submission_id} · {self.state}"


class Comment(models.Model):
    """What a teacher, or the student in return, says of a submission; `line` from 1, null: of all of it."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="comments_written"
    )
    line = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="comment_line_from_1", condition=Q(line__isnull=True) | Q(line__gte=1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.author} · {self.line or '*'}"


class LeaderboardEntry(models.Model):
    """Somebody who wants to be seen on an exercise's leaderboard, by the alias of their profile."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="leaderboard_entries")
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="leaderboard_entries")
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "exercise"], name="on_a_leaderboard_once")]

    def __str__(self) -> str:
        return f"{self.student} · {self.exercise}"
