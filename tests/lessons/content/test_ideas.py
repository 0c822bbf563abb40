from __future__ import annotations

from pathlib import Path

import pytest

from lessons.content import course as content
from tests.lessons.content.small_course import replace, write

LISTED = "velocidad: {title: Velocidad, lesson: 1.1.1}\n"


def told(folder: Path, formulas: Path) -> list[str]:
    return [str(mistake) for mistake in content.read(folder, cache=formulas).mistakes]


def list_ideas(folder: Path, text: str = LISTED) -> None:
    write(folder, "ideas.yaml", text)


def test_listed_ideas_reach_the_record_in_order(folder: Path, formulas: Path):
    list_ideas(folder, LISTED + "otra: {title: Otra, lesson: 1.1.2}\n")
    reading = content.read(folder, cache=formulas)
    assert reading.mistakes == []
    assert [(idea.slug, idea.lesson) for idea in reading.course.ideas] == [
        ("velocidad", "1.1.1"),
        ("otra", "1.1.2"),
    ]


@pytest.mark.parametrize(
    ("ideas", "message"),
    [
        ("velocidades: {title: V, lesson: 1.1.1}\n", "ideas.yaml has no idea 'velocidad'; do you mean"),
        ("velocidad: {title: V, lesson: 1.1.9}\n", "there is no lesson 1.1.9"),
        ("velocidad: {title: V, lesson: 1.1.1, anchor: no-hay}\n", "there is no #no-hay on that page"),
        ("velocidad: {titel: V, lesson: 1.1.1}\n", "do you mean 'title'?"),
        ("velocidad: nada\n", "must be a list of 'key: value'"),
    ],
)
def test_what_is_wrong_with_the_ideas_is_told(folder: Path, formulas: Path, ideas: str, message: str):
    list_ideas(folder, ideas)
    mistakes = told(folder, formulas)
    assert any(message in mistake for mistake in mistakes), mistakes


def test_a_group_about_an_unknown_idea_is_told(folder: Path, formulas: Path):
    list_ideas(folder)
    path = folder / "01-uno/exercises/doble/exercise.md"
    text = path.read_text()
    line = next(one for one in text.splitlines() if one.strip().startswith("idea:"))
    path.write_text(text.replace(line, f"{line}\n    about: lentitud", 1))
    assert any("ideas.yaml has no idea 'lentitud'" in mistake for mistake in told(folder, formulas))


@pytest.mark.parametrize("rule", ["{lessons: 2}", "{lessons: 0}", "{lesons: 1}"])
def test_a_certificate_rule_that_cannot_be_is_told(folder: Path, formulas: Path, rule: str):
    replace(folder, "course.md", "updated: 2025-12-26", f"updated: 2025-12-26\ncertificate: {rule}")
    assert any("course.md" in mistake for mistake in told(folder, formulas))
