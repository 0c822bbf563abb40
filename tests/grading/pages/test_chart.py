from __future__ import annotations

import re
from itertools import pairwise

import pytest
from lxml import etree

from grading.pages import chart

STUDENT = {"label": "tú", "role": "student", "points": [[k, 0.5**k] for k in range(20)]}
TARGET = {"label": "objetivo", "role": "target", "y": 1e-4}


def drawn(*curves: dict) -> chart.Chart:
    picture = chart.draw(chart.series_of(curves), chart.axes_of({}))
    assert picture is not None
    return picture


def test_both_sizes_are_well_formed_and_stay_inside_their_frame() -> None:
    picture = drawn(STUDENT, TARGET)
    for svg, frame in ((picture.wide, chart.WIDE), (picture.narrow, chart.NARROW)):
        root = etree.fromstring(svg)
        assert root.get("viewBox") == f"0 0 {frame.width:g} {frame.height:g}"
        for path in root.iter("{*}path", "path"):
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", path.get("d"))]
            assert all(-0.5 <= n <= frame.width for n in numbers)


def test_a_loss_that_spans_decades_gets_a_log_axis() -> None:
    assert "10⁻⁴" in drawn(STUDENT, TARGET).wide


@pytest.mark.parametrize("ys", [[-1, 2, 3], [0, 5, 1000], [3, 3, 3], [1e-300, 1e300, 1], [7]])
def test_any_finite_values_can_be_drawn(ys: list[float]) -> None:
    picture = drawn({"label": "f", "role": "student", "points": list(enumerate(ys))})
    assert "nan" not in picture.wide
    assert "inf" not in picture.wide


def test_a_curve_that_broke_off_is_marked_where_it_was_last_finite() -> None:
    broken = {"label": "tú", "role": "student", "points": [[0, 1.0], [1, 10.0], [2, None]]}
    assert "chart__broken" in drawn(broken).wide
    assert "chart__broken" not in drawn(STUDENT).wide


def test_nothing_to_draw_is_no_chart() -> None:
    assert chart.draw(chart.series_of([])) is None
    assert chart.draw(chart.series_of([{"label": "tú", "role": "student", "points": [[0, None]]}])) is None


def test_a_label_cannot_become_markup() -> None:
    evil = {"label": '"><script>', "role": "student", "points": [[0, 1.0], [1, 2.0]]}
    etree.fromstring(drawn(evil).wide)
    assert "<script>" not in drawn(evil).wide


def test_the_description_gives_the_ends_in_words() -> None:
    assert drawn(STUDENT, TARGET).description == "tú: de 1 a 1,91e−6 entre 0 y 19. Objetivo: 1e−4."


def test_names_at_the_ends_keep_their_distance() -> None:
    lines = [
        {"label": f"línea {n}", "role": "reference", "points": [[0, 1.0], [1, 1.0 + n / 1e6]]}
        for n in range(5)
    ]
    heights = sorted(float(y) for y in re.findall(r'chart__label[^>]*? y="([\d.]+)"', drawn(*lines).wide))
    assert all(b - a >= 15 for a, b in pairwise(heights))


def test_what_differs_by_rounding_is_drawn_level() -> None:
    scale = chart.axis([1.0, 1.0 + 2e-16, 1.0 - 1e-12], allow_log=True)
    assert (scale.low, scale.high) == pytest.approx((0.5, 1.5))
    assert chart.axis([1.0, 1.001], allow_log=True).high < 1.01


def test_a_long_name_takes_two_lines_and_keeps_its_distance() -> None:
    lines = [
        {"label": name, "role": "reference", "points": [[0, 1.0], [1, 1.0]]}
        for name in ("SGD con la mejor η de todas", "momentum, η afinada")
    ]
    narrow = drawn(*lines).narrow
    for piece in (">SGD con la<", ">mejor η…<", ">momentum,<", ">η afinada<"):
        assert piece in narrow
    heights = sorted(float(y) for y in re.findall(r'chart__label[^>]*? y="([\d.]+)"', narrow))
    assert all(b - a >= 15 for a, b in pairwise(heights))


def test_the_axes_are_those_that_the_grader_named() -> None:
    axes = chart.axes_of({"axes": {"x": "producto Hv", "y": "cociente", "log": False}})
    picture = chart.draw(chart.series_of([STUDENT]), axes)
    assert picture is not None
    assert "producto Hv" in picture.wide
    assert ">cociente<" in picture.wide
    assert "10⁻⁴" not in picture.wide


def test_a_logarithmic_height_says_that_it_is_one() -> None:
    assert ">escala log<" in drawn(STUDENT).wide
    named = chart.draw(chart.series_of([STUDENT]), chart.Axes(x="paso", y="pérdida"))
    assert named is not None
    assert ">pérdida (log)<" in named.narrow
    assert "log" not in drawn({"label": "f", "role": "student", "points": [[0, 1.0], [1, 2.0]]}).wide
