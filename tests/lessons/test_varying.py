"""A question of a lesson with other numbers: whose, when, and none of the answers before it is answered."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from lessons import asking, selectors, services
from lessons.models import Answer, Lesson, Question, ReviewCard
from tests import factories

from .conftest import answer_url, make_varying

ASKED = re.compile(r"doble de (\d+)")


@pytest.fixture
def question(lesson: Lesson) -> Question:
    found = make_varying(lesson, lesson.section.unit)
    lesson.html = '<div data-question="cuanto"></div>'
    lesson.save()
    return found


def page_of(client: Client, question: Question, query: str = "") -> str:
    return client.get(question.lesson.get_absolute_url() + query).content.decode()


def number_in(page: str) -> int:
    (found,) = set(ASKED.findall(page))
    return int(found)


def stamp_in(page: str) -> str:
    found = re.search(r'name="asked" value="(\w+)"', page)
    assert found
    return found[1]


def test_everybody_has_their_own_numbers_and_finds_them_again(question: Question) -> None:
    people = [factories.make_user(f"p{n}") for n in range(8)]
    first = [selectors.asked_now(question=question, student=one).variant for one in people]
    assert len(set(first)) > 1
    assert first == [selectors.asked_now(question=question, student=one).variant for one in people]


def test_a_miss_brings_other_numbers_until_all_have_been_asked(ana: User, question: Question) -> None:
    seen = []
    for _ in range(6):
        seen.append(selectors.asked_now(question=question, student=ana).variant)
        services.answer_question(student=ana, question=question, response={"value": "1"})
        Answer.objects.update(created_at=now() - timedelta(minutes=1))
    assert sorted(seen) == [0, 1, 2, 3, 4, 5]
    assert list(ana.answers.order_by("pk").values_list("variant", flat=True)) == seen


def test_a_right_answer_is_to_the_numbers_shown_and_keeps_them(
    as_ana: Client, ana: User, question: Question
) -> None:
    page = page_of(as_ana, question)
    number, stamp = number_in(page), stamp_in(page)
    page = as_ana.post(
        answer_url(question), {"value": f"{2 * number} pasos", "asked": stamp}, follow=True
    ).content.decode()
    given = ana.answers.get()
    assert given.correct
    assert str(number) in question.variants[given.variant]["prompt"]
    assert number_in(page) == number
    assert "Correcto" in page
    assert "Otros números" not in page


def test_after_a_miss_the_page_shows_what_was_answered_and_leads_on_to_other_numbers(
    as_ana: Client, question: Question
) -> None:
    page = page_of(as_ana, question)
    number = number_in(page)
    as_ana.post(answer_url(question), {"value": "1", "asked": stamp_in(page)})
    missed = page_of(as_ana, question)
    assert number_in(missed) == number
    assert "Incorrecto" in missed
    assert re.search(r"<fieldset[^>]* disabled", missed)
    assert "Comprobar</button>" not in missed
    assert "?again=cuanto#q-cuanto" in missed
    fresh = page_of(as_ana, question, "?again=cuanto")
    assert number_in(fresh) != number
    assert "Incorrecto" not in fresh
    assert 'name="value" value=""' in fresh


@pytest.mark.parametrize("fetch", [False, True])
def test_an_answer_to_numbers_that_were_missed_in_another_tab_is_not_marked(
    fetch: bool, as_ana: Client, ana: User, question: Question
) -> None:
    page = page_of(as_ana, question)
    sent = {"value": "1", "asked": stamp_in(page)}
    as_ana.post(answer_url(question), sent)
    Answer.objects.update(created_at=now() - timedelta(minutes=1))
    headers = {"X-Requested-With": "fetch"} if fetch else {}
    late = as_ana.post(answer_url(question), sent | {"value": str(2 * number_in(page))}, headers=headers)
    assert late.status_code == 409
    told = late.content.decode()
    assert "tiene ahora otros datos" in told
    assert number_in(told) != number_in(page)
    assert f'value="{2 * number_in(page)}"' in told, "what was typed is still there"
    assert ana.answers.count() == 1


def test_a_question_whose_words_changed_meanwhile_is_not_marked(
    as_ana: Client, ana: User, question: Question
) -> None:
    Question.objects.update(variants=[])
    page = page_of(as_ana, question)
    Question.objects.update(prompt="<p>¿Cuánto es el doble de 999?</p>")
    late = as_ana.post(answer_url(question), {"value": "63438", "asked": stamp_in(page)})
    assert late.status_code == 409
    assert not ana.answers.exists()


def test_a_double_click_on_a_miss_is_one_answer(as_ana: Client, ana: User, question: Question) -> None:
    sent = {"value": "1", "asked": stamp_in(page_of(as_ana, question))}
    for _ in range(2):
        assert as_ana.post(answer_url(question), sent).status_code == 302
    assert ana.answers.count() == 1


def test_nothing_of_any_variants_answer_is_on_the_page_or_in_the_api_before(
    as_ana: Client, dario: Client, question: Question
) -> None:
    lesson = question.lesson.get_absolute_url()
    for client, url in [(as_ana, lesson), (dario, lesson), (as_ana, f"/api/v1{lesson}questions/")]:
        page = client.get(url).content.decode()
        shown = number_in(page)
        for one in question.variants:
            answer = one["answer"]
            values = [answer["value"], *(wrong["value"] for wrong in answer["wrong"])]
            for secret in [answer["right"], answer["wrong"][0]["why"], *(f"{v:.0f}" for v in values)]:
                assert secret not in page
            if str(shown) not in one["prompt"]:
                assert one["prompt"] not in page


def test_a_variant_that_is_gone_is_asked_of_nobody(ana: User, question: Question) -> None:
    for one in question.variants[1:]:
        one["gone"] = True
    for turn in range(4):
        assert asking.in_turn(question, student_id=ana.pk, turn=turn).variant == 0


def test_a_review_asks_other_numbers_each_time(as_ana: Client, ana: User, question: Question) -> None:
    url = f"{question.lesson.course.get_absolute_url()}review/"
    first = number_in(page_of(as_ana, question))
    services.answer_question(student=ana, question=question, response={"value": "1"})
    seen = [first]
    for _ in range(3):
        page = as_ana.get(url).content.decode()
        assert "BIEN" not in page
        assert "RAZON" not in page
        seen.append(number_in(page))
        sent = {"value": str(2 * seen[-1]), "asked": stamp_in(page)}
        told = as_ana.post(f"{url}{question.pk}/", sent, follow=True).content.decode()
        assert "Correcto" in told
        assert number_in(told) == seen[-1]
        ReviewCard.objects.update(due_at=now())
    assert len(set(seen)) == 4
    assert None not in ana.answers.values_list("variant", flat=True)


def test_a_stale_review_is_asked_again_with_todays_numbers(
    as_ana: Client, ana: User, question: Question
) -> None:
    url = f"{question.lesson.course.get_absolute_url()}review/"
    services.answer_question(student=ana, question=question, response={"value": "1"})
    stale = stamp_in(as_ana.get(url).content.decode())
    ReviewCard.objects.update(reviews=5)
    late = as_ana.post(f"{url}{question.pk}/", {"value": "2", "asked": stale})
    assert late.status_code == 409
    assert "tiene ahora otros datos" in late.content.decode()
    assert ana.answers.count() == 1


def test_the_api_says_which_numbers_and_refuses_an_answer_to_others(
    as_ana: Client, ana: User, question: Question
) -> None:
    url = f"/api/v1{question.lesson.get_absolute_url()}questions/"
    (asked,) = as_ana.get(url).json()
    number = number_in(asked["prompt"])
    kind = "application/json"
    wrong = as_ana.post(f"{url}cuanto/answers/", {"value": "1", "asked": asked["asked"]}, content_type=kind)
    assert (wrong.status_code, wrong.json()["correct"]) == (201, False)
    right = {"value": str(2 * number), "asked": asked["asked"]}
    late = as_ana.post(f"{url}cuanto/answers/", right, content_type=kind)
    assert (late.status_code, late.json()["code"]) == (409, "changed")
    (again,) = as_ana.get(url).json()
    assert number_in(again["prompt"]) != number
    right = {"value": str(2 * number_in(again["prompt"])), "asked": again["asked"]}
    assert as_ana.post(f"{url}cuanto/answers/", right, content_type=kind).json()["correct"]
