"""A course folder from a hostile author (attacks 70 and 77): refused in words, and nothing of it runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lessons.content import clean
from lessons.content import course as content
from lessons.content.mistakes import Mistakes, Where
from tests.lessons.content.small_course import SVG, replace, told, write

LESSON = "01-uno/1.1.1-velocidad.md"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secreto.txt"
    path.write_text("la clave", encoding="utf-8")
    return path


def test_a_link_out_of_the_folder_is_refused_and_not_read(folder: Path, formulas: Path, secret: Path) -> None:
    (folder / LESSON).unlink()
    (folder / LESSON).symlink_to(secret)
    assert f"{LESSON}:1: symbolic links are refused: copy the file into the folder" in told(folder, formulas)


def test_a_linked_folder_is_refused(folder: Path, formulas: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "fuera"
    (folder / "01-uno/figures").rename(elsewhere)
    (folder / "01-uno/figures").symlink_to(elsewhere)
    assert any("symbolic links are refused" in m for m in told(folder, formulas))


def test_a_pipe_does_not_hang_the_load(folder: Path, formulas: Path) -> None:
    (folder / LESSON).unlink()
    os.mkfifo(folder / LESSON)
    assert f"{LESSON}:1: not a regular file" in told(folder, formulas)


@pytest.mark.parametrize("slug", ["../../../etc", "/etc/passwd", "..", "a/b", "A", "ñ"])
@pytest.mark.parametrize("name", [":::figure reloj", ":::exercise doble", ":::lab simetria"])
def test_a_name_with_a_path_in_it_is_no_name(name: str, slug: str, folder: Path, formulas: Path) -> None:
    replace(folder, LESSON, name, f"{name.split()[0]} {slug}")
    assert any("needs a name of a-z" in m for m in told(folder, formulas))


def test_an_outline_cannot_point_outside(folder: Path, formulas: Path, secret: Path) -> None:
    replace(folder, "outline.yaml", "slug: objetivos", f"slug: ../../{secret.stem}")
    mistakes = told(folder, formulas)
    assert any("only a-z, 0-9 and single hyphens" in m for m in mistakes)
    assert not any("la clave" in m for m in mistakes)


@pytest.mark.parametrize(
    "text",
    [
        "summary: !!python/object/apply:os.system ['touch {mark}']",
        "summary: !!python/name:os.system",
        "summary: !algo x",
        "summary: &a [1]\nminutes: *a",
        "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\nsummary: x",
        "summary: " + "[" * 5000,
        "summary: " + "{a: " * 300,
        "summary: [" + "1," * 30000 + "]",
    ],
)
def test_yaml_makes_no_objects_and_no_bombs(text: str, folder: Path, formulas: Path, tmp_path: Path) -> None:
    mark = tmp_path / "corrió"
    replace(folder, LESSON, "summary: Sabrás contar.", text.replace("{mark}", str(mark)))
    assert any(m.startswith(f"{LESSON}:") and "YAML" in m for m in told(folder, formulas))
    assert not mark.exists()


def test_a_huge_file_is_not_read(folder: Path, formulas: Path) -> None:
    write(folder, LESSON, "x" * 1_000_001)
    assert f"{LESSON}:1: 1,000,001 bytes; at most 1,000,000 are read" in told(folder, formulas)


def test_a_sparse_terabyte_is_not_read(folder: Path, formulas: Path) -> None:
    with (folder / "01-uno/figures/reloj.json").open("wb") as file:
        file.truncate(2**40)
    assert any("at most 2,000,000 are read" in m for m in told(folder, formulas))
    content.digest(folder)


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"a\0b", "\ue000d0\ue001".encode(), b"\xed\xa0\x80"])
def test_bytes_that_are_no_plain_text_are_refused(raw: bytes, folder: Path, formulas: Path) -> None:
    with (folder / LESSON).open("ab") as file:
        file.write(raw)
    assert any(
        m.startswith(f"{LESSON}:") and ("not UTF-8" in m or "NUL" in m) for m in told(folder, formulas)
    )


def test_loading_runs_no_python_of_the_folder(folder: Path, formulas: Path, tmp_path: Path) -> None:
    mark = tmp_path / "corrió"
    bomb = f'open({str(mark)!r}, "w")\n'
    for path in [*folder.rglob("*.py")]:
        path.write_text(bomb + path.read_text(encoding="utf-8"), encoding="utf-8")
    write(folder, "01-uno/figures/conftest.py", bomb)
    write(folder, "__init__.py", bomb)
    told(folder, formulas)
    told(folder, formulas, strict=True)
    assert not mark.exists()


def test_template_syntax_is_only_text(folder: Path, formulas: Path) -> None:
    text = "{% load static %} {% include '/etc/passwd' %} {# nada #}"
    replace(folder, LESSON, "Con **esto**.", text)
    html = content.read(folder, cache=formulas).course.lessons[0].html
    assert "{% include '/etc/passwd' %}" in html
    replace(folder, LESSON, text, "{{ settings.SECRET_KEY }} {{ request.user }}")
    mistakes = told(folder, formulas)
    assert any("there is no figure 'settings'" in m for m in mistakes)


MARKUP = """<script>alert(1)</script><img src=x onerror=alert(2)>
<iframe src="https://x.example"></iframe>
<a href="javascript:alert(3)" onclick="alert(4)">uno</a>
<b style="position:fixed" class="x" data-lab="y">dos</b>
<form action="/x"><input name=y><button>tres</button></form> <svg onload=alert(5)></svg>
<math href="javascript:1"></math>
<style>*{display:none}</style> <base href="//x"> <meta http-equiv=refresh content=0> <object data=x></object>

