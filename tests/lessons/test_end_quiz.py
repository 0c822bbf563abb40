"""The end quiz of a unit: a try from its start to what came of it, and what can go wrong between."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from lessons.mastery import mastery_of
from lessons.models import Answer, Course, Question, QuizTry, ReviewCard, Unit
from lessons.selectors.quizzes import asked_in
from lessons.services.trying import NoQuiz, start_try

from .conftest import RIGHT, WRONG, make_varying
from .end_quizzes import hidden, sent, start, take


class TestATry:
    def test_answered_rightly_it_is_worth_everything(self, as_ana: Client, ana: User, quiz_url: str) -> None:
        page = take(as_ana, quiz_url)
        assert "8 de 8" in page
        assert "100 %" in page
        assert "cuenta: es tu mejor intento" in page
        (only,) = ana.quiz_tries.all()
        assert (only.number, only.score, only.counts) == (1, 1.0, True)
        assert only.answers.filter(correct=True).count() == 8

    def test_answered_wrongly_each_question_says_why_and_gives_no_answer_away(
        self, as_ana: Client, quiz_url: str
    ) -> None:
        page = take(as_ana, quiz_url, WRONG)
        assert "1 de 8" in page
        assert page.count("Incorrecto") == 7
        for reason in ("RAZON-DE-A", "RAZON-DEL-LOGARITMO", "RAZON-RESTANTE"):
            assert reason in page
        for secret in ("RAZON-GENERAL", "SALIDA-BUENA", "21,875", "21.875"):
            assert secret not in page

    def test_what_was_missed_comes_back_for_review_and_counts_as_evidence(
        self, as_ana: Client, ana: User, course: Course, quiz_url: str
    ) -> None:
        take(as_ana, quiz_url, WRONG)
        assert ReviewCard.objects.filter(student=ana).count() == 7
        mastery = mastery_of(course=course, students=[ana.pk])[ana.pk]["velocidad"]
        assert mastery.evidence == 8
        assert mastery.score < 40
        page = as_ana.get(f"{course.get_absolute_url()}review/").content.decode()
        assert "Del quiz de la unidad 1" in page

    def test_the_same_try_shows_the_same_numbers_and_order_and_another_try_others(
        self, as_ana: Client, ana: User, quiz_url: str
    ) -> None:
        address = start(as_ana, quiz_url)
        first = hidden(as_ana.get(address).content.decode())
        assert hidden(as_ana.get(address).content.decode()) == first
        assert len(first) == 8
        QuizTry.objects.update(seed=1)
        orders = set()
        for seed in range(12):
            QuizTry.objects.update(seed=seed)
            shown = {one.question.key: one for one in asked_in(ana.quiz_tries.select_related("unit").get())}
            orders.add(
                (
                    shown["cuanto"].variant,
                    *(option["id"] for option in shown["una-multiple"].public["options"]),
                )
            )
            assert [item["id"] for item in shown["una-order"].public["items"]] != ["c", "a", "b"]
            assert [one["id"] for one in shown["una-match"].public["right"]] != ["r1", "r2"]
        assert len(orders) > 6

    def test_an_authors_order_is_kept(self, ana: User, end_quiz, unit: Unit) -> None:
        question = end_quiz["multiple"]
        question.public = {**question.public, "shuffle": False}
        question.save()
        for seed in range(8):
            one = QuizTry(student=ana, unit=unit, number=1, seed=seed)
            shown = next(a for a in asked_in(one) if a.question == question)
            assert [option["id"] for option in shown.public["options"]] == ["a", "b", "c"]

    def test_nothing_of_an_answer_is_on_its_page_before_it_is_handed_in(
        self, as_ana: Client, end_quiz, quiz_url: str
    ) -> None:
        page = as_ana.get(start(as_ana, quiz_url)).content.decode()
        (shown,) = re.findall(r"doble de (\d+)", page)
        for secret in ("RAZON", "BIEN", "SALIDA-BUENA", "21,875", "21.875", "correct", "tolerance"):
            assert secret not in page
        for variant in end_quiz["varying"].variants:
            assert f"{variant['answer']['value']:.0f}" not in page
            assert shown in variant["prompt"] or variant["prompt"] not in page

    def test_another_try_of_the_same_student_gives_nothing_of_the_open_one_away(
        self, as_ana: Client, quiz_url: str
    ) -> None:
        take(as_ana, quiz_url, WRONG)
        start(as_ana, quiz_url)
        page = as_ana.get(quiz_url).content.decode()
        assert "Continuar el intento 2" in page
        assert "RAZON" not in page


class TestARefusedHandIn:
    def test_what_is_missing_is_told_and_all_that_was_sent_is_still_there(
        self, as_ana: Client, ana: User, quiz_url: str
    ) -> None:
        address = start(as_ana, quiz_url)
        fields = sent(as_ana.get(address).content.decode(), WRONG)
        fields |= {"una-numeric.value": "unos veinte", "una-predict.value": " "}
        response = as_ana.post(address, fields)
        page = response.content.decode()
        assert response.status_code == 422
        assert "Faltan 2 preguntas" in page
        assert '<a href="#q-una-numeric">' in page
        assert 'value="unos veinte"' in page
        assert re.search(r'name="una-single.choice" value="a" checked', page)
        assert re.search(r'name="una-match.pair-l1".*?<option value="r2" selected>', page, re.DOTALL)
        assert "RAZON" not in page
        assert not ana.answers.exists()
        assert ana.quiz_tries.get().handed_in_at is None

    def test_it_can_be_handed_in_as_it_is_and_the_rest_counts_as_missed(
        self, as_ana: Client, ana: User, quiz_url: str
    ) -> None:
        address = start(as_ana, quiz_url)
        as_ana.post(address, {"leave_out": "1"} | hidden(as_ana.get(address).content.decode()))
        assert ana.quiz_tries.get().score == 0
        page = as_ana.get(address).content.decode()
        assert "0 de 8" in page
        assert page.count("La dejaste sin responder.") == 8

    @pytest.mark.parametrize(
        "bad",
        [
            {"una-single.choice": "zz"},
            {"una-single.choice": "<script>alert(1)</script>"},
            {"una-multiple.choice": ["a", "zz"]},
            {"una-order.place-a": "1", "una-order.place-b": "1"},
            {"una-order.place-c": "", "una-order.place-zz": "1"},
            {"una-match.pair-l1": "r9"},
            {"una-match.pair-l1": "l1"},
            {"una-numeric.value": "1" * 10**6},
            {"una-predict.value": "x" * 10**6},
            {"una-single.choice": "b" * 10**6},
            {"una-numeric.value": "21,9 épocas"},
        ],
        ids=lambda bad: f"{next(iter(bad))}={next(iter(bad.values()))!s:.12}",
    )
    def test_what_is_no_answer_is_refused_and_nothing_is_kept(
        self, bad: dict[str, object], as_ana: Client, ana: User, quiz_url: str
    ) -> None:
        address = start(as_ana, quiz_url)
        fields = sent(as_ana.get(address).content.decode(), RIGHT)
        response = as_ana.post(address, fields | bad)
        assert response.status_code == 422
        page = response.content.decode()
        assert "Falta una pregunta" in page
        assert "<script>alert" not in page
        assert len(page) < 200_000
        assert not ana.answers.exists()
        assert as_ana.post(address, fields).status_code == 302

    def test_a_body_beyond_all_measure_is_refused(self, as_ana: Client, ana: User, quiz_url: str) -> None:
        address = start(as_ana, quiz_url)
        assert as_ana.post(address, {"una-numeric.value": "1" * 10**7}).status_code in {400, 413}
        assert not ana.answers.exists()

    def test_without_the_form_token_it_is_refused(self, ana: User, quiz_url: str) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(ana)
        assert browser.post(quiz_url).status_code == 403
        assert not QuizTry.objects.exists()


class TestTwice:
    def test_a_double_click_starts_one_try(self, as_ana: Client, ana: User, quiz_url: str) -> None:
        assert start(as_ana, quiz_url) == start(as_ana, quiz_url)
        assert ana.quiz_tries.count() == 1

    def test_a_try_that_is_handed_in_twice_is_what_was_handed_in_first(
        self, as_ana: Client, ana: User, quiz_url: str
    ) -> None:
        address = start(as_ana, quiz_url)
        page = as_ana.get(address).content.decode()
        as_ana.post(address, sent(page, WRONG))
        second = as_ana.post(address, sent(page, RIGHT), follow=True).content.decode()
        assert "ya estaba entregado" in second
        assert ana.quiz_tries.get().score == pytest.approx(1 / 8)
        assert ana.answers.count() == 8

    def test_a_tab_of_an_earlier_try_does_not_hand_in_the_one_that_is_open(
        self, as_ana: Client, ana: User, quiz_url: str
    ) -> None:
        first = start(as_ana, quiz_url)
        page = as_ana.get(first).content.decode()
        as_ana.post(first, sent(page, WRONG))
        start(as_ana, quiz_url)
        as_ana.post(first, sent(page, RIGHT))
        assert ana.quiz_tries.get(number=2).handed_in_at is None

    def test_the_database_holds_one_open_try_and_one_answer_a_question(
        self, ana: User, unit: Unit, end_quiz
    ) -> None:
        one = start_try(student=ana, unit=unit)
        with pytest.raises(IntegrityError), transaction.atomic():
            QuizTry.objects.create(student=ana, unit=unit, number=2, seed=1)
        kept = {
            "student": ana,
            "question": end_quiz["single"],
            "quiz_try": one,
            "response": {},
            "correct": True,
        }
        Answer.objects.create(**kept)
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.create(**kept)


class TestACourseThatChangesMeanwhile:
    def test_a_question_that_was_retired_is_told_and_the_rest_is_kept(
        self, as_ana: Client, ana: User, end_quiz, quiz_url: str
    ) -> None:
        address = start(as_ana, quiz_url)
        fields = sent(as_ana.get(address).content.decode(), RIGHT)
        Question.objects.filter(pk=end_quiz["single"].pk).update(retired=True)
        refused = as_ana.post(address, fields | {"una-numeric.value": ""}).content.decode()
        assert "Una pregunta se ha retirado del quiz mientras respondías" in refused
        assert "una-single" not in refused
        assert as_ana.post(address, fields).status_code == 302
        assert ana.quiz_tries.get().score == 1
        assert ana.answers.count() == 7

    def test_a_question_that_was_changed_is_asked_again_and_may_not_be_left_out(
        self, as_ana: Client, ana: User, end_quiz, quiz_url: str
    ) -> None:
        address = start(as_ana, quiz_url)
        fields = sent(as_ana.get(address).content.decode(), RIGHT)
        Question.objects.filter(pk=end_quiz["numeric"].pk).update(prompt="<p>¿Y ahora?</p>")
        response = as_ana.post(address, fields | {"leave_out": "1"})
        page = response.content.decode()
        assert response.status_code == 422
        assert "tiene ahora otros datos" in page
        assert "¿Y ahora?" in page
        assert 'name="leave_out"' not in page
        assert 'value="21,9"' in page
        assert as_ana.post(address, fields | hidden(page)).status_code == 302
        assert ana.quiz_tries.get().score == 1

    def test_numbers_that_are_no_longer_made_are_not_marked_against_others(
        self, as_ana: Client, ana: User, end_quiz, quiz_url: str
    ) -> None:
        address = start(as_ana, quiz_url)
        page = as_ana.get(address).content.decode()
        varying = end_quiz["varying"]
        (shown,) = re.findall(r"doble de (\d+)", page)
        varying.variants = [{**v, "gone": True} if shown in v["prompt"] else v for v in varying.variants]
        varying.save()
        again = as_ana.post(address, sent(page, RIGHT))
        assert again.status_code == 422
        (other,) = re.findall(r"doble de (\d+)", again.content.decode())
        assert other != shown
        assert as_ana.post(address, sent(again.content.decode(), RIGHT)).status_code == 302
        assert ana.quiz_tries.get().score == 1

    def test_a_mended_answer_marks_what_is_handed_in_after_it(
        self, as_ana: Client, ana: User, end_quiz, quiz_url: str
    ) -> None:
        address = start(as_ana, quiz_url)
        fields = sent(as_ana.get(address).content.decode(), RIGHT)
        question = end_quiz["single"]
        question.answer = {**question.answer, "correct": "a"}
        question.save()
        assert as_ana.post(address, fields).status_code == 302
        assert not ana.answers.get(question=question).correct

    def test_a_question_that_came_in_meanwhile_is_asked_too(
        self, as_ana: Client, unit: Unit, end_quiz, quiz_url: str
    ) -> None:
        address = start(as_ana, quiz_url)
        fields = sent(as_ana.get(address).content.decode(), RIGHT)
        make_varying(None, unit, key="nueva", position=9)
        page = as_ana.post(address, fields).content.decode()
        assert "Falta una pregunta" in page
        assert '<a href="#q-nueva">9</a>' in page

    def test_a_quiz_that_was_retired_leads_to_its_unit(
        self, as_ana: Client, ana: User, quiz_url: str
    ) -> None:
        address = start(as_ana, quiz_url)
        fields = sent(as_ana.get(address).content.decode(), RIGHT)
        Question.objects.update(retired=True)
        page = as_ana.post(address, fields, follow=True).content.decode()
        assert "se ha retirado del curso" in page
        assert as_ana.get(quiz_url).status_code == 404
        assert as_ana.get(address).status_code == 404
        with pytest.raises(NoQuiz):
            start_try(student=ana, unit=Unit.objects.get())

    def test_what_came_of_a_try_is_still_read_when_its_questions_have_gone_or_changed_kind(
        self, as_ana: Client, end_quiz, quiz_url: str
    ) -> None:
        take(as_ana, quiz_url, WRONG)
        Question.objects.update(retired=True)
        Question.objects.filter(pk=end_quiz["single"].pk).update(kind="numeric", public={"unit": ""})
        changed = Question.objects.filter(pk=end_quiz["numeric"].pk)
        changed.update(kind="order", public={}, answer={"order": []})
        Question.objects.filter(pk=end_quiz["order"].pk).update(kind="match", public={}, answer={"pairs": {}})
        response = as_ana.get(f"{quiz_url}1/")
        assert response.status_code == 200
        assert "RAZON-DE-A" in response.content.decode()
