"""A question with other numbers: written as formulas, computed and checked when the course is read."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.content import course as content
from lessons.content import formulas as arithmetic
from lessons.content.formulas import NoFormula
from lessons.content.records import QuestionRecord
from tests.lessons.content import small_course
from tests.lessons.content.small_course import replace, told, write

QUIZ = "01-uno/quiz.md"


@pytest.fixture
def folder(folder: Path) -> Path:
    small_course.end_quiz(folder)
    return folder


def asked(folder: Path, cache: Path, key: str = "cuantos-pasos") -> QuestionRecord:
    reading = content.read(folder, cache=cache)
    assert reading.mistakes == []
    return next(one for one in reading.course.units[0].quiz if one.key == key)


def put(folder: Path, *questions: str) -> None:
    body = "\n".join(questions)
    write(folder, QUIZ, f"---\nunit: 1\n---\n\n:::quiz\n{body}:::\n")


PREDICT = """\
- key: que-imprime
  kind: predict
  idea: velocidad
  vary: {n: [2, 3], x: [0.5, 2.5]}
  prompt: ¿Qué imprime?
  code: |
    x = {{ x }}
    print(x * {{ n }})
  answer: "{{ x * n }}"
  wrong:
    - {value: "{{ x + n }}", why: "Has sumado {{ n }}."}
"""
SINGLE = """\
- key: cual-vale
  kind: single
  idea: velocidad
  vary: {lam: [4, 5, 8]}
  prompt: La mayor curvatura es {{ lam }}. ¿Cuál es el límite de η?
  options:
    - {text: "{{ 2 / lam | .2f }}", why: Es 2/λ., correct: true}
    - {text: "{{ 1 / lam | .2f }}", why: Es 1/λ.}
    - {text: "${{ 2 * lam }}$", why: Es 2λ.}
