"""Questions, the answers to them, the tries of a unit's end quiz, and what comes back for review."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .content import Lesson, Unit


class QuestionKind(models.TextChoices):
    NUMERIC = "numeric", _("numérica")
    SINGLE = "single", _("una opción")
    MULTIPLE = "multiple", _("varias opciones")
    ORDER = "order", _("ordenar")
    MATCH = "match", _("emparejar")
    PREDICT = "predict", _("predecir la salida")
    CURVE = "curve", _("qué curva")


class Question(models.Model):
    """A quiz question, in a lesson or, without one, in the end quiz of its unit.

    `public` may reach the page; `answer` never does before the student answers. `variants` is a list of
    `{"prompt", "public", "answer"}` with other numbers, computed when the course was loaded; empty: the
    question is always the same. The shapes by kind are documented in docs/authoring.md. `retired` questions
    left the course folder but keep their answers.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="questions")
    lesson = models.ForeignKey(Lesson, models.CASCADE, null=True, blank=True, related_name="questions")
    key = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=QuestionKind)
    prompt = models.TextField()
    idea = models.CharField(max_length=120, blank=True)
    public = models.JSONField(default=dict)
    answer = models.JSONField(default=dict)
    variants = models.JSONField(default=list)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["lesson", "position"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "key"], name="question_key_once_a_lesson"),
            models.UniqueConstraint(
                fields=["unit", "key"], condition=Q(lesson__isnull=True), name="question_key_once_an_end_quiz"
            ),
        ]
        indexes = [models.Index(fields=["unit", "idea"], name="question_of_idea")]

    def __str__(self) -> str:
        return f"{self.lesson.number if self.lesson else self.unit.number} · {self.key}"


class QuizTry(models.Model):
    """One go at the end quiz of a unit. `seed` chose variants and orders; `score` is 0 to 1 once handed in.

    `number` counts from 1. One that came after the deadline, or beyond the tries that count, does not count.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="quiz_tries")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="quiz_tries")
    number = models.PositiveSmallIntegerField()
    seed = models.PositiveBigIntegerField()
    started_at = models.DateTimeField(auto_now_add=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)
    counts = models.BooleanField(default=True)

    class Meta:
        ordering = ["unit", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["student", "unit", "number"], name="quiz_try_is_counted_once"),
            models.UniqueConstraint(
                fields=["student", "unit"],
                condition=Q(handed_in_at__isnull=True),
                name="one_quiz_try_at_a_time",
            ),
            models.CheckConstraint(
                name="handed_in_quiz_has_a_score",
                condition=Q(handed_in_at__isnull=True, score__isnull=True)
                | Q(handed_in_at__isnull=False, score__isnull=False, score__range=(0, 1)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student} · {self.unit} · {self.number}"

    @property
    def percent(self) -> int | None:
        """The score as people read it; None before the hand-in."""
        return None if self.score is None else round(100 * self.score)


class Answer(models.Model):
    """One answer of a student to a question, as given and as marked; all are kept.

    `variant` is the index of the variant that was asked, null for a question without. `quiz_try` is null
    in a lesson and in a review. `review` says that it was given on the review page.
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    quiz_try = models.ForeignKey(QuizTry, models.CASCADE, null=True, blank=True, related_name="answers")
    variant = models.PositiveSmallIntegerField(null=True, blank=True)
    review = models.BooleanField(default=False)
    response = models.JSONField()
    correct = models.BooleanField()
    feedback = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["quiz_try", "question"], name="answered_once_a_quiz_try"),
        ]
        indexes = [
            models.Index(fields=["student", "question", "-created_at"], name="answer_latest_of_student")
        ]

    def __str__(self) -> str:
        return f"{self.student} · {self.question} · {self.correct}"


class ReviewCard(models.Model):
    """A question that a student has missed, and when it comes back.

    `memory` is the card of the FSRS scheduler as plain data (Ye, Su & Cao 2022, doi:10.1145/3534678.3539081).
    """

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="review_cards")
    question = models.ForeignKey(Question, models.CASCADE, related_name="review_cards")
    memory = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    reviews = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["student", "question"], name="one_card_a_question")]
        indexes = [models.Index(fields=["student", "due_at"], name="review_card_due")]

    def __str__(self) -> str:
        return f"{self.student} · {self.question} · {self.due_at:%Y-%m-%d}"
