"""The end quiz of a unit: a file beside unit.md, read and checked as the lessons' questions are."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.content import course as content
from lessons.content import status
from tests.lessons.content import small_course
from tests.lessons.content.small_course import replace, told, write

QUIZ = "01-uno/quiz.md"


def test_its_questions_belong_to_the_unit_and_to_no_lesson(folder: Path, formulas: Path) -> None:
    small_course.end_quiz(folder)
    course = content.read(folder, cache=formulas).course
    assert [one.key for one in course.units[0].quiz] == ["cuantos-pasos", "cual-crece"]
    assert [one.key for one in course.lessons[0].questions] == ["cuanto", "cual"]


def test_it_is_counted(folder: Path, formulas: Path) -> None:
    before = status.counts(content.read(folder, cache=formulas).course)
    small_course.end_quiz(folder)
    after = status.counts(content.read(folder, cache=formulas).course)
    assert (before["quizzes"], after["quizzes"]) == (
        {"written": 0, "total": 1},
        {"written": 1, "total": 1},
    )
    assert after["questions"] == before["questions"] + 2


def test_a_draft_is_checked_but_has_no_questions_yet(folder: Path, formulas: Path) -> None:
    small_course.end_quiz(folder)
    replace(folder, QUIZ, "status: written", "status: draft")
    assert content.read(folder, cache=formulas).course.units[0].quiz == []
    replace(folder, QUIZ, "kind: single", "kind: simple")
    assert any("'kind' is 'simple'" in one for one in told(folder, formulas))


def test_a_lesson_and_the_end_quiz_may_use_the_same_key(folder: Path, formulas: Path) -> None:
    small_course.end_quiz(folder)
    replace(folder, QUIZ, "key: cual-crece", "key: cual")
    assert told(folder, formulas) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("unit: 1", "unit: 2", "this is the folder of unit 1"),
        ("unit: 1", "units: 1", "unknown key 'units'; do you mean 'unit'?"),
        ("key: cual-crece", "key: cuantos-pasos", "two questions have the key 'cuantos-pasos'"),
        ("- key: cual-crece", "- clave: cual-crece", "'key' is missing"),
        ("rtol: 0.02", "rtol: .inf", "'rtol' must be a number"),
        ("¿Qué crece con κ?", "¿Qué dice [[nada]]?", "the glossary has no 'nada'"),
    ],
)
def test_each_mistake_is_told_with_its_line(
    old: str, new: str, message: str, folder: Path, formulas: Path
) -> None:
    small_course.end_quiz(folder)
    line = replace(folder, QUIZ, old, new)
    assert any(one.startswith(f"{QUIZ}:{line}: ") and message in one for one in told(folder, formulas))


def test_text_beside_the_questions_is_told_for_no_page_would_show_it(folder: Path, formulas: Path) -> None:
    small_course.end_quiz(folder)
    replace(folder, QUIZ, ":::quiz\n", "Suerte.\n\n:::quiz\n")
    assert any("holds ':::quiz' blocks and nothing else" in one for one in told(folder, formulas))


def test_an_empty_one_is_told(folder: Path, formulas: Path) -> None:
    write(folder, QUIZ, "---\nunit: 1\n---\n")
    assert any("the end quiz has no question" in one for one in told(folder, formulas))


@pytest.mark.parametrize("path", ["quiz.md", "01-uno/exercises/doble/quiz.md", "front/quiz.md"])
def test_one_that_lies_elsewhere_is_told(path: str, folder: Path, formulas: Path) -> None:
    write(folder, path, small_course.QUIZ)
    assert any("an end quiz lies in the folder of its unit" in one for one in told(folder, formulas))
