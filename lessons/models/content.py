"""What is taught: a course with its units, sections and lessons, its pages and ideas.

All of it is written by `manage.py loadcourse` from a course folder. A row keeps its primary key across edits
of the folder: it is found again by its course and its number, slug or key, so that a student's answers and
progress stay attached to it.
"""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Joining(models.TextChoices):
    """How a stranger gets a place in a course."""

    OPEN = "open", _("con un clic")
    CODE = "code", _("con el código de un grupo")
    INVITATION = "invitation", _("por invitación")


class Course(models.Model):
    """A course as its folder describes it; lists are lists of strings.

    `quiz_tries` is how many tries of a unit's end quiz count (null: practice, as many as you like).
    `certificate_rule` holds the shares that earn a certificate, 0 to 1, as `{"lessons": 1, "exercises": 0.8,
    "quizzes": 0.7}`; empty: there is none. An unpublished course exists only for those who teach it.
    """

    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    keywords = models.JSONField(default=list, blank=True)
    level = models.CharField(max_length=40, blank=True)
    duration_estimate = models.CharField(max_length=40, blank=True)
    prerequisites = models.JSONField(default=list, blank=True)
    audience = models.JSONField(default=list, blank=True)
    updated = models.DateField(null=True, blank=True)
    joining = models.CharField(max_length=10, choices=Joining, default=Joining.OPEN)
    published = models.BooleanField(default=True)
    quiz_tries = models.PositiveSmallIntegerField(null=True, blank=True)
    certificate_rule = models.JSONField(default=dict, blank=True)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("lessons:course", args=[self.slug])


class Place(models.TextChoices):
    """Where a page stands: before the first unit or after the last."""

    FRONT = "front", _("al principio")
    END = "end", _("al final")


class Page(models.Model):
    """A page that is no lesson: goals, how to use the course, resources, glossary, credits."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="pages")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=5, choices=Place)
    position = models.PositiveSmallIntegerField()
    html = models.TextField(blank=True)
    written = models.BooleanField(default=False)

    class Meta:
        ordering = ["course", "place", "position"]
        constraints = [models.UniqueConstraint(fields=["course", "slug"], name="page_slug_once_a_course")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("lessons:page", args=[self.course.slug, self.slug])


class Unit(models.Model):
    """A unit; `goals` is a list of HTML strings. `exercises_promised` counts those of the outline."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="units")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    html = models.TextField(blank=True)
    goals = models.JSONField(default=list, blank=True)
    exercises_promised = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["course", "number"]
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="unit_number_once_a_course")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Section(models.Model):
    """A section; `number` is written in full, as "1.2"."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="sections")
    number = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["unit", "position"]
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="section_number_once_a_unit")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Lesson(models.Model):
    """A lesson, rendered. `number` ("1.2.3") is its stable id within the course.

    `position` counts all lessons of the course from 1; `contents` is the list of its headings as
    `{"level", "id", "title"}`, `labs` that of its labs' slugs; `written` is False for a lesson that is only
    announced.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="lessons")
    section = models.ForeignKey(Section, models.CASCADE, related_name="lessons")
    number = models.CharField(max_length=12)
    slug = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    html = models.TextField(blank=True)
    contents = models.JSONField(default=list, blank=True)
    labs = models.JSONField(default=list, blank=True)
    written = models.BooleanField(default=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["course", "position"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="lesson_number_once_a_course")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("lessons:lesson", args=[self.course.slug, self.number])


class Idea(models.Model):
    """Something to be understood. Questions and test groups name by its slug the idea that they test.

    `lesson` is where it is taught, `anchor` the id of the heading there.
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="ideas")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    lesson = models.ForeignKey(Lesson, models.SET_NULL, null=True, blank=True, related_name="ideas")
    anchor = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["course", "position"]
        constraints = [models.UniqueConstraint(fields=["course", "slug"], name="idea_slug_once_a_course")]

    def __str__(self) -> str:
        return self.title
