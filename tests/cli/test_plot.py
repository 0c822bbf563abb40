"""Curves in a terminal: what a reader would see."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursesite_cli import words
from coursesite_cli.plot import GUTTER, Line, as_text, draw

FALLING = Line("tú", "student", [(i, 10.0 ** (-i / 20)) for i in range(101)])


@pytest.fixture(autouse=True)
def _spanish():
    words.speak("es")


def picture(*lines: Line, **options) -> list[str]:
    return as_text(draw(lines, width=60, height=16, **options)).splitlines()


def inked(row: str) -> list[int]:
    return [place for place, sign in enumerate(row[GUTTER + 1 :]) if sign not in " ⠀"]


def test_a_geometric_fall_is_a_straight_line_on_decades():
    rows = picture(FALLING, names=("paso", "pérdida"))
    assert rows[0] == "pérdida (log)"
    labels = [row[:GUTTER].strip() for row in rows[1:-2]]
    assert [label for label in labels if label] == ["10⁰", "10⁻¹", "10⁻²", "10⁻³", "10⁻⁴", "10⁻⁵"]
    middles = [sum(places) / len(places) for row in rows[1:-2] if (places := inked(row))]
    steps = [after - before for before, after in pairwise(middles[1:-1])]
    assert max(steps) - min(steps) < 2
    assert "paso" in rows[-1]
    assert rows[-1].strip().endswith("100")


def test_a_height_that_may_not_be_logarithmic_is_not():
    assert "(log)" not in picture(FALLING, log=False, names=("", "pérdida"))[0]
    assert "(log)" not in picture(Line("", "student", [(0, 2.0), (1, 1.0)]), names=("", "y"))[0]
    assert "(log)" not in picture(Line("", "student", [(0, 1e5), (1, -1.0)]), names=("", "y"))[0]


def test_a_curve_that_diverged_breaks_where_it_is_no_number():
    gap = picture(Line("", "student", [(0, 1.0), (1, 1.0), (5, None), (9, 1.0), (10, 1.0)]), log=False)
    places = inked(next(row for row in gap if inked(row)))
    assert places
    assert not [place for place in places if 10 < place < 40]


def test_several_lines_are_told_apart_by_their_role():
    rows = draw(
        [FALLING, Line("", "reference", [(0, 1.0), (100, 1e-2)]), Line("", "target", [(0, 1e-4)])],
        width=60,
        height=16,
    )
    assert {segment.role for row in rows for segment in row} == {"", "student", "reference", "target"}


def test_a_terminal_without_braille_gets_plain_signs():
    text = "\n".join(picture(FALLING, braille=False))
    assert "*" in text
    assert not [sign for sign in text if "\u2500" <= sign <= "\u28ff"]


def test_nothing_to_draw_is_no_picture():
    assert draw([], width=60, height=16) == []
    assert draw([Line("", "student", [])], width=60, height=16) == []
    assert draw([Line("", "student", [(0, None), (1, math.nan)])], width=60, height=16) == []
    assert draw([Line("", "target", [(0, 1.0)])], width=60, height=16) == []


NUMBERS = st.floats(allow_nan=True, allow_infinity=True) | st.none()


@given(
    st.lists(
        st.builds(
            Line,
            st.text(max_size=5),
            st.sampled_from(["student", "reference", "target"]),
            st.lists(st.tuples(st.floats(allow_nan=False), NUMBERS), max_size=20),
        ),
        max_size=4,
    ),
    st.integers(1, 200),
    st.integers(1, 50),
    st.booleans(),
)
def test_whatever_the_numbers_the_picture_keeps_its_size(lines, width, height, log):
    rows = draw(lines, width=width, height=height, log=log, names=("x", "y"))
    assert len(rows) <= max(height, 5) + 1
    for row in rows[1:-1]:
        assert len("".join(segment.text for segment in row)) <= max(width, 10 + GUTTER + 1) + 8
