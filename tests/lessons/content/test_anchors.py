"""The ids that notes hold on to: the same for the same text, whatever happens around it."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lessons.content import course as content
from lessons.content.anchors import beginnings, blocks, followed, with_anchors

SVG = '<svg viewBox="0 0 9 9"><path d="M0 0>"/><text>κ</text></svg>'
TEXTS = st.lists(st.text("abc é,.", min_size=1, max_size=8).filter(str.strip), max_size=6)


def page(*paragraphs: str) -> str:
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def ids(html: str) -> list[str]:
    return [block.id for block in blocks(with_anchors(html))]


def test_an_edit_elsewhere_leaves_a_paragraph_its_id():
    before = ids(page("uno", "dos", "tres"))
    after = ids(page("cero", "uno corregido", "dos", "entre", "tres"))

    assert after[2] == before[1]
    assert after[4] == before[2]


def test_case_spaces_and_punctuation_do_not_change_an_id():
    assert ids(page("Con  κ = 10, mil pasos.")) == ids(page("con κ = 10;\nmil pasos"))


def test_an_equation_is_told_apart_by_its_signs():
    plus, minus = (f'<div class="equation"><math><mi>x</mi><mo>{s}</mo></math></div>' for s in "+−")

    assert ids(plus) != ids(minus)


def test_the_same_text_twice_has_two_ids():
    first, second = ids(page("igual", "igual"))

    assert second == f"{first}-2"


@given(TEXTS)
def test_every_block_has_an_id_and_no_two_share_it(texts: list[str]):
    found = ids(page(*texts))

    assert all(found)
    assert len(set(found)) == len(texts)


def test_an_id_of_the_author_stays_and_a_placeholder_gets_none():
    html = '<h2 id="la-idea">La idea</h2><div data-question="una"></div><aside class="sidenote">n</aside>'

    assert with_anchors(html) == html


def test_drawings_come_out_letter_by_letter_as_they_were():
    html = f"<div>{SVG}</div><p>a<br>b</p>"

    assert re.sub(r' id="par-[0-9a-f]{8}"', "", with_anchors(html)) == html
    assert [block.tag for block in blocks(html)] == ["div", "p"]


def test_the_lessons_of_a_course_have_them_and_the_same_ones_each_time(folder: Path, formulas: Path):
    once, again = (content.read(folder, cache=formulas).course.lessons[0].html for _ in range(2))

    assert once == again
    for block in blocks(once):
        assert block.id or block.tag == "aside" or "data-exercise" in once[block.start : block.inner]


def test_a_block_is_known_by_how_it_begins():
    html = (
        f'<p id="a">Con <math><mi>κ</mi></math> grande, {"mucho " * 30}</p><figure id="b">{SVG}Pie</figure>'
    )
    equation = '<div class="equation" id="c"><math><mi>κ</mi></math></div>'

    found = beginnings(html + equation, {"b", "a", "c", "nada"})

    assert list(found) == ["a", "b", "c"]
    assert found["a"].startswith("Con … grande, mucho")
    assert len(found["a"]) <= 91
    assert (found["b"], found["c"]) == ("Pie", "κ")


def test_a_corrected_paragraph_is_followed_and_a_new_one_is_not_taken_for_it():
    before = with_anchors(page("Con un batch entero el descenso necesita mil pasos.", "Lo otro."))
    after = with_anchors(
        page(
            "Nada que ver con eso, ni de lejos.",
            "Con el batch entero, el descenso necesita mil pasos.",
            "Lo otro.",
        )
    )
    old, new = ([block.id for block in blocks(html)] for html in (before, after))

    assert followed(before, after, old) == {old[0]: new[1]}
    assert followed(before, after, [old[1]]) == {}
    assert followed(before, with_anchors(page("Lo otro.")), old) == {}


def test_two_edited_paragraphs_do_not_end_at_one():
    before = with_anchors(page("uno dos tres cuatro cinco", "uno dos tres cuatro seis"))
    after = with_anchors(page("uno dos tres cuatro siete"))

    assert len(followed(before, after, [block.id for block in blocks(before)])) == 1
