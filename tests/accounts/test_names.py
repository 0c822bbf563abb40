from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.names import clean_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana   María\t Gil\n", "Ana María Gil"),
        ("   \u00a0\u2003 ", ""),
        ("Ana\u202egro.elpmaxe", "Anagro.elpmaxe"),
        ("\u2066Ana\u2069 \u200bGil\u200f", "Ana Gil"),
        ("Ana\x00\x07\x1b[31m", "Ana[31m"),
        ("\u3164\u2800\uffa0", ""),
        ("Jose\u0301", "José"),
        ("O’Higgins-Núñez, María José", "O’Higgins-Núñez, María José"),
        ("Анна Ахматова", "Анна Ахматова"),
        ("李小龙", "李小龙"),
    ],
)
def test_a_name_keeps_its_letters_and_loses_what_nobody_sees(typed, kept):
    assert clean_name(typed) == kept


@given(st.text())
def test_a_clean_name_stays_as_it_is_and_holds_nothing_that_turns_the_text_around(text):
    name = clean_name(text)

    assert clean_name(name) == name
    assert name == name.strip()
    assert not any(unicodedata.category(mark)[0] == "C" for mark in name)
    assert "  " not in name