"""


def test_every_combination_that_is_left_becomes_a_variant_with_its_own_answer(
    folder: Path, formulas: Path
) -> None:
    question = asked(folder, formulas)
    values = sorted(one["answer"]["value"] for one in question.variants)
    due = [k / 4 * math.log(10**c) for k, c in [(10, 3), (10, 6), (50, 3), (50, 6), (100, 3)]]
    assert values == pytest.approx(sorted(due))
    assert len({one["prompt"] for one in question.variants}) == 5
    for one in question.variants:
        answer = one["answer"]
        assert answer["tolerance"] == pytest.approx(0.02 * answer["value"])
        assert answer["wrong"][0]["value"] == pytest.approx(2 * answer["value"])


def test_the_question_itself_reads_as_its_first_variant(folder: Path, formulas: Path) -> None:
    question = asked(folder, formulas)
    assert (question.prompt, question.public, question.answer) == tuple(question.variants[0].values())


def test_numbers_are_written_as_the_text_around_them_wants(folder: Path, formulas: Path) -> None:
    put(folder, PREDICT, SINGLE)
    predict = asked(folder, formulas, "que-imprime")
    half = next(one for one in predict.variants if one["answer"]["accept"] == ["1.5"])
    assert "0.5" in half["public"]["code"]
    assert half["answer"]["wrong"] == [{"value": "3.5", "why": "Has sumado 3."}]
    single = asked(folder, formulas, "cual-vale")
    texts = {option["html"] for one in single.variants for option in one["public"]["options"]}
    assert "0,40" in texts
    assert any("<mn>16</mn>" in text for text in texts)


def test_the_right_option_is_not_known_by_its_id_in_another_variant(folder: Path, formulas: Path) -> None:
    put(folder, SINGLE)
    correct = [one["answer"]["correct"] for one in asked(folder, formulas, "cual-vale").variants]
    assert len(set(correct)) == len(correct) == 3


def test_the_same_folder_gives_the_same_variants_and_a_new_value_moves_none(
    folder: Path, formulas: Path
) -> None:
    before = [one["prompt"] for one in asked(folder, formulas).variants]
    assert [one["prompt"] for one in asked(folder, formulas).variants] == before
    replace(folder, QUIZ, "[10, 50, 100]", "[10, 20, 50, 100]")
    after = [one["prompt"] for one in asked(folder, formulas).variants]
    assert [prompt for prompt in after if prompt in before] == before


def test_at_most_as_many_are_made_as_the_author_asks_for(folder: Path, formulas: Path) -> None:
    replace(folder, QUIZ, "  where: kappa * cifras < 500\n", "  variants: 3\n")
    assert len(asked(folder, formulas).variants) == 3


ONLY = "numbers, names, + - * / ** and functions"
CHANGES = {
    "unknown name": ("answer: pasos", "answer: paso", "there is no 'paso'; there are cifras, kappa, pasos"),
    "not finite": ("answer: pasos", "answer: 1 / (kappa - kappa)", "division by zero"),
    "huge": ("answer: pasos", "answer: 10.0 ** (9 * kappa)", "'10.0 ** (9 * kappa)'"),
    "no number": ("answer: pasos", "answer: kappa > 3", "is no number"),
    "power sign": ("kappa / 4 * ln(10**cifras)", "kappa ^ 2", "a power is written **"),
    "python": ("answer: pasos", "answer: __import__('os').getpid()", ONLY),
    "list": ("answer: pasos", "answer: '[kappa][0]'", ONLY),
    "no formula": ("answer: pasos", "answer: kappa +", "cannot be read as a formula"),
    "no condition": ("where: kappa * cifras < 500", "where: kappa * cifras", "is no condition, as n > 2"),
    "nothing left": ("where: kappa * cifras < 500", "where: kappa > 9000", "combinations left: 0"),
    "one left": ("where: kappa * cifras < 500", "where: kappa * cifras == 30", "combinations left: 1"),
    "no list": ("kappa: [10, 50, 100]", "kappa: 10", "'kappa' must be a list"),
    "no numbers": ("kappa: [10, 50, 100]", "kappa: [diez, 50]", "each of 'kappa' must be a number"),
    "twice": ("kappa: [10, 50, 100]", "kappa: [10, 10.0, 100]", "'kappa' holds a number twice"),
    "name of a function": ("kappa: [10, 50, 100]", "max: [10, 50]", "'max' is no name for a number"),
    "wrong is right": ("value: 2 * pasos", "value: 1.01 * pasos", "within the tolerance of the right answer"),
    "same answer": ("answer: pasos", "answer: 7", "every variant has the same answer"),
    "hidden number": ("pasos cuestan {{ cifras }} cifras", "pasos", "two variants read the same"),
    "bad format": ("{{ pasos | 3 }}", "{{ pasos | .x }}", "unknown format '.x'"),
    "too many": ("cifras: [3, 6]", f"cifras: {list(range(3, 4000))}", "at most 10,000 are looked at"),
    "misspelt": ("  vary:", "  varyy:", "'vary' is missing"),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_what_is_wrong_with_a_formula_is_told_where_it_stands(
    case: str, folder: Path, formulas: Path
) -> None:
    old, new, message = CHANGES[case]
    line = replace(folder, QUIZ, old, new)
    mistakes = told(folder, formulas)
    assert any(message in one for one in mistakes), mistakes
    if case not in {"same answer", "hidden number", "nothing left", "one left", "too many", "misspelt"}:
        lines = {int(one.split(":")[1]) for one in mistakes}
        assert line in lines, mistakes


def test_a_wrong_value_within_reach_of_another_is_told_with_the_numbers(folder: Path, formulas: Path) -> None:
    again = '    - {value: 2 * pasos, why: "{{ 2 * pasos | 3 }} serían para la distancia."}\n'
    replace(folder, QUIZ, again, again + "    - {value: 2 * pasos + 0.1, why: Casi.}\n")
    (mistake,) = told(folder, formulas)
    assert "is within the tolerance of a wrong value before it" in mistake
    assert "kappa = " in mistake


def test_a_curve_does_not_vary(folder: Path, formulas: Path) -> None:
    put(folder, SINGLE.replace("kind: single", "kind: curve\n  figure: reloj"))
    assert any("a 'curve' does not vary" in one for one in told(folder, formulas))


def test_braces_outside_a_question_that_varies_are_told(folder: Path, formulas: Path) -> None:
    replace(folder, QUIZ, "prompt: ¿Qué crece con κ?", 'prompt: "¿Qué crece con {{ 2 * kappa }}?"')
    assert any("is no value" in one for one in told(folder, formulas))


@pytest.mark.parametrize(
    ("text", "value"),
    [("2 + 3 * 4", 14), ("-2 ** 2", -4), ("2 ** 10", 1024), ("7 // 2 + 7 % 2", 4), ("ln(e)", 1),
     ("pi", math.pi), ("max(n, 3) if n > 2 else 0", 5), ("round(n / 3, 2)", 1.67), ("9 ** 0.5", 3)],
)  # fmt: skip
def test_a_formula_is_worth_what_arithmetic_says(text: str, value: float) -> None:
    assert arithmetic.number(text, {"n": 5}) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    ["9**9**9**9", "10**400", "(-8)**0.5", "ln(0)", "1e400", "n.real", "'a' * 3", "(1).__class__",
     "lambda: 1", "[x for x in (1,2)]", "f(1)", "n := 3", "exit()", "{1: 2}",
     "2 << 9", "", "(" * 400],
)  # fmt: skip
def test_what_is_no_arithmetic_or_has_no_value_is_refused(text: str) -> None:
    with pytest.raises(NoFormula):
        arithmetic.number(text, {"n": 5})


@given(st.text(alphabet="n0123456789+-*/%()., <>=abceilnorsxt_", max_size=60))
def test_no_text_does_anything_but_be_a_number_or_be_refused(text: str) -> None:
    try:
        value: Any = arithmetic.number(text, {"n": 5})
    except NoFormula:
        return
    assert math.isfinite(value)
