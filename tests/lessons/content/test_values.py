"""Numbers in the text, written the Spanish way."""

from __future__ import annotations

import pytest

from lessons.content.values import NoValue, find, write

BIG, SMALL = 1234.5678, 0.000123


@pytest.mark.parametrize(
    ("value", "form", "text", "latex"),
    [
        (BIG, "", "1234,5678", "1234{,}5678"),
        (BIG, "3", "1230", "1230"),
        (BIG, ".2f", "1234,57", "1234{,}57"),
        (BIG, "e1", "1,2·10³", r"1{,}2\cdot 10^{3}"),
        (BIG, "int", "1235", "1235"),
        (BIG, "%1", "123\u202f456,8\u00a0%", r"123\,456{,}8\,\%"),
        (SMALL, "", "0,000123", "0{,}000123"),
        (SMALL, "2", "0,00012", "0{,}00012"),
        (SMALL, "e1", "1,2·10⁻⁴", r"1{,}2\cdot 10^{-4}"),
        (SMALL, ".2f", "0,00", "0{,}00"),
        (0.99951, "3", "1,00", "1{,}00"),
        (-0.5, ".1f", "−0,5", "-0{,}5"),
        (-0.001, ".1f", "0,0", "0{,}0"),
        (12500, "", "12\u202f500", r"12\,500"),
        (0, "3", "0", "0"),
        (0.07, "%", "7\u00a0%", r"7\,\%"),
        ("ReLU", "", "ReLU", "ReLU"),
    ],
)
def test_a_value_is_written_as_asked(value: float | str, form: str, text: str, latex: str) -> None:
    assert write(value, form) == text
    assert write(value, form, latex=True) == latex


@pytest.mark.parametrize("value", [None, True, [1], {"a": 1}, float("nan"), float("inf")])
def test_what_is_no_number_is_not_shown_as_one(value: object) -> None:
    with pytest.raises(NoValue):
        write(value, "3")


def test_a_path_walks_mappings_and_lists() -> None:
    data = {"runs": [{"loss": [3.0, 1.0]}], "a-b": 1}
    assert find(data, ".runs.0.loss.-1") == 1.0
    assert find(data, ".a-b") == 1


@pytest.mark.parametrize("path", [".nada", ".runs.1", ".runs.x", ".runs.0.loss.0.1", ".__class__"])
def test_a_path_that_leads_nowhere_says_where_it_stopped(path: str) -> None:
    with pytest.raises(NoValue, match="no '"):
        find({"runs": [{"loss": [3.0]}]}, path)
