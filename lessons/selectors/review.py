"""What a student has to review in a course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import localtime

from accounts.models import User
from lessons.models import Answer, Course, ReviewCard
from lessons.services.reviewing import AHEAD


@dataclass(frozen=True)
class ReviewSession:
    """The sitting of today: `done` answers so far, `waiting` cards by their day, `next_at` after them."""

    done: int
    waiting: list[ReviewCard]
    next_at: datetime | None


def due_reviews(*, student: User, course: Course, at: datetime) -> QuerySet[ReviewCard]:
    """The cards whose day has come, the oldest first. No query yet."""
    cards = ReviewCard.objects.filter(
        student=student, question__unit__course=course, question__retired=False, due_at__lte=at
    )
    return cards.order_by("due_at", "pk")


def review_session(*, student: User, course: Course, at: datetime) -> ReviewSession:
    """Everything that the review page needs. 3 queries."""
    waiting = list(
        due_reviews(student=student, course=course, at=at + AHEAD).select_related(
            "question__lesson", "question__unit"
        )
    )
    midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    done = Answer.objects.filter(
        student=student, question__unit__course=course, review=True, created_at__gte=midnight
    )
    later = ReviewCard.objects.filter(
        student=student, question__unit__course=course, question__retired=False, due_at__gt=at + AHEAD
    )
    return ReviewSession(
        done=done.count(),
        waiting=waiting,
        next_at=later.order_by("due_at").values_list("due_at", flat=True).first(),
    )
