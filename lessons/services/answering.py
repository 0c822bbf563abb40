"""Answering a question of a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from lessons import asking
from lessons.content import marking
from lessons.models import Answer, Enrolment, Question
from lessons.selectors.questions import asked_now

from .reviewing import note_miss

DOUBLE_CLICK = timedelta(seconds=3)


class NotEnrolled(Exception):
    """Only students of the course may answer its questions."""


@transaction.atomic
def answer_question(
    *, student: User, question: Question, response: Mapping[str, Any], stamp: str = ""
) -> Answer:
    """Mark `response` and keep it; every answer is kept, the newest is the one shown.

    A question that was missed comes back on the review page, and with other numbers if it has them.

    The same response again within a moment is a double click and gives back the answer of the first: the
    place in the course stays locked meanwhile, so that two at once take turns. `stamp`, if it is known, is
    that of what was shown.

    Raises NotEnrolled, `asking.Changed`, and `marking.BadResponse` at a response that is no answer; then
    nothing is kept.
    """
    places = Enrolment.objects.select_for_update().filter(student=student)
    if places.filter(course_id=question.unit.course_id).first() is None:
        raise NotEnrolled
    since = timezone.now() - DOUBLE_CLICK
    newest = Answer.objects.filter(student=student, question=question, created_at__gt=since).first()
    if newest is not None and newest.response == response:
        newest.question = question
        if stamp in {"", asking.answered(newest).stamp}:
            return newest
    asked = asked_now(question=question, student=student)
    asked.check(stamp)
    mark = marking.mark(question.kind, asked.answer, response)
    answer = Answer.objects.create(
        student=student,
        question=question,
        variant=asked.variant,
        response=response,
        correct=mark.correct,
        feedback=mark.feedback_html,
    )
    note_miss(answer=answer)
    return answer
