"""Lists of people as they come: encodings, separators, headings, and everything that is wrong with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.models import Role
from lessons.rosters import MOST_BYTES, MOST_ROWS, TAB, Line, Unreadable, as_text, read_roster

HEADED = "Correo;Nombre;Rol\nana@example.org;Ana Muñoz;estudiante\nleo@example.org;Leo;Ayudante\n"


def people(data: bytes | str) -> list[tuple[str, str, str]]:
    return [(line.email, line.name, line.role.value) for line in read_roster(data).people]


def problem(text: str) -> str:
    (line,) = read_roster(text).bad
    return line.problem


BOTH = [("ana@example.org", "Ana Muñoz", "student"), ("leo@example.org", "Leo", "assistant")]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_list_is_read_whatever_program_wrote_it(delimiter, encoding, newline):
    text = HEADED.replace(";", delimiter).replace("\n", newline)
    assert people(text.encode(encoding)) == BOTH


def test_a_list_in_latin_1_says_so_for_the_accents_may_be_wrong():
    assert "Latin-1" in str(read_roster(HEADED.encode("latin-1")).remarks[0])
    assert read_roster(HEADED.encode()).remarks == []


@pytest.mark.parametrize(
    "text",
    [
        "ana@example.org",
        "ANA@Example.org  ",
        "ana@example.org,Ana",
        "Ana,ana@example.org",
        "Ana Muñoz <ana@example.org>",
        '"Muñoz, Ana" <ana@example.org>',
        "e-mail\nana@example.org",
        "NOMBRE\tCORREO ELECTRÓNICO\nAna\tana@example.org",
        "'ana@example.org",
        "\u200bana@example.org\u202e",
    ],
)
def test_an_address_is_found_however_it_stands_there(text):
    assert [email for email, _name, _role in people(text)] == ["ana@example.org"]


def test_addresses_pasted_on_one_line_are_one_person_each():
    assert [email for email, _n, _r in people("a@example.org; b@example.org; a@example.org")] == [
        "a@example.org",
        "b@example.org",
    ]


def test_who_has_no_role_gets_the_one_chosen_for_all():
    roster = read_roster("ana@example.org\nleo@example.org,Leo,estudiante", role=Role.ASSISTANT)
    assert [line.role for line in roster.people] == [Role.ASSISTANT, Role.STUDENT]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ana@", "No es una dirección"),
        ("ana example.org", "No es una dirección"),
        (f"{'a' * 250}@example.org", "más de 254"),
        (f"ana@example.org,{'x' * 151}", "más de 150"),
        ("correo,rol\nana@example.org,jefa", "Rol desconocido: «jefa»"),
        ("correo,rol\nana@example.org,docente", "lo nombra quien administra"),
        ("ana@example.org,Ana,estudiante,9", "Sobra una columna: «9»"),
        ("correo,nombre\n,Ana", "Falta la dirección"),
        ("correo,nota\nana@example.org,", "Columna desconocida"),
    ],
)
def test_a_bad_line_says_what_is_wrong_with_it(text, reason):
    assert reason in problem(text)


def test_bad_lines_have_the_numbers_of_the_file_and_the_good_ones_stay():
    roster = read_roster("correo\n\nana@example.org\nmal\n\nANA@example.org\n")
    assert [(line.number, line.problem) for line in roster.lines] == [
        (3, ""),
        (4, "No es una dirección de correo."),
        (6, "Repetida: ya está en la línea 3."),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "vacía"),
        (b"\xef\xbb\xbf\n \n;;\n", "vacía"),
        (b"correo;nombre\n", "vacía"),
        ("nombre;rol\nAna;estudiante", "no tiene columna «correo»"),
        (b"PK\x03\x04\x14\x00", "libro de una hoja"),
        (b"ana@example.org\x00", "no es texto"),
        (b"a" * (10 * 1024 * 1024), "ocupa 10240 kB y el máximo son 1024 kB"),
        (
            'correo\n"ana@example.org\nleo@example.org\nx@example.org\ny@example.org\nz@example.org',
            "comillas",
        ),
        ("x@example.org\n" * (MOST_ROWS + 2), "tiene 1002 líneas y caben 1000"),
    ],
)
def test_a_list_that_cannot_be_read_says_why_and_what_to_do(data, reason):
    with pytest.raises(Unreadable, match=reason):
        read_roster(data)


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)))
def test_nothing_that_is_uploaded_is_our_fault(data):
    try:
        people = read_roster(data).people
    except Unreadable:
        people = []
    assert all("@" in line.email for line in people)


NAMES = st.text(st.characters(codec="utf-8", categories=["L", "P", "Nd"]), max_size=30).map(
    lambda name: name.lstrip("'")
)


@given(st.lists(NAMES, min_size=1, max_size=8), st.sampled_from([Role.STUDENT, Role.ASSISTANT]))
def test_what_is_shown_and_sent_back_is_the_same_people(names, role):
    lines = [Line(n, f"p{n}@example.org", name, role) for n, name in enumerate(names, start=1)]
    again = read_roster(as_text(lines), delimiter=TAB).people
    assert [(line.email, line.role) for line in again] == [(line.email, line.role) for line in lines]


def test_the_most_bytes_are_more_than_the_most_people_need():
    text = as_text(Line(n, f"{'a' * 60}{n}@example.org", "N" * 60) for n in range(MOST_ROWS))
    assert len(text) < MOST_BYTES
    assert len(read_roster(text, delimiter=TAB).people) == MOST_ROWS
