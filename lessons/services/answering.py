"""Answering a question of a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from lessons.content import marking
from lessons.models import Answer, Enrolment, Question


class NotEnrolled(Exception):
    """Only students of the course may answer its questions."""


@transaction.atomic
def answer_question(*, student: User, question: Question, response: Mapping[str, Any]) -> Answer:
    """Mark `response` and keep it; every answer is kept, the newest is the one shown.

    Raises NotEnrolled, and `marking.BadResponse` at a response that is no answer; then nothing is kept.
    """
    if not Enrolment.objects.filter(student=student, course_id=question.unit.course_id).exists():
        raise NotEnrolled
    mark = marking.mark(question.kind, question.answer, response)
    return Answer.objects.create(
        student=student,
        question=question,
        response=response,
        correct=mark.correct,
        feedback=mark.feedback_html,
    )
