from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from lessons.models import Answer, Lesson, Question

from .conftest import KINDS, RIGHT, WRONG, answer_url

Quiz = dict[str, Question]


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_answer_is_kept_as_right_and_leads_back_to_the_question(
    kind, quiz: Quiz, as_ana: Client, ana: User
):
    response = as_ana.post(answer_url(quiz[kind]), RIGHT[kind])

    assert response.status_code == 302
    assert response.url == quiz[kind].lesson.get_absolute_url()
    assert ana.answers.get().correct


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_answer_is_kept_as_wrong_and_the_page_says_so(kind, quiz: Quiz, as_ana: Client, ana: User):
    page = as_ana.post(answer_url(quiz[kind]), WRONG[kind], follow=True).content.decode()

    assert not ana.answers.get().correct
    assert "Incorrecto" in page


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_chosen_is_no_answer_and_the_page_comes_back_with_the_reason(
    kind, quiz: Quiz, as_ana: Client
):
    response = as_ana.post(answer_url(quiz[kind]), {})

    assert response.status_code == 422
    assert "Sin respuesta" in response.content.decode()
    assert not Answer.objects.exists()


def test_a_number_that_is_none_stays_in_its_field_to_be_mended(quiz: Quiz, as_ana: Client):
    page = as_ana.post(answer_url(quiz["numeric"]), {"value": "unos veinte"}).content.decode()

    assert 'value="unos veinte"' in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("text", ["21,9", "21.9", " 21,9 ", "2,19e1"])
def test_a_number_is_read_with_comma_and_with_point(text, quiz: Quiz, as_ana: Client, ana: User):
    as_ana.post(answer_url(quiz["numeric"]), {"value": text})

    assert ana.answers.get().correct


def test_no_page_holds_an_answer_or_a_reason_before_the_student_answers(
    quiz: Quiz, as_ana: Client, dario: Client
):
    url = quiz["single"].lesson.get_absolute_url()

    for reader in (as_ana, dario):
        page = reader.get(url).content.decode()
        for secret in ("RAZON", "SALIDA-BUENA", "21,875", "21.875", "correct"):
            assert secret not in page


def test_an_answer_shows_only_the_reason_for_what_was_chosen(quiz: Quiz, as_ana: Client):
    page = as_ana.post(answer_url(quiz["single"]), {"choice": "a"}, follow=True).content.decode()

    assert "RAZON-DE-A" in page
    assert "RAZON-DE-B" not in page


def test_what_was_answered_is_still_filled_in_on_the_next_visit(quiz: Quiz, as_ana: Client):
    for kind in ("single", "numeric", "order", "match"):
        as_ana.post(answer_url(quiz[kind]), WRONG[kind])

    page = as_ana.get(quiz["single"].lesson.get_absolute_url()).content.decode()
    assert 'value="a" checked' in page
    assert 'value="2.3"' in page
    assert '<option value="r2" selected>' in page
    assert '<option value="1" selected>' in page


def test_the_newest_answer_is_the_one_shown_and_all_are_kept(quiz: Quiz, as_ana: Client, ana: User):
    as_ana.post(answer_url(quiz["single"]), {"choice": "a"})
    page = as_ana.post(answer_url(quiz["single"]), {"choice": "b"}, follow=True).content.decode()

    assert ana.answers.count() == 2
    assert "RAZON-DE-B" in page
    assert "RAZON-DE-A" not in page


def test_the_script_gets_the_question_alone(quiz: Quiz, as_ana: Client):
    response = as_ana.post(answer_url(quiz["single"]), {"choice": "b"}, headers={"X-Requested-With": "fetch"})

    page = response.content.decode()
    assert response.status_code == 200
    assert page.strip().startswith("<section")
    assert "RAZON-DE-B" in page
    assert "una-numeric" not in page


