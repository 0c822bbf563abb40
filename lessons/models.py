"""What is taught: a course, its units, sections, lessons and quizzes, and who is enrolled.

Everything but `Enrolment` and `Answer` is written by `manage.py loadcourse` from a course folder.
A row keeps its primary key across edits of the folder: it is found again by its course and its
number, slug or key, so that a student's answers and progress stay attached to it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Course(models.Model):
    """A course as the outline file describes it; lists are lists of strings."""

    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    keywords = models.JSONField(default=list, blank=True)
    level = models.CharField(max_length=40, blank=True)
    duration_estimate = models.CharField(max_length=40, blank=True)
    prerequisites = models.JSONField(default=list, blank=True)
    audience = models.JSONField(default=list, blank=True)
    updated = models.DateField(null=True, blank=True)
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
    """A unit; `goals` is a list of HTML strings."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="units")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    html = models.TextField(blank=True)
    goals = models.JSONField(default=list, blank=True)

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
    `{"level", "id", "title"}`; `written` is False for a lesson that is only announced.
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


class QuestionKind(models.TextChoices):
    NUMERIC = "numeric", _("numérica")
    SINGLE = "single", _("una opción")
    MULTIPLE = "multiple", _("varias opciones")
    ORDER = "order", _("ordenar")
    MATCH = "match", _("emparejar")
    PREDICT = "predict", _("predecir la salida")
    CURVE = "curve", _("qué curva")


class Question(models.Model):
    """A quiz question. `public` may reach the page; `answer` never does before the student answers.

    The shape of both by kind is documented in docs/authoring.md. `retired` questions left the
    course folder but keep their answers.
    """

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=QuestionKind)
    prompt = models.TextField()
    idea = models.CharField(max_length=120, blank=True)
    public = models.JSONField(default=dict)
    answer = models.JSONField(default=dict)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["lesson", "position"]
        constraints = [models.UniqueConstraint(fields=["lesson", "key"], name="question_key_once_a_lesson")]

    def __str__(self) -> str:
        return f"{self.lesson.number} · {self.key}"


class Role(models.TextChoices):
    STUDENT = "student", _("estudiante")
    ASSISTANT = "assistant", _("ayudante")
    INSTRUCTOR = "instructor", _("docente")


class Enrolment(models.Model):
    """A person's place in a course. Grading locks this row to count attempts one at a time."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    course = models.ForeignKey(Course, models.CASCADE, related_name="enrolments")
    role = models.CharField(max_length=10, choices=Role, default=Role.STUDENT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "course"], name="enrolled_once_a_course")]

    def __str__(self) -> str:
        return f"{self.student} · {self.course} ({self.role})"

    @property
    def teaches(self) -> bool:
        """Whether this role may see other people's work."""
        return self.role in {Role.ASSISTANT, Role.INSTRUCTOR}


class Answer(models.Model):
    """One answer of a student to a question, as given and as marked; all are kept."""

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    response = models.JSONField()
    correct = models.BooleanField()
    feedback = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["student", "question", "-created_at"], name="answer_latest_of_student")
        ]

    def __str__(self) -> str:
        return f"{self.student} · {self.question} · {self.correct}"


class Reading(models.Model):
    """That a student opened a lesson: where to continue, and what has been begun.

    `last_at` moves at most once an hour for one lesson, so that reading costs few writes.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="readings")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="readings")
    first_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at"]
        constraints = [models.UniqueConstraint(fields=["student", "lesson"], name="reading_once_a_lesson")]
        indexes = [models.Index(fields=["student", "-last_at"], name="reading_latest_of_student")]

    def __str__(self) -> str:
        return f"{self.student} · {self.lesson}"
