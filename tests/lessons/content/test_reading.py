"""A valid course comes out as the pages' contract says (docs/authoring.md)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lessons.content import course as content
from lessons.content.maths import keep_signs
from lessons.content.records import CourseRecord, LessonRecord
from tests.lessons.content.small_course import replace, told, without_anchors, write

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def course(folder: Path, formulas: Path) -> CourseRecord:
    reading = content.read(folder, cache=formulas)
    assert reading.mistakes == []
    return reading.course


@pytest.fixture
def lesson(course: CourseRecord) -> LessonRecord:
    return course.lessons[0]


def test_the_real_course_has_its_whole_outline_and_no_mistake(formulas: Path) -> None:
    reading = content.read(ROOT / "courses" / "optimizacion-de-redes-neuronales", cache=formulas)
    assert reading.mistakes == []
    course = reading.course
    sections = [section for unit in course.units for section in unit.sections]
    assert (len(course.units), len(sections), len(course.lessons)) == (13, 25, 77)
    assert sum(len(unit.promised) for unit in course.units) == 39
    assert len(course.labs) == 19
    assert [page.title for page in course.pages] == [
        "Objetivos del curso",
        "Cómo usar este curso",
        "Entrenar bien importa más que la arquitectura",
        "Recursos recomendados",
        "Glosario (opcional)",
        "Créditos",
    ]


def test_a_lesson_without_a_file_is_announced_and_not_written(course: CourseRecord) -> None:
    assert [(lesson.number, lesson.written) for lesson in course.lessons] == [
        ("1.1.1", True),
        ("1.1.2", False),
    ]
    assert course.lessons[1].html == ""


def test_formulas_are_mathml_inline_and_in_a_box(lesson: LessonRecord) -> None:
    assert '<div class="equation"><math display="block"' in without_anchors(lesson.html)
    assert "ℝ" in lesson.html  # the course's macro
    assert "$" not in lesson.html.replace("Datos", "")
    assert not re.search("[\ue000-\ue0ff]", lesson.html)


def test_a_comma_and_a_bracket_stay_on_the_line_of_their_formula() -> None:
    formula = "<math><mi>B</mi><mo>=</mo><mn>64</mn></math>"

    assert keep_signs(f"con {formula}, unas") == f'con <span class="whole">{formula},</span> unas'
    assert keep_signs(f"con ({formula} y") == f'con <span class="whole">({formula}</span> y'
    assert keep_signs(f"con {formula} unas, {formula}") == f"con {formula} unas, {formula}"


def test_values_come_from_the_figure_in_spanish_and_in_latex(lesson: LessonRecord) -> None:
    assert "cuesta 0,051 s" in lesson.html
    assert "<mn>0,05</mn>" in lesson.html
    assert "1,2·10⁻⁴" in lesson.html


def test_a_footnote_stands_beside_its_paragraph(lesson: LessonRecord) -> None:
    call = lesson.html.index('<a href="#nota-1">1</a>')
    note = lesson.html.index('<aside class="sidenote" role="note" id="nota-1">')
    assert call < note < lesson.html.index('class="equation"')
    assert "<em>esta</em> máquina." in lesson.html


def test_a_figure_carries_both_drawings_its_words_and_its_numbers(lesson: LessonRecord) -> None:
    figure = re.search(
        r'<figure class="figure figure--text" id="fig-reloj">.*?</figure>', lesson.html, re.DOTALL
    )
    assert figure is not None
    for part in (
        'class="figure__wide"',
        'class="figure__narrow"',
        'aria-label="Una recta que baja."',
        "Figura 1.",
    ):
        assert part in figure[0]
    assert 'download="reloj.csv" href="data:text/csv;charset=utf-8,pasos,%CE%BA%0A1,2%0A"' in figure[0]


def test_ids_are_unique_though_a_drawing_stands_twice(lesson: LessonRecord) -> None:
    ids = re.findall(r'\sid="([^"]+)"', lesson.html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="#([^"]+)"', lesson.html):
        assert target in ids


def test_blocks_become_what_the_front_end_expects(lesson: LessonRecord) -> None:
    for part in (
        '<div data-question="cuanto"></div>',
        '<div data-exercise="doble"></div>',
        'data-lab="simetria" data-settings="{}"',
        '<div class="lab__stage"><figure',
        '<div class="aviso" role="note"><p class="aviso__title">Cuidado</p>',
        '<details class="demostracion"><summary>Por qué</summary>',
        '<pre class="code"><code><span class="nb">print</span>',
        '<div class="runnable" id="codigo-tres" data-runnable="tres" data-runtime="numpy">',
        '<pre class="runnable__output"><samp>3</samp></pre>',
        '<li id="fuente-polyak1964">',
        '<a href="https://arxiv.org/abs/1811.03600" rel="noopener">arXiv:1811.03600</a>',
        '<a href="#fuente-polyak1964" rel="noopener">Polyak, 1964</a>',
        'href="/courses/curso/pages/glosario/#termino-paso"',
        'href="/courses/curso/lessons/1.1.2/"',
        '<div class="table-box"><table>',
    ):
        assert part in without_anchors(lesson.html), part


def test_contents_list_the_headings_in_order(lesson: LessonRecord) -> None:
    assert [(h.level, h.id, h.title) for h in lesson.contents] == [
        (2, "la-idea", "La idea"),
        (2, "fuentes", "Fuentes"),
    ]


def test_what_a_page_may_show_of_a_question_does_not_hold_the_answer(lesson: LessonRecord) -> None:
    numeric, single = lesson.questions
    assert numeric.public == {"unit": ""}
    assert numeric.answer["value"] == 0.5
    assert "<math" in numeric.prompt
    assert {option["html"] for option in single.public["options"]} == {"Esta", "Aquella"}
    assert all(set(option) == {"id", "html"} for option in single.public["options"])
    assert "Sí." not in str(single.public)


def test_an_equation_in_the_middle_of_a_paragraph_does_not_stand_inside_it(
    folder: Path, formulas: Path
) -> None:
    replace(folder, "01-uno/1.1.1-velocidad.md", "Porque $a = b$.", "Porque\n$$a = b$$\ny ya.")
    html = content.read(folder, cache=formulas).course.lessons[0].html
    assert re.search(r'<p>Porque</p><div class="equation">.*?</div><p>y ya\.</p>', html, re.DOTALL)


def test_code_is_left_as_it_is_written(folder: Path, formulas: Path) -> None:
    body = "`$x$` y `[[a]]` y `*b*`\n\n```text\n$1 {{ no }} [[1]] :::\n```\n"
    replace(folder, "01-uno/1.1.1-velocidad.md", "## La idea", f"{body}\n## La idea")
    assert told(folder, formulas) == []
    html = without_anchors(content.read(folder, cache=formulas).course.lessons[0].html)
    assert "<code>$x$</code> y <code>[[a]]</code> y <code>*b*</code>" in html
    assert '<pre class="code"><code>$1 {{ no }} [[1]] :::</code></pre>' in html


def test_a_draft_is_checked_but_not_shown(folder: Path, formulas: Path) -> None:
    replace(folder, "01-uno/1.1.1-velocidad.md", "status: written", "status: draft")
    line = replace(folder, "01-uno/1.1.1-velocidad.md", "## La idea", "[x](leccion:9.9.9)")
    reading = content.read(folder, cache=formulas)
    assert reading.course.lessons[0].html == ""
    assert [(m.line, m.message) for m in reading.mistakes] == [(line, "there is no lesson 9.9.9")]


def test_a_number_and_its_per_cent_sign_are_one_word_and_code_is_not(folder: Path, formulas: Path) -> None:
    replace(
        folder, "01-uno/1.1.1-velocidad.md", "## La idea", "## La idea\n\nDel 5 % al **7 %**, y `5 % 3`.\n"
    )
    html = content.read(folder, cache=formulas).course.lessons[0].html
    assert "Del 5\u00a0% al <strong>7\u00a0%</strong>" in html
    assert "5 % 3</code>" in html


def test_the_digest_changes_with_any_file_and_with_nothing_else(folder: Path) -> None:
    before = content.digest(folder)
    assert content.digest(folder) == before
    write(folder, "01-uno/figures/reloj.csv", "pasos\n")
    assert content.digest(folder) != before


def test_formulas_are_rendered_once(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "maths.json"
    first = content.read(folder, cache=cache).course.lessons[0].html
    monkeypatch.setattr("lessons.content.maths.node", lambda: "/nowhere/node")
    assert content.read(folder, cache=cache).course.lessons[0].html == first


def test_a_broken_memory_of_formulas_is_not_trusted(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "maths.json"
    cache.write_text('{"version": 1, "mathml": ', encoding="utf-8")
    assert "<math" in content.read(folder, cache=cache).course.lessons[0].html


def test_hints_of_the_exercise_are_every_groups_and_a_groups_own_come_first(
    folder: Path, formulas: Path
) -> None:
    statement = "01-uno/exercises/doble/exercise.md"
    replace(
        folder, statement, "groups:\n", "hints:\n  suma: Quizá sumas.\n  signo: Mira el $x < 0$.\ngroups:\n"
    )
    reading = content.read(folder, cache=formulas)
    assert reading.mistakes == []
    visible, hidden = reading.course.exercises[0].groups
    assert visible.hints["suma"] == "Quizá sumas."
    assert hidden.hints["suma"] == "Parece que sumas."
    assert hidden.hints["signo"] == visible.hints["signo"]


def test_an_exercise_may_say_how_much_of_a_gpu_it_takes(folder: Path, formulas: Path) -> None:
    exercise = "01-uno/exercises/doble/exercise.md"
    assert "gpu_memory_mb" not in content.read(folder, cache=formulas).course.exercises[0].limits
    replace(folder, exercise, "output_kb: 64}", "output_kb: 64, gpu_memory_mb: 2048}")
    reading = content.read(folder, cache=formulas)
    assert reading.mistakes == []
    assert reading.course.exercises[0].limits["gpu_memory_mb"] == 2048