def test_a_stranger_is_sent_to_sign_in_and_back_to_the_question(quiz: Quiz, dario: Client):
    response = dario.post(answer_url(quiz["single"]), {"choice": "b"})

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=/courses/curso/lessons/1.1.1/%23q-una-single")
    assert not Answer.objects.exists()


def test_the_script_of_a_stranger_hears_that_the_session_is_over(quiz: Quiz, dario: Client):
    response = dario.post(answer_url(quiz["single"]), {"choice": "b"}, headers={"X-Requested-With": "fetch"})

    assert response.status_code == 401


def test_who_is_not_enrolled_may_read_the_question_but_not_answer_it(quiz: Quiz, as_bruno: Client):
    page = as_bruno.get(quiz["single"].lesson.get_absolute_url()).content.decode()
    response = as_bruno.post(answer_url(quiz["single"]), {"choice": "b"})

    assert "Apuntarme para responder" in page
    assert response.status_code == 403
    assert not Answer.objects.exists()


def test_a_retired_question_is_neither_shown_nor_answered(quiz: Quiz, as_ana: Client):
    Question.objects.filter(pk=quiz["single"].pk).update(retired=True)

    page = as_ana.get(quiz["single"].lesson.get_absolute_url()).content.decode()
    assert "una-single" not in page
    assert as_ana.post(answer_url(quiz["single"]), {"choice": "b"}).status_code == 404


def test_a_question_is_found_only_under_its_own_lesson(quiz: Quiz, lesson: Lesson, as_ana: Client):
    assert (
        as_ana.post("/courses/curso/lessons/1.1.2/questions/una-single/", {"choice": "b"}).status_code == 404
    )


def test_the_same_place_for_two_items_is_no_answer(quiz: Quiz, as_ana: Client):
    same = {"place-a": "1", "place-b": "1", "place-c": "2"}

    assert as_ana.post(answer_url(quiz["order"]), same).status_code == 422


def test_an_option_that_does_not_exist_is_no_right_answer(quiz: Quiz, as_ana: Client):
    as_ana.post(answer_url(quiz["single"]), {"choice": "<script>"})
    as_ana.post(answer_url(quiz["multiple"]), {"choice": ["a", "c", "zz"]})

    assert not Answer.objects.filter(correct=True).exists()


def test_what_a_student_types_is_shown_as_text(quiz: Quiz, as_ana: Client):
    as_ana.post(answer_url(quiz["predict"]), {"value": '"><script>alert(1)</script>'})

    page = as_ana.get(quiz["predict"].lesson.get_absolute_url()).content.decode()
    assert "<script>alert" not in page


def test_an_answer_without_the_form_token_is_refused(quiz: Quiz, ana: User):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana)

    response = browser.post(answer_url(quiz["single"]), {"choice": "b"})
    assert response.status_code == 403
    assert "El formulario caducó" in response.content.decode()
    assert not Answer.objects.exists()


def test_a_double_click_is_one_answer_and_another_answer_is_a_second(quiz: Quiz, as_ana: Client, ana: User):
    for _ in range(2):
        as_ana.post(answer_url(quiz["single"]), WRONG["single"])
    assert ana.answers.count() == 1

    as_ana.post(answer_url(quiz["single"]), RIGHT["single"])
    assert ana.answers.count() == 2


def test_the_same_answer_some_time_later_is_kept_too(quiz: Quiz, as_ana: Client, ana: User):
    as_ana.post(answer_url(quiz["single"]), WRONG["single"])
    ana.answers.update(created_at=timezone.now() - timedelta(minutes=1))

    as_ana.post(answer_url(quiz["single"]), WRONG["single"])

    assert ana.answers.count() == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_response_of_a_million_characters_is_refused_and_leaves_nothing(kind, quiz: Quiz, as_ana: Client):
    long = dict.fromkeys(("value", "choice", "place-a", "pair-l1", "pair-l2"), "a" * 10**6)
    response = as_ana.post(answer_url(quiz[kind]), long)

    assert response.status_code in {400, 413, 422}
    assert not Answer.objects.exists()
