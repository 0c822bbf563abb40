"""Questions with what the reader has answered."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from accounts.models import User
from lessons.models import Answer, Lesson, Question


def questions_with_answers(*, lesson: Lesson, student: User | None) -> list[tuple[Question, Answer | None]]:
    """The lesson's questions in order, each with the student's newest answer: 2 queries, 1 signed out."""
    questions = Question.objects.filter(lesson=lesson, retired=False).order_by("position")
    if student is None:
        return [(question, None) for question in questions]
    newest = Answer.objects.filter(student=student, question=OuterRef("pk")).order_by("-created_at", "-pk")
    questions = questions.annotate(newest_answer=Subquery(newest.values("pk")[:1]))
    answers = Answer.objects.in_bulk([q.newest_answer for q in questions if q.newest_answer])
    return [(question, answers.get(question.newest_answer)) for question in questions]
