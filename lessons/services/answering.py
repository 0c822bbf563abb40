"""Answering a question of a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from lessons.content import marking
from lessons.models import Answer, Enrolment, Question

from .reviewing import note_miss

DOUBLE_CLICK = timedelta(seconds=3)


class NotEnrolled(Exception):
    """Only students of the course may answer its questions."""


@transaction.atomic
def answer_question(*, student: User, question: Question, response: Mapping[str, Any]) -> Answer:
    """Mark `response` and keep it; every answer is kept, the newest is the one shown.

    A question that was missed comes back on the review page.

    The same response again within a moment is a double click and gives back the answer of the first: the
    place in the course stays locked meanwhile, so that two at once take turns.

    Raises NotEnrolled, and `marking.BadResponse` at a response that is no answer; then nothing is kept.
    """
    places = Enrolment.objects.select_for_update().filter(student=student)
    if places.filter(course_id=question.unit.course_id).first() is None:
        raise NotEnrolled
    since = timezone.now() - DOUBLE_CLICK
    newest = Answer.objects.filter(student=student, question=question, created_at__gt=since).first()
    if newest is not None and newest.response == response:
        return newest
    mark = marking.mark(question.kind, question.answer, response)
    answer = Answer.objects.create(
        student=student,
        question=question,
        response=response,
        correct=mark.correct,
        feedback=mark.feedback_html,
    )
    note_miss(answer=answer)
    return answer
