from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lessons import certificate_codes as codes
from lessons.models import Certificate


@given(st.integers(0, codes.LENGTH - 1), st.sampled_from(codes.ALPHABET))
def test_a_wrong_letter_is_noticed(place: int, letter: str):
    code = codes.new_code().replace("-", "")
    wrong = code[:place] + letter + code[place + 1 :]
    assert (codes.read_code(wrong) is None) == (wrong != code)


@given(st.integers(0, codes.LENGTH - 2))
def test_two_letters_swapped_are_noticed(place: int):
    code = codes.new_code().replace("-", "")
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (codes.read_code(swapped) is None) == (swapped != code)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_none(typed: str):
    found = codes.read_code(typed)
    assert found is None or codes.read_code(found) == found


def test_codes_are_read_in_any_case_and_spacing_and_lead_to_one_address(dario: Client, hers: Certificate):
    sloppy = hers.code.lower().replace("-", " ")
    assert dario.get("/certificates/", {"code": sloppy}).headers["Location"] == hers.get_absolute_url()
    bare = hers.code.replace("-", "")
    assert dario.get(f"/certificates/{bare}/").headers["Location"] == hers.get_absolute_url()


def test_a_mistyped_code_and_one_never_given_are_told_apart(dario: Client, db):
    code = codes.new_code()
    answer = dario.get(f"/certificates/{code}/")
    assert answer.status_code == 404
    assert "No hemos expedido" in answer.content.decode()
    other = "2" if code[0] != "2" else "3"
    answer = dario.get("/certificates/", {"code": other + code[1:]})
    assert answer.status_code == 404
    assert "no está bien copiado" in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "%00", "ñ" * 9000, "‮ABC", "../../etc/passwd"])
def test_nonsense_for_a_code_is_answered_and_not_echoed_raw(dario: Client, db, typed: str):
    answer = dario.get("/certificates/", {"code": typed})
    assert answer.status_code == 404
    assert "<script>alert" not in answer.content.decode()
    assert "ñ" * 41 not in answer.content.decode()


def test_who_tries_out_codes_is_slowed_down(dario: Client, db):
    statuses = [dario.get(f"/certificates/{codes.new_code()}/").status_code for _try in range(61)]
    assert statuses[:60] == [404] * 60
    assert statuses[60] == 429
    assert "Espera un minuto" in dario.get("/certificates/").content.decode()
