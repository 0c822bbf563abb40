"""docs/authoring.md tells the truth: it names everything, and its examples load as they stand."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from lessons.content import exercise, marking, parts, quiz, variants
from lessons.content import formulas as formulas_of_authors
from tests.lessons.content.small_course import replace, told, write

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs/authoring.md").read_text(encoding="utf-8")
LESSON = "01-uno/1.1.1-velocidad.md"


def example(starting: str, language: str) -> str:
    """The code block of the guide that holds `starting`."""
    blocks = re.findall(rf"^(`{{3,4}}){language}\n(.*?)^\1$", GUIDE, re.DOTALL | re.MULTILINE)
    (found,) = [body for _, body in blocks if starting in body]
    return str(found)


@pytest.mark.parametrize("name", sorted(parts.BLOCKS))
def test_every_block_is_shown(name: str) -> None:
    assert f":::{name}" in GUIDE or name == "quiz"
    assert f"`:::{name}`" in GUIDE or f":::{name} " in GUIDE or f":::{name}\n" in GUIDE


def test_every_kind_of_question_is_told_with_its_shapes() -> None:
    assert set(quiz.KINDS) == set(marking.MARKERS)
    for kind in quiz.KINDS:
        assert GUIDE.count(f"`{kind}`") >= 2, kind


def test_every_limit_and_kind_of_exercise_is_named() -> None:
    for name in [*exercise.LIMITS, *exercise.KINDS]:
        assert name in GUIDE, name


def test_every_method_of_the_canvas_is_told() -> None:
    source = (ROOT / "lessons/content/figures/canvas.py").read_text(encoding="utf-8")
    (canvas,) = [n for n in ast.parse(source).body if isinstance(n, ast.ClassDef) and n.name == "Canvas"]
    methods = {n.name for n in canvas.body if isinstance(n, ast.FunctionDef)} - {"save"}
    for name in methods:
        assert name.startswith("_") or f"`{name}" in GUIDE, name


def test_the_quiz_of_the_guide_loads(folder: Path, formulas: Path) -> None:
    body = example("- key: doble-kappa", "yaml")
    replace(folder, LESSON, "## La idea", f"## La idea\n\n:::quiz\n{body}:::\n")
    assert told(folder, formulas) == []


def test_the_question_with_variants_of_the_guide_loads_also_in_an_end_quiz(
    folder: Path, formulas: Path
) -> None:
    body = example("- key: pasos-segun-kappa", "yaml")
    front = example("- key: que-reloj", "markdown").partition("- key")[0]
    write(folder, "01-uno/quiz.md", f"{front}{body}:::\n")
    assert told(folder, formulas) == []


def test_every_function_of_a_formula_is_named() -> None:
    for name in [*formulas_of_authors.FUNCTIONS, *formulas_of_authors.CONSTANTS, *variants.KEYS]:
        assert re.search(rf"[`\s]{re.escape(name)}[`\s]", GUIDE), name


def test_the_sources_and_the_warnings_of_the_guide_load(folder: Path, formulas: Path) -> None:
    text = (folder / LESSON).read_text(encoding="utf-8")
    without = re.sub(r":::fuentes.*?\n:::\n", "", text, flags=re.DOTALL)
    notes = example(":::aviso", "markdown").replace("tasa-de-convergencia", "doble")
    write(folder, LESSON, f"{without}\n{example(':::fuentes', 'markdown')}\n{notes}\n")
    assert told(folder, formulas) == []


def test_the_code_block_of_the_guide_loads(folder: Path, formulas: Path) -> None:
    replace(folder, LESSON, "## La idea", example(":::codigo", "markdown"))
    assert told(folder, formulas) == []


def test_the_exercise_of_the_guide_loads(folder: Path, formulas: Path) -> None:
    front = example("slug: eta-maximo", "yaml").replace("eta-maximo\n", "doble\n").replace("1.1.2", "1.1.1")
    write(folder, "01-uno/exercises/doble/exercise.md", f"{front}\nEnunciado.\n")
    wrong = example("fails: traza", "python").replace("traza-con-suelo", "ejemplos")
    for path in (folder / "01-uno/exercises/doble/wrong").iterdir():
        path.write_text(wrong, encoding="utf-8")
    assert told(folder, formulas) == []


def test_the_glossary_entry_of_the_guide_loads(folder: Path, formulas: Path) -> None:
    with (folder / "glossary.md").open("a", encoding="utf-8") as file:
        file.write("\n" + example("### número de condición", "markdown"))
    replace(folder, LESSON, "Con **esto**.", "El [[número de condición]], o sea [[kappa|el de antes]].")
    assert [m for m in told(folder, formulas) if "kappa" not in m] == []
