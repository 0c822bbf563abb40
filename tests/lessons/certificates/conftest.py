"""A short course with a rule, and Ana on her way to its certificate."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils.timezone import now

from accounts.models import User
from exercises.models import Exercise
from lessons.models import Certificate, Course, Lesson, Question, QuizTry
from lessons.selectors.certificate import CertificateState, certificate_state
from lessons.selectors.outline import course_outline
from lessons.services import certifying
from tests import factories
from tests.lessons.conftest import read


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


def pass_exercise(student: User, exercise: Exercise, *, score: float = 100, late: bool = False) -> None:
    submission = factories.hand_in(student, exercise)
    submission.state, submission.score, submission.late = "graded", score, late
    submission.save()


def question(lesson: Lesson, key: str, *, at_end: bool = False) -> Question:
    return Question.objects.create(
        lesson=None if at_end else lesson,
        unit=lesson.section.unit,
        key=key,
        position=1,
        kind="single",
        prompt="",
    )


def handed_in(student: User, unit, number: int, score: float, *, counts: bool = True) -> QuizTry:
    return QuizTry.objects.create(
        student=student, unit=unit, number=number, seed=1, score=score, counts=counts, handed_in_at=now()
    )


@pytest.fixture
def short(course: Course, lesson: Lesson, exercise: Exercise) -> Course:
    """One lesson, one exercise, and a rule that asks for both."""
    course.lessons.exclude(pk=lesson.pk).delete()
    course.units.update(exercises_promised=1)
    course.certificate_rule = {"lessons": 1, "exercises": 1}
    course.save()
    return course


def state(student: User, course: Course) -> CertificateState:
    found = certificate_state(outline=course_outline(course=course, student=student), student=student)
    assert found is not None
    return found


@pytest.fixture
def earned(short: Course, ana: User, lesson: Lesson, exercise: Exercise) -> Course:
    read(ana, lesson, marked=True)
    pass_exercise(ana, exercise)
    return short


@pytest.fixture
def hers(earned: Course, ana: User) -> Certificate:
    return certifying.issue_certificate(student=ana, course=earned)
