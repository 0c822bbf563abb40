"""Marking: what counts as right, which reason is told, and what is no answer at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.content.marking import BadResponse, mark, parse_number

CHOICE = {"correct": "b", "why": {"a": "no, a", "b": "sí, b", "c": "no, c"}, "right": "bien"}
SEVERAL = {"correct": ["a", "c"], "why": {"a": "a sí", "b": "b no", "c": "c sí"}, "right": "bien"}
NUMBER = {
    "value": 0.5,
    "tolerance": 0.02,
    "wrong": [{"value": 2.0, "tolerance": 0.1, "why": "al revés"}],
    "right": "la mitad",
    "otherwise": "divide",
}
PRINTED = {
    "accept": ["[1 2]", "1, 2"],
    "wrong": [{"value": "[2 1]", "why": "al revés"}],
    "otherwise": "cuenta",
}
ORDER = {"order": ["a", "b", "c"], "right": "bien", "otherwise": "otra vez"}
PAIRS = {"pairs": {"a": "x", "b": "y", "c": "x"}, "why": {"b": "b va con y"}, "right": "bien"}


@pytest.mark.parametrize("kind", ["single", "curve"])
def test_one_choice_tells_the_reason_of_what_was_chosen(kind: str) -> None:
    right, wrong = mark(kind, CHOICE, {"choice": "b"}), mark(kind, CHOICE, {"choice": "a"})
    assert (right.correct, right.feedback_html) == (True, "<p>sí, b</p><p>bien</p>")
    assert (wrong.correct, wrong.feedback_html) == (False, "<p>no, a</p>")


def test_several_choices_are_right_only_all_together() -> None:
    assert mark("multiple", SEVERAL, {"choices": ["c", "a"]}).correct
    excess = mark("multiple", SEVERAL, {"choices": ["a", "b", "c"]})
    assert (excess.correct, excess.feedback_html) == (False, "<p>b no</p>")
    missing = mark("multiple", SEVERAL, {"choices": ["a"]})
    assert not missing.correct
    assert "a sí" not in missing.feedback_html
    assert "c sí" not in missing.feedback_html


@pytest.mark.parametrize(
    "typed", ["0,5", "0.5", " 0,51 ", "5e-1", "5·10⁻¹", "5*10^-1", "50 %", "+0.5", ",5", "0,480"]
)
def test_a_number_is_right_however_it_is_written(typed: str) -> None:
    assert mark("numeric", NUMBER, {"value": typed}).correct


@pytest.mark.parametrize(
    ("typed", "told"), [("2", "<p>al revés</p>"), ("7", "<p>divide</p>"), ("-0,5", "<p>divide</p>")]
)
def test_a_wrong_number_tells_the_reason_of_that_number(typed: str, told: str) -> None:
    marked = mark("numeric", NUMBER, {"value": typed})
    assert (marked.correct, marked.feedback_html) == (False, told)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12 500", 12500),
        ("12\u202f500,5", 12500.5),
        ("1.234.567", 1234567),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("−3", -3),
        ("10⁻³", 0.001),
        ("-10^2", -100),
        ("1e-3", 0.001),
        ("1,5 × 10³", 1500),
        ("5%", 0.05),
        ("２", 2),
    ],
)
def test_numbers_as_people_type_them(typed: str, value: float) -> None:
    assert parse_number(typed) == pytest.approx(value)


@pytest.mark.parametrize(
    "typed", ["", "mucho", "1/2", "nan", "inf", "1e999", "0x10", "--1", "1e", "e5", "__import__('os')"]
)
def test_what_is_no_number_is_no_answer(typed: str) -> None:
    with pytest.raises(BadResponse, match="Escribe un número"):
        mark("numeric", NUMBER, {"value": typed})


@given(st.text())
def test_no_text_breaks_the_reading_of_numbers(typed: str) -> None:
    try:
        value = parse_number(typed)
    except BadResponse:
        return
    assert value == value


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_number_is_read_back_with_point_or_comma(value: float) -> None:
    assert parse_number(repr(value)) == value
    assert parse_number(repr(value).replace(".", ",")) == value


@pytest.mark.parametrize("typed", ["[1 2]", " [1  2]\n", "1, 2"])
def test_a_predicted_output_needs_its_words_not_its_spaces(typed: str) -> None:
    assert mark("predict", PRINTED, {"text": typed}).correct


def test_a_wrong_prediction_tells_why() -> None:
    assert mark("predict", PRINTED, {"text": "[2 1]"}).feedback_html == "<p>al revés</p>"
    assert mark("predict", PRINTED, {"text": "nada"}).feedback_html == "<p>cuenta</p>"


def test_an_order_tells_how_many_are_in_place() -> None:
    assert mark("order", ORDER, {"order": ["a", "b", "c"]}).correct
    wrong = mark("order", ORDER, {"order": ["a", "c", "b"]})
    assert not wrong.correct
    assert wrong.feedback_html == "<p>1 de 3 están en su lugar.</p><p>otra vez</p>"


def test_pairs_tell_how_many_are_right_and_why_not() -> None:
    assert mark("match", PAIRS, {"pairs": {"a": "x", "b": "y", "c": "x"}}).correct
    wrong = mark("match", PAIRS, {"pairs": {"a": "x", "b": "x", "c": "x"}})
    assert wrong.feedback_html == "<p>2 de 3 parejas son correctas.</p><p>b va con y</p>"


@pytest.mark.parametrize(
    ("kind", "answer", "response"),
    [
        ("single", CHOICE, {}),
        ("single", CHOICE, {"choice": "z"}),
        ("single", CHOICE, {"choice": ["b"]}),
        ("single", CHOICE, {"choice": None}),
        ("multiple", SEVERAL, {"choices": []}),
        ("multiple", SEVERAL, {"choices": "ac"}),
        ("multiple", SEVERAL, {"choices": ["a", "z"]}),
        ("multiple", SEVERAL, {"choices": ["a", {}]}),
        ("numeric", NUMBER, {}),
        ("numeric", NUMBER, {"value": ["0.5"]}),
        ("predict", PRINTED, {"text": "  "}),
        ("predict", PRINTED, {"text": 5}),
        ("order", ORDER, {"order": ["a", "b"]}),
        ("order", ORDER, {"order": ["a", "a", "b"]}),
        ("order", ORDER, {"order": "abc"}),
        ("match", PAIRS, {"pairs": {"a": "x"}}),
        ("match", PAIRS, {"pairs": {"a": "x", "b": "y", "c": "z"}}),
        ("match", PAIRS, {"pairs": {"a": "x", "b": "y", "c": ["x"]}}),
        ("match", PAIRS, {"pairs": [["a", "x"]]}),
    ],
)
def test_a_response_of_the_wrong_shape_is_no_answer(
    kind: str, answer: dict[str, Any], response: dict[str, Any]
) -> None:
    with pytest.raises(BadResponse):
        mark(kind, answer, response)


@pytest.mark.parametrize(
    ("kind", "answer", "response"),
    [
        ("predict", PRINTED, {"text": "<script>alert(1)</script>"}),
        ("numeric", NUMBER, {"value": "7"}),
        ("order", ORDER, {"order": ["c", "b", "a"]}),
    ],
)
def test_nothing_that_the_student_wrote_comes_back(
    kind: str, answer: dict[str, Any], response: dict[str, Any]
) -> None:
    assert "<script" not in mark(kind, answer, response).feedback_html


@pytest.mark.parametrize(
    ("unit", "typed"),
    [
        ("s", "0,5 s"),
        ("s", "0.5S"),
        ("s", "0,5"),
        ("pasos", "0,5 pasos"),
        ("pasos", "0,5 paso"),
        ("%", "0,5 %"),
    ],
)
def test_the_unit_of_the_question_may_stand_behind_the_number(unit: str, typed: str) -> None:
    assert mark("numeric", NUMBER | {"unit": unit}, {"value": typed}).correct


@pytest.mark.parametrize(
    ("unit", "typed"), [("s", "0,5 kB"), ("s", "500 ms"), ("s", "50 %"), ("%", "0,5 s"), ("kB", "0,5 MB")]
)
def test_another_unit_is_told_and_not_marked(unit: str, typed: str) -> None:
    with pytest.raises(BadResponse, match=f"«{unit}»"):
        mark("numeric", NUMBER | {"unit": unit}, {"value": typed})


@given(st.floats(-1e6, 1e6), st.sampled_from(["s", "pasos", "kB", "%", "épocas"]), st.booleans())
def test_a_number_with_its_unit_means_the_number(number: float, unit: str, comma: bool) -> None:
    typed = f"{number:.3f}".replace(".", "," if comma else ".")
    due = {"value": float(f"{number:.3f}"), "tolerance": 0, "wrong": [], "unit": unit}

    assert mark("numeric", due, {"value": f"{typed} {unit}"}).correct
    assert mark("numeric", due, {"value": typed}).correct
