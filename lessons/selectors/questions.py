"""Questions with what the reader has answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery

from accounts.models import User
from lessons import asking
from lessons.asking import Asked
from lessons.models import Answer, Lesson, Question


@dataclass(frozen=True)
class OwnQuestion:
    """A question of a lesson for one reader: what they are asked now, and their newest answer."""

    now: Asked
    newest: Answer | None

    @property
    def question(self) -> Question:
        return self.now.question

    @property
    def shown(self) -> Asked:
        """What their newest answer was given to; before the first, what they are asked."""
        return asking.answered(self.newest) if self.newest else self.now


def questions_with_answers(*, lesson: Lesson, student: User | None) -> list[OwnQuestion]:
    """The lesson's questions in order, each with the student's newest answer: 2 queries, 1 signed out."""
    questions = Question.objects.filter(lesson=lesson, retired=False).order_by("position")
    if student is None:
        return [OwnQuestion(asking.ask(question), None) for question in questions]
    newest = Answer.objects.filter(student=student, question=OuterRef("pk")).order_by("-created_at", "-pk")
    missed = Count("answers", filter=Q(answers__student=student, answers__correct=False))
    questions = questions.annotate(newest_answer=Subquery(newest.values("pk")[:1]), misses=missed)
    answers = Answer.objects.in_bulk([q.newest_answer for q in questions if q.newest_answer])
    found = []
    for question in questions:
        answer = answers.get(question.newest_answer)
        if answer is not None:
            answer.question = question
        now = asking.in_turn(question, student_id=student.pk, turn=question.misses)
        found.append(OwnQuestion(now, answer))
    return found


def asked_now(*, question: Question, student: User) -> Asked:
    """With which numbers a question of a lesson is put to the student: others after each miss. 1 query."""
    if not question.variants:
        return asking.ask(question)
    misses = Answer.objects.filter(question=question, student=student, correct=False).count()
    return asking.in_turn(question, student_id=student.pk, turn=misses)
