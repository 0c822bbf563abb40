"""Questions that a student missed come back, spaced by FSRS.

The scheduler is the `fsrs` package's (Ye, Su & Cao, A Stochastic Shortest Path Algorithm for Optimizing
Spaced Repetition Scheduling, KDD 2022, doi:10.1145/3534678.3539081) with its default weights and no fuzz, so
that the same answers give the same days. Right is Good and wrong is Again; nobody asks how sure one was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from fsrs import Card, Rating, Scheduler

from accounts.models import User
from lessons import asking
from lessons.asking import Asked
from lessons.content import marking
from lessons.models import Answer, Question, ReviewCard

SOON = timedelta(minutes=10)
"""After a miss: the same sitting, behind the questions that wait."""
AHEAD = timedelta(minutes=20)
"""Cards due this soon are asked rather than left for later, so that a miss comes back the same day."""

_scheduler = Scheduler(learning_steps=[SOON], relearning_steps=[SOON], enable_fuzzing=False)


class NotDue(Exception):
    """The question does not wait for a review: it was done in another tab, or never missed."""


def note_miss(*, answer: Answer, at: datetime | None = None) -> None:
    """Let a question that was answered wrongly come back; a right answer changes nothing. 2 queries at most.

    Called in the transaction that keeps the answer. Missing it again before its day starts it anew.
    """
    if answer.correct:
        return
    card = ReviewCard.objects.filter(student=answer.student_id, question=answer.question_id).first()
    card = card or ReviewCard(student_id=answer.student_id, question_id=answer.question_id)
    _rate(card, correct=False, at=at or now())


def asked_in_review(card: ReviewCard) -> Asked:
    """With which numbers the question comes back: others each time. No query, given the card's question."""
    return asking.in_turn(card.question, student_id=card.student_id, turn=card.reviews)


@transaction.atomic
def review(
    *,
    student: User,
    question: Question,
    response: Mapping[str, Any],
    stamp: str = "",
    at: datetime | None = None,
) -> Answer:
    """Mark an answer given on the review page, keep it, and set the day on which the question comes back.

    `stamp`, if it is known, is that of what was shown. Raises NotDue, `asking.Changed`, and
    `marking.BadResponse` at a response that is no answer; then nothing is kept.
    """
    at = at or now()
    cards = ReviewCard.objects.select_for_update().filter(student=student, question=question)
    card = cards.filter(due_at__lte=at + AHEAD).first()
    if card is None:
        raise NotDue
    card.question = question
    asked = asked_in_review(card)
    asked.check(stamp)
    mark = marking.mark(question.kind, asked.answer, response)
    answer = Answer.objects.create(
        student=student,
        question=question,
        variant=asked.variant,
        review=True,
        response=response,
        correct=mark.correct,
        feedback=mark.feedback_html,
    )
    _rate(card, correct=mark.correct, at=at)
    return answer


def _rate(card: ReviewCard, *, correct: bool, at: datetime) -> None:
    known = Card.from_dict(card.memory) if card.memory else Card(card_id=card.question_id, due=at)
    rated, _log = _scheduler.review_card(known, Rating.Good if correct else Rating.Again, review_datetime=at)
    card.memory = dict(rated.to_dict())
    card.due_at = rated.due
    card.reviews += 1
    card.save()
