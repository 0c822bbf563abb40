from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from lessons import services
from lessons.models import Answer, Course, Lesson, Question, ReviewCard
from lessons.selectors.review import due_reviews, review_session
from lessons.services import reviewing
from lessons.services.reviewing import NotDue

RIGHT, WRONG = {"choice": "b"}, {"choice": "a"}


@pytest.fixture
def question(quiz: dict[str, Question]) -> Question:
    return quiz["single"]


@pytest.fixture
def url(course: Course) -> str:
    return f"{course.get_absolute_url()}review/"


def miss(student: User, question: Question) -> None:
    services.answer_question(student=student, question=question, response=WRONG)


def days_of(student: User, question: Question, answers: str) -> list[float]:
    """After how many days the question comes back, when each answer is given on its day."""
    start = now()
    services.answer_question(student=student, question=question, response=WRONG)
    gaps = []
    for answer in answers:
        at = max(start, ReviewCard.objects.get().due_at)
        response = RIGHT if answer == "r" else WRONG
        reviewing.review(student=student, question=question, response=response, at=at)
        gaps.append((ReviewCard.objects.get().due_at - at) / timedelta(days=1))
    return gaps


def test_what_was_right_at_once_never_comes_back(ana: User, question: Question):
    services.answer_question(student=ana, question=question, response=RIGHT)
    assert not ReviewCard.objects.exists()


def test_what_was_missed_comes_back_the_same_day_then_after_longer_and_longer(ana: User, question: Question):
    gaps = days_of(ana, question, "rrrrr")
    assert gaps[0] >= 1
    assert gaps == sorted(gaps)
    assert gaps[-1] > 5


def test_a_miss_brings_it_back_in_the_same_sitting(ana: User, question: Question):
    gaps = days_of(ana, question, "rrwr")
    assert gaps[2] < 0.02
    assert gaps[3] >= 1


def test_the_same_answers_give_the_same_days(ana: User, question: Question):
    first = days_of(ana, question, "rrwrr")
    ReviewCard.objects.all().delete()
    Answer.objects.all().delete()
    assert days_of(ana, question, "rrwrr") == pytest.approx(first)


def test_a_right_answer_in_the_lesson_does_not_count_as_a_review(ana: User, question: Question):
    miss(ana, question)
    before = ReviewCard.objects.get().due_at
    services.answer_question(student=ana, question=question, response=RIGHT)
    assert ReviewCard.objects.get().due_at == before


def test_what_does_not_wait_is_not_reviewed(ana: User, question: Question):
    with pytest.raises(NotDue):
        reviewing.review(student=ana, question=question, response=RIGHT)
    miss(ana, question)
    reviewing.review(student=ana, question=question, response=RIGHT)
    with pytest.raises(NotDue):
        reviewing.review(student=ana, question=question, response=RIGHT)
    assert Answer.objects.filter(review=True).count() == 1


def test_a_retired_question_does_not_come_back(ana: User, course: Course, question: Question):
    miss(ana, question)
    later = now() + timedelta(days=1)
    assert due_reviews(student=ana, course=course, at=later).count() == 1
    Question.objects.update(retired=True)
    assert not due_reviews(student=ana, course=course, at=later)


def test_the_page_asks_marks_and_says_when_it_is_over(
    ana: User, as_ana: Client, question: Question, url: str
):
    assert "Nada que repasar hoy" in as_ana.get(url).content.decode()
    miss(ana, question)
    asked = as_ana.get(url).content.decode()
    assert "Pregunta 1 de 1" in asked
    assert "RAZON" not in asked

    wrong = as_ana.post(f"{url}{question.pk}/", WRONG, follow=True).content.decode()
    assert "Incorrecto" in wrong
    assert "RAZON-DE-A" in wrong
    assert "RAZON-DE-B" not in wrong
    assert "Volverá al final" in wrong

    assert "Pregunta 2 de 2" in as_ana.get(url).content.decode()
    right = as_ana.post(f"{url}{question.pk}/", RIGHT, follow=True).content.decode()
    assert "Correcto" in right
    over = as_ana.get(url).content.decode()
    assert "Nada que repasar hoy" in over
    assert "Lo próximo, el" in over


def test_a_response_that_is_no_answer_is_told_and_leaves_the_card_as_it_was(
    ana: User, as_ana: Client, question: Question, url: str
):
    miss(ana, question)
    before = ReviewCard.objects.get().due_at
    answer = as_ana.post(f"{url}{question.pk}/", {"choice": "z"})
    assert answer.status_code == 422
    assert "Elige una opción" in answer.content.decode()
    assert ReviewCard.objects.get().due_at == before


@pytest.mark.parametrize("strange", ["x", "-1", "0", "99999999999999999999", "1'"])
def test_the_result_of_a_strange_answer_is_the_usual_page(strange: str, as_ana: Client, url: str):
    assert as_ana.get(url, {"answer": strange}).status_code == 200


def test_what_others_missed_is_not_hers(ana: User, bruno: User, as_ana: Client, question: Question, url: str):
    ReviewCard.objects.create(student=bruno, question=question, due_at=now())
    theirs = Answer.objects.create(
        student=bruno, question=question, response=WRONG, correct=False, review=True, feedback="RAZON-AJENA"
    )
    assert "Nada que repasar hoy" in as_ana.get(url).content.decode()
    assert "RAZON-AJENA" not in as_ana.get(url, {"answer": theirs.pk}).content.decode()


def test_a_sitting_costs_three_queries_however_much_waits(
    ana: User, course: Course, quiz: dict[str, Question], django_assert_num_queries
):
    for question in quiz.values():
        ReviewCard.objects.create(student=ana, question=question, due_at=now())
    at: datetime = now()
    with django_assert_num_queries(3):
        session = review_session(student=ana, course=course, at=at)
        assert len([(card.question.prompt, card.question.lesson.number) for card in session.waiting]) == len(
            quiz
        )


def test_a_kind_of_every_question_can_be_reviewed(
    ana: User, as_ana: Client, lesson: Lesson, quiz: dict[str, Question], url: str
):
    for question in quiz.values():
        ReviewCard.objects.create(student=ana, question=question, due_at=now())
    for _question in quiz:
        page = as_ana.get(url)
        assert page.status_code == 200
        first = review_session(student=ana, course=lesson.course, at=now()).waiting[0]
        ReviewCard.objects.filter(pk=first.pk).delete()
