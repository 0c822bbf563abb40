"""All notes and bookmarks of a course: looked through, searched, and taken away as one file."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from lessons.models import Bookmark, Course, Lesson, Note

from .conftest import grow

URL = "/courses/curso/notes/"


@pytest.fixture
def lesson(lesson: Lesson) -> Lesson:
    lesson.html = '<p id="par-1">El primero [1].</p><p id="par-2">El segundo.</p>'
    lesson.save()
    return lesson


@pytest.fixture
def _written(ana: User, course: Course, lesson: Lesson) -> None:
    grow(course, 2)
    other = course.lessons.get(number="2.1.1")
    for where, anchor, text in (
        (other, "", "OTRA-UNIDAD"),
        (lesson, "par-2", "La tasa ÓPTIMA llega *tarde*."),
        (lesson, "par-1", "Acuérdate de κ."),
        (lesson, "par-9", "HUERFANA"),
    ):
        Note.objects.create(student=ana, lesson=where, anchor=anchor, text=text)
    Bookmark.objects.create(student=ana, lesson=lesson, anchor="par-1")


@pytest.mark.usefixtures("_written")
def test_everything_stands_in_the_order_of_the_course_and_leads_to_its_place(as_ana: Client):
    page = as_ana.get(URL).content.decode()

    order = [page.index(w) for w in ("Acuérdate", "ÓPTIMA", "HUERFANA", "OTRA-UNIDAD")]
    assert order == sorted(order)
    assert 'href="/courses/curso/lessons/1.1.1/#par-2">El segundo.</a>' in page
    assert "Su párrafo ya no está" in page
    assert page.count("Quitar el marcador") == 1


@pytest.mark.usefixtures("_written")
@pytest.mark.parametrize(
    ("query", "found", "not_found"),
    [
        ("q=optima", "ÓPTIMA", "OTRA-UNIDAD"),
        ("q=tarde+TASA", "ÓPTIMA", "Acuérdate"),
        ("unit=2", "OTRA-UNIDAD", "ÓPTIMA"),
        ("q=otra&unit=1", "Ninguna nota dice eso", "OTRA-UNIDAD"),
        ("q=%CE%BA", "Acuérdate", "ÓPTIMA"),
        ("unit=x&page=x", "OTRA-UNIDAD", "Ninguna nota"),
    ],
)
def test_search_knows_no_case_and_no_accents(query, found, not_found, as_ana: Client):
    page = as_ana.get(f"{URL}?{query}").content.decode()

    assert found in page
    assert not_found not in page


def test_nothing_yet_says_how_to_begin(as_ana: Client):
    page = as_ana.get(URL).content.decode()

    assert "Aún no hay nada" in page
    assert "notes.md" not in page


def test_what_was_searched_is_shown_as_text(ana: User, as_ana: Client, lesson: Lesson):
    Note.objects.create(student=ana, lesson=lesson, text="x")

    assert "<script>" not in as_ana.get(URL, {"q": '"><script>'}).content.decode().split("<main")[1]


def test_many_notes_come_in_pages(ana: User, as_ana: Client, lesson: Lesson):
    Note.objects.bulk_create(
        Note(student=ana, lesson=lesson, anchor="par-1", text=f"n{i:03}") for i in range(60)
    )

    first, second = (as_ana.get(URL, {"page": page}).content.decode() for page in (1, 2))
    assert "n049" in first
    assert "n050" not in first
    assert "n050" in second
    assert "Página 2 de 2" in second
    assert as_ana.get(URL, {"page": 99}).content.decode().count("n059") == 1


@pytest.mark.parametrize("notes", [1, 40])
def test_the_page_costs_eight_queries_however_many_notes(
    notes, ana: User, as_ana: Client, lesson: Lesson, django_assert_num_queries
):
    for number in range(notes):
        Note.objects.create(student=ana, lesson=lesson, anchor="par-1", text=f"n{number}")
        Bookmark.objects.create(student=ana, lesson=lesson, anchor=f"par-{number}")
    # session, person, course, place; notes, bookmarks, units, the lessons' texts
    with django_assert_num_queries(8):
        as_ana.get(URL)
    with django_assert_num_queries(7):
        as_ana.get("/courses/curso/notes.md")


@pytest.mark.usefixtures("_written")
def test_one_file_has_every_note_as_it_was_written(as_ana: Client):
    answer = as_ana.get("/courses/curso/notes.md")

    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert 'filename="curso-notas.md"' in answer["Content-Disposition"]
    text = answer.content.decode()
    assert "# Notas de «Curso de prueba»" in text
    assert "### 1.1.1 Lección 1\n\n<http://testserver/courses/curso/lessons/1.1.1/>" in text
    assert "> [El segundo.](http://testserver/courses/curso/lessons/1.1.1/#par-2)\n\nLa tasa ÓPTIMA" in text
    assert "> [El primero \\[1\\].](http://testserver/courses/curso/lessons/1.1.1/#par-1) · Marcador" in text
    assert "> Su párrafo ya no está.\n\nHUERFANA" in text
    assert "> Toda la lección\n\nOTRA-UNIDAD" in text


@pytest.mark.usefixtures("_written")
def test_the_course_page_lists_the_newest_bookmarks(as_ana: Client, dario: Client, course: Course):
    page = as_ana.get(course.get_absolute_url()).content.decode()

    assert "4 notas" in page
    assert 'href="/courses/curso/lessons/1.1.1/#par-1"' in page
    assert "Notas y marcadores" not in dario.get(course.get_absolute_url()).content.decode()
