"""Each mistake an author can make is told with file and line, all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lessons.content.small_course import figure, replace, told, write

LESSON = "01-uno/1.1.1-velocidad.md"
EXERCISE = "01-uno/exercises/doble/exercise.md"

# what is changed: file, old text, new text → what is told (the line is that of the change)
CHANGES = {
    "broken YAML": (LESSON, "minutes: 5", "minutes: [5", "YAML: "),
    "colon without quotes": (LESSON, "summary: Sabrás contar.", "summary: a: b", "needs quotes"),
    "too little of a GPU": (
        EXERCISE,
        "output_kb: 64}",
        "output_kb: 64, gpu_memory_mb: 2}",
        "'gpu_memory_mb' is 2; from 64 to 65536",
    ),
    "unknown key": (
        LESSON,
        "minutes: 5",
        "minutes: 5\nminuts: 6",
        "unknown key 'minuts'; do you mean 'minutes'?",
    ),
    "wrong type": (LESSON, "minutes: 5", "minutes: mucho", "'minutes' is 'mucho'; a number is due"),
    "out of range": (LESSON, "minutes: 5", "minutes: 900", "a whole number from 1 to 240"),
    "key twice": (LESSON, "minutes: 5", "minutes: 5\nminutes: 6", "'minutes' stands twice"),
    "wrong title": (LESSON, "title: Velocidad", "title: Rapidez", "the outline says 'Velocidad'"),
    "wrong number": (LESSON, "number: 1.1.1", "number: 1.1.2", "the outline says '1.1.1'"),
    "wrong slug": (LESSON, "slug: velocidad", "slug: otra", "the outline says 'velocidad'"),
    "wrong unit title": (
        "01-uno/unit.md",
        "title: La primera",
        "title: La otra",
        "the outline says 'La primera'",
    ),
    "wrong section title": (
        "01-uno/unit.md",
        "    title: Sección",
        "    title: Otra",
        "the outline says 'Sección'",
    ),
    "unit without a lesson": (
        "01-uno/unit.md",
        "[1.1.1, 1.1.2]",
        "[1.1.1]",
        "the lessons must be 1.1.1, 1.1.2",
    ),
    "wrong exercises": ("01-uno/unit.md", "exercises: [doble]", "exercises: []", "those of the outline"),
    "wrong page title": (
        "front/objetivos.md",
        "title: Objetivos",
        "title: Fines",
        "the outline says 'Objetivos'",
    ),
    "unknown block": (
        LESSON,
        ":::aviso Cuidado",
        ":::avizo Cuidado",
        "unknown block ':::avizo'; there are: aviso",
    ),
    "unclosed block": (LESSON, "Porque $a = b$.\n:::", "Porque $a = b$.", "never closed"),
    "block closed twice": (LESSON, "Con **esto**.\n:::", "Con **esto**.\n:::\n:::", "closes no block"),
    "bad formula": (LESSON, "\\rho = \\frac{\\kappa-1}", "\\rho = \\frak{\\kappa-1}{", "formula: "),
    "unknown macro": (LESSON, "$a = b$", "$\\nada$", "formula: Unsupported function name: \\nada"),
    "lone dollar": (LESSON, "Con **esto**.", "Cuesta 3 $.", "a $ without its partner"),
    "nameless link": (LESSON, "Con **esto**.", "Con [$a = b$](leccion:1.1.2).", "only a formula has no name"),
    "dead lesson link": (LESSON, "leccion:1.1.2", "leccion:1.1.9", "there is no lesson 1.1.9; do you mean"),
    "dead anchor": (LESSON, "leccion:1.1.2", "leccion:1.1.1#nada", "there is no #nada on that page"),
    "dead exercise link": (
        LESSON,
        "ejercicio:doble",
        "ejercicio:dobel",
        "no exercise dobel; do you mean doble?",
    ),
    "dead figure link": (LESSON, "leccion:1.1.2", "figura:otra", "there is no #fig-otra"),
    "relative link": (LESSON, "leccion:1.1.2", "../otra.md", "leads nowhere"),
    "script link": (LESSON, "leccion:1.1.2", "javascript:alert`1`", "leads nowhere"),
    "unknown term": (LESSON, "[[paso]]", "[[pasito]]", "the glossary has no 'pasito'; do you mean 'paso'?"),
    "unknown source": (LESSON, "[@polyak1964]", "[@nesterov]", "no source has the key 'nesterov'"),
    "unknown figure": (
        LESSON,
        ":::figure reloj",
        ":::figure rejol",
        "there is no figure 'rejol'; there are: reloj",
    ),
    "figure without alt": (LESSON, "alt: Una recta que baja.\n", "", "'alt' is missing"),
    "unknown value": (
        LESSON,
        "reloj.seconds | 2",
        "reloj.secons | 2",
        "no 'secons' in its data; there are end, sec",
    ),
    "value out of list": (LESSON, "reloj.seconds | 2", "reloj.steps.7", "no '7' in steps; it has 3 items"),
    "unknown format": (LESSON, "reloj.seconds | 2", "reloj.seconds | 2g", "unknown format '2g'"),
    "value of nothing": (LESSON, "{{ reloj.seconds | 2 }}", "{{ seconds }}", "is no value"),
    "unknown language": (
        LESSON,
        '```python\nprint("hola")',
        '```pithon\nprint("hola")',
        "unknown language 'pithon'",
    ),
    "unknown lab": (LESSON, ":::lab simetria", ":::lab simetrias", "the outline has no lab 'simetrias'"),
    "unknown exercise": (
        LESSON,
        ":::exercise doble",
        ":::exercise triple",
        "the outline has no exercise 'triple'",
    ),
    "picture": (LESSON, "Con **esto**.", "![a](b.png)", "a picture comes from a figure script"),
    "question key twice": (LESSON, "- key: cual", "- key: cuanto", "two questions have the key 'cuanto'"),
    "unknown question kind": (LESSON, "kind: single", "kind: singel", "it can be curve, match"),
    "two right options": (LESSON, "why: No.}", "why: No., correct: true}", "exactly one must be"),
    "option without a why": (LESSON, "{text: Aquella, why: No.}", "{text: Aquella}", "'why' is missing"),
    "no tolerance": (LESSON, "  tolerance: 0.01\n", "", "one of 'tolerance' (absolute) and 'rtol'"),
    "wrong value that is right": (
        LESSON,
        "{value: 2,",
        "{value: 0.505,",
        "within the tolerance of the right answer",
    ),
    "source without address": (LESSON, "  arxiv: 1811.03600\n", "", "one of doi, arxiv, url, isbn"),
    "bad arXiv": (LESSON, "arxiv: 1811.03600", "arxiv: 18110360", "'18110360' is no arxiv"),
    "code without Python": (LESSON, "```python\nprint(1 + 2)\n```\n", "", "':::codigo' holds"),
    "exercise of another lesson": (EXERCISE, "lesson: 1.1.1", "lesson: 1.9.9", "there is no lesson 1.9.9"),
    "unknown kind": (EXERCISE, "kind: implement", "kind: implementa", "it can be diagnose"),
    "no visible group": (EXERCISE, "    visible: true\n", "", "no group is visible"),
    "group twice": (EXERCISE, "slug: azar", "slug: ejemplos", "two groups have the same slug"),
    "requires what comes later": (
        EXERCISE,
        "    visible: true",
        "    visible: true\n    requires: [azar]",
        "does not stand before it",
    ),
    "no signature": (EXERCISE, '["doble(x)"]', '["doble(x"]', "is no signature"),
    "limit too high": (EXERCISE, "seconds: 5,", "seconds: 5000,", "from 0.1 to 600"),
    "formula in a statement": (EXERCISE, "Devuelve $2x$.", "Devuelve $\\frac{2}$.", "formula: "),
    "solution that does not parse": (
        "01-uno/exercises/doble/solution.py",
        "return",
        "retrun 3",
        "not Python",
    ),
    "wrong solution of no group": (
        "01-uno/exercises/doble/wrong/cuadrado.py",
        "fails: azar",
        "fails: nada",
        "names 'nada', which is no group",
    ),
    "wrong solution of no hint": (
        "01-uno/exercises/doble/wrong/suma_dos.py",
        "hint: suma",
        "hint: resta",
        "names 'resta', which none",
    ),
    "glossary entry without English": (
        "glossary.md",
        "### paso, iteración | step | 1.1.1",
        "### paso",
        "an entry begins",
    ),
    "outline number": ("outline.yaml", "number: 1.1.2", "number: 1.1.3", "1.1.3 stands where 1.1.2 is due"),
    "outline exercise twice": ("outline.yaml", "[doble]", "[doble, doble]", "exercise doble stands twice"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_mistake_is_told_in_its_file(case: str, folder: Path, formulas: Path) -> None:
    name, old, new, message = CHANGES[case]
    replace(folder, name, old, new)
    mistakes = told(folder, formulas)
    assert any(m.startswith(f"{name}:") and message in m for m in mistakes), mistakes


EXACT_LINES = [
    "unknown block",
    "bad formula",
    "dead lesson link",
    "unknown value",
    "lone dollar",
    "unknown source",
]


@pytest.mark.parametrize("case", EXACT_LINES)
def test_the_line_is_the_one_to_mend(case: str, folder: Path, formulas: Path) -> None:
    name, old, new, message = CHANGES[case]
    line = replace(folder, name, old, new)
    assert [m for m in told(folder, formulas) if m.startswith(f"{name}:{line}: ") and message in m]


def rename(folder: Path) -> None:
    (folder / LESSON).rename(folder / "01-uno/1.1.1-rapidez.md")


def foreign_unit(folder: Path) -> None:
    write(folder, "02-dos/unit.md", "---\nnumber: 2\n---\n")


def foreign_exercise(folder: Path) -> None:
    (folder / "01-uno/exercises/doble").rename(folder / "01-uno/exercises/triple")


def no_outline(folder: Path) -> None:
    (folder / "outline.yaml").unlink()


def no_front_matter(folder: Path) -> None:
    write(folder, LESSON, "# Velocidad\n")


def no_grader(folder: Path) -> None:
    (folder / "01-uno/exercises/doble/grader.py").unlink()


def undrawn(folder: Path) -> None:
    (folder / "01-uno/figures/reloj.wide.svg").unlink()


def no_wrong_solution(folder: Path) -> None:
    for path in (folder / "01-uno/exercises/doble/wrong").iterdir():
        path.unlink()


def same_figure(folder: Path) -> None:
    for path in (folder / "01-uno/figures").iterdir():
        write(folder, f"front/figures/{path.name}", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (rename, "no lesson of this number and slug here; the outline says 1.1.1-velocidad.md"),
        (foreign_unit, "the outline has no unit '02-dos'"),
        (foreign_exercise, "the outline has no exercise 'triple' in this unit"),
        (no_outline, "outline.yaml does not exist"),
        (no_front_matter, "begins with no front matter"),
        (no_grader, "grader.py does not exist"),
        (undrawn, "not drawn (.wide.svg missing): manage.py drawfigures reloj"),
        (no_wrong_solution, "no wrong solution"),
        (same_figure, "has the same name"),
    ],
)
def test_a_folder_that_parts_from_its_outline_is_told(
    break_it: Callable[[Path], None], message: str, folder: Path, formulas: Path
) -> None:
    break_it(folder)
    mistakes = told(folder, formulas)
    assert any(message in m for m in mistakes), mistakes


def test_all_mistakes_come_at_once_sorted_by_file_and_line(folder: Path, formulas: Path) -> None:
    for case in ("bad formula", "dead lesson link", "unknown term", "unknown kind", "wrong page title"):
        name, old, new, _ = CHANGES[case]
        replace(folder, name, old, new)
    mistakes = told(folder, formulas)
    assert len(mistakes) == 5
    assert [m.split(":")[0] for m in mistakes] == [LESSON, LESSON, LESSON, EXERCISE, "front/objetivos.md"]


def test_a_figure_drawn_by_another_script_is_told_to_authors_only(folder: Path, formulas: Path) -> None:
    write(folder, "01-uno/figures/reloj.py", "def compute():\n    return {'seconds': 1}\n")
    assert told(folder, formulas) == []
    assert any("drawn by another version of the script" in m for m in told(folder, formulas, strict=True))
    figure(folder)
    assert not any("drawn by" in m for m in told(folder, formulas, strict=True))


def test_a_lab_without_a_program_is_told_to_authors_only(folder: Path, formulas: Path) -> None:
    replace(folder, "outline.yaml", "labs: [simetria]", "labs: [no-hay]")
    replace(folder, LESSON, ":::lab simetria", ":::lab no-hay")
    assert told(folder, formulas) == []
    assert any("the lab 'no-hay' has no program" in m for m in told(folder, formulas, strict=True))
