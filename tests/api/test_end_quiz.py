"""The end quiz of a unit by a program: the same try, the same refusals, and no answer before the hand-in."""

from __future__ import annotations

import re

import pytest
from rest_framework.test import APIClient

from accounts.models import Scope, User
from lessons.models import Answer, Course, Question, QuizTry
from tests.lessons.conftest import KINDS, make_varying

from .conftest import with_token

URL = "/api/v1/courses/curso/units/1/quiz/"
RIGHT = {
    "una-single": {"choice": "b"},
    "una-curve": {"choice": "a"},
    "una-multiple": {"choices": ["a", "c"]},
    "una-numeric": {"value": "21,9"},
    "una-predict": {"text": "SALIDA-BUENA"},
    "una-order": {"order": ["c", "a", "b"]},
    "una-match": {"pairs": {"l1": "r1", "l2": "r2"}},
}


@pytest.fixture(autouse=True)
def _quiz(course: Course) -> None:
    unit = course.units.get()
    for position, (kind, (public, answer)) in enumerate(KINDS.items(), start=1):
        Question.objects.create(
            unit=unit, key=f"una-{kind}", position=position, kind=kind, public=public, answer=answer
        )
    make_varying(None, unit, position=8)


def filled(questions: list[dict[str, object]], answers: dict[str, dict[str, object]]) -> dict[str, object]:
    """The answers with their stamps, and a right one to the question that varies."""
    (number,) = re.findall(r"doble de (\d+)", str(questions))
    all_of_it = {**answers, "cuanto": {"value": str(2 * int(number))}}
    return {q["key"]: all_of_it[q["key"]] | {"asked": q["asked"]} for q in questions if q["key"] in all_of_it}


def test_a_program_takes_it_from_start_to_reasons(program: APIClient, ana: User) -> None:
    before = program.get(URL).json()
    assert (before["asked"], before["allowed"], before["running"], before["tries"]) == (8, None, None, [])
    begun = program.post(URL)
    assert begun.status_code == 201
    again = program.post(URL).json()
    assert again == begun.json()
    questions = begun.json()["questions"]
    told = program.post(f"{URL}1/", {"answers": filled(questions, RIGHT)}, format="json")
    assert told.status_code == 200, told.json().get("fields_wrong")
    assert (told.json()["score"], told.json()["counts"]) == (1, True)
    assert {q["answer"]["correct"] for q in told.json()["questions"]} == {True}
    after = program.get(URL).json()
    assert after["best"]["number"] == 1
    assert after["running"] is None


def test_nothing_of_an_answer_is_sent_before_the_hand_in(program: APIClient) -> None:
    program.post(URL)
    for text in (program.get(URL).content.decode(), program.get(f"{URL}1/").content.decode()):
        for secret in ("RAZON", "BIEN", "SALIDA-BUENA", "21.875", "correct", "tolerance"):
            assert secret not in text
        for variant in Question.objects.get(key="cuanto").variants:
            assert f"{variant['answer']['value']:.0f}" not in text


def test_what_is_missing_is_named_by_its_key_and_nothing_is_kept(program: APIClient) -> None:
    questions = program.post(URL).json()["questions"]
    answers = filled(questions, {"una-single": {"choice": "zz"}, "una-numeric": {"value": "x" * 2000}})
    refused = program.post(f"{URL}1/", {"answers": answers}, format="json")
    assert refused.status_code == 422
    wrong = refused.json()["fields_wrong"]
    assert set(wrong) == set(RIGHT)
    assert wrong["una-single"] == ["Elige una opción."]
    assert not Answer.objects.exists()
    left_out = program.post(f"{URL}1/", {"answers": answers, "leave_out": True}, format="json").json()
    assert left_out["score"] == pytest.approx(1 / 8)


def test_a_second_hand_in_changes_nothing(program: APIClient) -> None:
    questions = program.post(URL).json()["questions"]
    first = program.post(f"{URL}1/", {"answers": {}, "leave_out": True}, format="json").json()
    second = program.post(f"{URL}1/", {"answers": filled(questions, RIGHT)}, format="json")
    assert (second.status_code, second.json()) == (200, first)


def test_an_answer_to_words_that_have_changed_is_refused(program: APIClient) -> None:
    questions = program.post(URL).json()["questions"]
    Question.objects.filter(key="una-numeric").update(prompt="<p>Otra cosa</p>")
    sent = {"answers": filled(questions, RIGHT), "leave_out": True}
    refused = program.post(f"{URL}1/", sent, format="json")
    assert refused.status_code == 422
    assert list(refused.json()["fields_wrong"]) == ["una-numeric"]


@pytest.mark.parametrize("body", [{}, {"answers": []}, {"answers": {"una-single": "b"}}, {"answers": None}])
def test_a_body_of_another_shape_is_refused(body: dict[str, object], program: APIClient) -> None:
    program.post(URL)
    assert program.post(f"{URL}1/", body, format="json").status_code == 422


def test_a_token_that_may_only_read_starts_nothing(ana: User) -> None:
    reading = with_token(ana, Scope.READ)
    assert reading.get(URL).status_code == 200
    assert reading.post(URL).status_code == 403
    assert not QuizTry.objects.exists()


def test_a_unit_without_an_end_quiz_has_no_address(program: APIClient) -> None:
    Question.objects.update(retired=True)
    assert program.get(URL).status_code == 404
    assert program.post(URL).status_code == 404
