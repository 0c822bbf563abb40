"""What is asked: an exercise, its versions with their test groups, and a student's drafts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lessons.models import Cohort, Course, Lesson, Unit


class ExerciseKind(models.TextChoices):
    IMPLEMENT = "implement", _("implementar")
    ORACLE = "oracle", _("oráculo")
    DIAGNOSE = "diagnose", _("diagnosticar")
    TUNE = "tune", _("afinar")
    REPAIR = "repair", _("reparar")
    PROJECT = "project", _("proyecto")


class Exercise(models.Model):
    """An exercise of a course, known by its slug. What is graded is its `current` version.

    `leaderboard`, if it has one: the `group` whose number ranks hand-ins, the least first, its `metric` in
    words, and `references`, a list of `{"label", "value"}`.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="exercises")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="exercises")
    lesson = models.ForeignKey(Lesson, models.SET_NULL, null=True, blank=True, related_name="exercises")
    slug = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=ExerciseKind)
    difficulty = models.PositiveSmallIntegerField(default=1)
    current = models.ForeignKey("ExerciseVersion", models.PROTECT, null=True, related_name="+")
    retired = models.BooleanField(default=False)
    leaderboard = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["course", "unit", "position"]
        constraints = [
            models.UniqueConstraint(fields=["course", "slug"], name="exercise_slug_once_a_course"),
            models.CheckConstraint(condition=models.Q(difficulty__range=(1, 3)), name="difficulty_is_1_to_3"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exercises:exercise", args=[self.course.slug, self.slug])


class ExerciseVersion(models.Model):
    """All that grading needs of an exercise at one moment, never changed once stored.

    `limits` holds plain numbers: `seconds`, `cpu_seconds`, `memory_mb`, `calls`, `output_kb`,
    `gpu_memory_mb`.
    `functions` lists the signatures asked for. `grader` runs in the judge only.
    """

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="versions")
    content_hash = models.CharField(max_length=64)
    statement = models.TextField()
    starter = models.TextField()
    grader = models.TextField()
    functions = models.JSONField(default=list)
    runtime = models.SlugField(max_length=40)
    limits = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exercise", "content_hash"], name="version_once_an_exercise")
        ]

    def __str__(self) -> str:
        return f"{self.exercise.slug}@{self.content_hash[:8]}"


class TestGroup(models.Model):
    """A group of checks about one idea: `idea` says it in a sentence, `about` is its slug in the course.

    `hints` maps a hint's key to its rendered HTML.
    """

    __test__ = False  # pytest: a model, not a test

    version = models.ForeignKey(ExerciseVersion, models.CASCADE, related_name="groups")
    slug = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    idea = models.TextField(blank=True)
    about = models.CharField(max_length=120, blank=True)
    points = models.PositiveSmallIntegerField()
    visible = models.BooleanField(default=False)
    requires = models.JSONField(default=list)
    hints = models.JSONField(default=dict)

    class Meta:
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "slug"], name="group_slug_once_a_version")]

    def __str__(self) -> str:
        return self.title


class ExerciseDeadline(models.Model):
    """When a cohort is due with an exercise, where that differs from its unit's deadline."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="exercise_deadlines")
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="deadlines")
    due_at = models.DateTimeField(_("vence"))

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "exercise"], name="one_deadline_an_exercise")
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.exercise} · {self.due_at:%Y-%m-%d %H:%M}"


class Draft(models.Model):
    """A student's unsent source. `revision` grows by one a save; a save names the one it builds on."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="drafts")
    source = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "exercise"], name="one_draft_an_exercise")]

    def __str__(self) -> str:
        return f"{self.student} · {self.exercise} · {self.revision}"


class KeepReason(models.TextChoices):
    """What took a draft's place when it was put aside."""

    RESTORE = "restore", _("antes de restaurar otra versión")
    RESET = "reset", _("antes de restablecer el código inicial")
    CONFLICT = "conflict", _("la otra versión de un conflicto")


class KeptDraft(models.Model):
    """A draft put aside when another took its place, so that no replacement loses work."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="kept_drafts")
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="kept_drafts")
    source = models.TextField()
    reason = models.CharField(max_length=10, choices=KeepReason)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["student", "exercise", "-created_at"], name="kept_draft_of_student")]

    def __str__(self) -> str:
        return f"{self.student} · {self.exercise} · {self.created_at:%Y-%m-%d %H:%M}"