## Título {onclick=alert(6) style=color:red .clase #mio}

[enlace](https://x.example){onmouseover=alert(7)}
"""


def test_markup_that_runs_frames_or_styles_is_gone(folder: Path, formulas: Path) -> None:
    replace(folder, LESSON, "Con **esto**.", MARKUP)
    html = content.read(folder, cache=formulas).course.lessons[0].html
    box = html[html.index('class="aviso"') : html.index('<details class="demostracion"')]
    for word in (
        "alert",
        "<script",
        "<img",
        "<iframe",
        "<form",
        "<input",
        "<style",
        "style=",
        'class="x',
        "data-lab",
        "<base",
        "<meta",
        "<object",
        "<svg",
        "<math",
        "clase",
    ):
        assert word not in box, word
    assert "<b>dos</b>" in box
    assert '<h2 id="mio">' in box


@pytest.mark.parametrize(
    "place", ["alt: ", "Cuidado", "text: Esta", "title: Some methods", "authors: B. T. Polyak"]
)
def test_markup_in_a_value_is_escaped_or_cleaned(place: str, folder: Path, formulas: Path) -> None:
    replace(folder, LESSON, place, f"{place} <script>alert(1)</script><img src=x onerror=alert(2)>")
    lesson = content.read(folder, cache=formulas).course.lessons[0]
    pieces = [lesson.html, *(str(question.public) for question in lesson.questions)]
    assert not any("<script" in piece or "<img" in piece for piece in pieces)


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\def\a{\a\a}\a",
        r"\class{x\" onclick=alert(1)}{y}",
        r"\style{color:red}{x}",
        r"\includegraphics{https://x.example/a.png}",
    ],
)
def test_a_formula_brings_no_markup_of_its_own(tex: str, folder: Path, formulas: Path) -> None:
    replace(folder, LESSON, "$a = b$", f"${tex}$")
    reading = content.read(folder, cache=formulas)
    html = reading.course.lessons[0].html
    assert "<script" not in html
    assert "onclick=" not in html
    assert 'href="javascript' not in html
    assert "<img" not in html


WHERE = Where("figures/x.wide.svg")
SPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
BODY = f'<svg {SPACES} viewBox="0 0 1 1">%s</svg>'


@pytest.mark.parametrize(
    "part",
    [
        "<script>alert(1)</script>",
        '<path onload="alert(1)" d="M0 0"/>',
        '<a href="javascript:alert(1)"><path d="M0 0"/></a>',
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
        '<image href="https://x.example/a.png"/>',
        '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
        '<use href="https://x.example/a.svg#b"/>',
        '<use xlink:href="data:text/html,x"/>',
        '<path fill="url(https://x.example/#a)" d="M0 0"/>',
        '<path style="background:url(//x.example)" d="M0 0"/>',
        "<style>*{fill:red}</style>",
        '<animate attributeName="href" values="javascript:alert(1)"/>',
        '<set attributeName="onload" to="alert(1)"/>',
        '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
        "<g>",
    ],
)
def test_a_drawing_off_the_list_is_refused_whole(part: str) -> None:
    mistakes = Mistakes()
    assert clean.svg(BODY % part, WHERE, mistakes) == ""
    assert mistakes.listed()[0].message.startswith("SVG: ")


def test_a_drawing_reads_no_file_and_expands_no_entity(secret: Path) -> None:
    for head in (
        f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file://{secret}">]>',
        '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE svg SYSTEM "https://x.example/x.dtd">',
    ):
        mistakes = Mistakes()
        drawn = clean.svg(
            head + BODY % "<text>&a;</text>" if "ENTITY" in head else head + BODY % "", WHERE, mistakes
        )
        assert drawn == ""
        assert mistakes


def test_an_honest_drawing_passes_as_it_is() -> None:
    mistakes = Mistakes()
    drawing = SVG.format(kind="wide", script="0" * 16, computing="2" * 16, data="1" * 16)
    assert clean.svg(drawing, WHERE, mistakes) == drawing.strip()
    assert not mistakes
