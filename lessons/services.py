"""Every write of a reader: enrolling, reading, answering."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from accounts.models import User

from .content import marking
from .models import Answer, Course, Enrolment, Lesson, Question, Reading

READ_AGAIN_AFTER = timedelta(hours=1)


class NotEnrolled(Exception):
    """Only students of the course may answer its questions."""


def enrol(*, student: User, course: Course) -> Enrolment:
    """Give `student` a place in the course; a second time changes nothing, the role neither."""
    enrolment, _created = Enrolment.objects.get_or_create(student=student, course=course)
    return enrolment


def note_reading(*, student: User, lesson: Lesson, at: datetime | None = None) -> None:
    """Remember that the student opened a written lesson of a course that is theirs.

    Opening the same lesson again within the hour writes nothing, so reloading costs one query.
    """
    at = at or now()
    latest = (
        Reading.objects.filter(student=student, lesson__course=lesson.course_id).order_by("-last_at").first()
    )
    if latest and latest.lesson_id == lesson.pk and at - latest.last_at < READ_AGAIN_AFTER:
        return
    Reading.objects.update_or_create(student=student, lesson=lesson, defaults={"last_at": at})


@transaction.atomic
def answer_question(*, student: User, question: Question, response: Mapping[str, Any]) -> Answer:
    """Mark `response` and keep it; every answer is kept, the newest is the one shown.

    Raises NotEnrolled, and `marking.BadResponse` at a response that is no answer; then nothing is kept.
    """
    if not Enrolment.objects.filter(student=student, course_id=question.lesson.course_id).exists():
        raise NotEnrolled
    mark = marking.mark(question.kind, question.answer, response)
    return Answer.objects.create(
        student=student,
        question=question,
        response=response,
        correct=mark.correct,
        feedback=mark.feedback_html,
    )
