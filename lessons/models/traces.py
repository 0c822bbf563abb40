"""What a student leaves in a course beside answers: readings, lab tasks, notes, bookmarks, certificates."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from .content import Course, Lesson


class Reading(models.Model):
    """That a student opened a lesson: where to continue, and what has been begun.

    `last_at` moves at most once an hour for one lesson, so that reading costs few writes. `read_at` is when
    the student said to have read it; null until then.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="readings")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="readings")
    first_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_at"]
        constraints = [models.UniqueConstraint(fields=["student", "lesson"], name="reading_once_a_lesson")]
        indexes = [models.Index(fields=["student", "-last_at"], name="reading_latest_of_student")]

    def __str__(self) -> str:
        return f"{self.student} · {self.lesson}"


class LabTask(models.Model):
    """That a student did the task of a lab. The lab says so itself, so no score depends on it.

    Without scripts a lab is a figure and has no task. So it is counted beside lessons and exercises, and
    neither *Continuar* nor a certificate waits for it.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="lab_tasks")
    course = models.ForeignKey(Course, models.CASCADE, related_name="lab_tasks")
    lab = models.SlugField(max_length=80)
    done_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "course", "lab"], name="lab_task_done_once")
        ]

    def __str__(self) -> str:
        return f"{self.student} · {self.lab}"


class Note(models.Model):
    """A private note in a lesson's margin, in Markdown, beside the paragraph with the id `anchor`.

    `revision` grows by one a save, and a save names the one it builds on: two tabs cannot overwrite
    each other unseen.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notes")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="notes")
    anchor = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["lesson", "created_at"]
        indexes = [models.Index(fields=["student", "lesson"], name="note_of_student")]

    def __str__(self) -> str:
        return f"{self.student} · {self.lesson} · {self.anchor}"


class Bookmark(models.Model):
    """A place in a lesson that a student wants to find again; an empty `anchor` is its beginning."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bookmarks")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="bookmarks")
    anchor = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["lesson", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["student", "lesson", "anchor"], name="bookmarked_once_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.student} · {self.lesson} · {self.anchor}"


class Certificate(models.Model):
    """That a student fulfilled a course's rule: anybody who has its `code` can check it.

    `name` and `facts` are those of the day it was issued: the course's title, and `shares` by the rule's
    names, each with what was `due` and `reached`, 0 to 1, and the `done` of a `total`. One whose owner's
    account was emptied has no name.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="certificates")
    course = models.ForeignKey(Course, models.PROTECT, related_name="certificates")
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=150)
    facts = models.JSONField(default=dict)
    issued_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "course"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_valid_certificate_a_course",
            )
        ]

    def __str__(self) -> str:
        return f"{self.course} · {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("lessons:certificate", args=[self.code])
