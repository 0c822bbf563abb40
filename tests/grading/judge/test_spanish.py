from __future__ import annotations

import locale

import pytest

from grading.judge.spanish import either, integer, number, printable, seconds, shape

THIN = "\u202f"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.001, "0,001"), (12500.0, f"12{THIN}500"), (0.0, "0"), (1.8, "1,8"), (2.0, "2"), (-0.5, "−0,5"),
        (3.1e-6, "3,1e−6"), (1e9, "1e9"), (0.98020, "0,98"), (float("nan"), "NaN"), (float("-inf"), "−∞"),
        (999999.0, f"999{THIN}999"), (7, "7"),
    ],
)  # fmt: skip
def test_a_number_reads_as_a_spaniard_writes_it(value, text):
    assert number(value) == text


def test_numbers_do_not_depend_on_the_locale_of_the_machine():
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "C")
        assert (number(1234.5, 5), integer(2001), seconds(5.0)) == (
            f"1{THIN}234,5",
            f"2{THIN}001",
            f"5{THIN}s",
        )
    finally:
        locale.setlocale(locale.LC_ALL, before)


def test_an_integer_of_a_thousand_digits_is_told_and_not_written():
    assert integer(10**1000) == "un entero de 1001 cifras"


def test_shapes_and_choices():
    assert (shape((3,)), shape((3, 1)), shape(())) == ("(3,)", "(3, 1)", "()")
    assert either(["«a»", "«b»", "«c»"]) == "«a», «b» o «c»"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mrojo\x1b[0m", "rojo"), ("a\x00b\x07c", "a�b�c"), ("x" * 500, "x" * 299 + "…"),
        ("\u202egnp.exe", "�gnp.exe"), ("una\nlínea", "una línea"), ("\x1b]0;título\x07ya", "ya"),
        ("\ud800", "�"),
    ],
)  # fmt: skip
def test_text_of_the_students_cannot_drive_a_terminal_or_turn_the_line(raw, shown):
    assert printable(raw) == shown
