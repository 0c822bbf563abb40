"""Notes and bookmarks beside their paragraphs, and what an edit of the course does to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from exercises.loading import load
from lessons.content.anchors import with_anchors
from lessons.models import Bookmark, Course, Lesson, Note
from tests import factories
from tests.lessons.content import small_course
from tests.lessons.content.small_course import replace

SIDENOTE = (
    '<aside class="sidenote" role="note" id="nota-1">'
    '<span class="sidenote__number">1</span> <span class="sidenote__text">Polyak</span> </aside>'
)
HTML = (
    f'<p id="par-1">Uno.</p><p id="par-2">Dos.</p>{SIDENOTE}'
    '<section class="lab" id="lab-x"><h3>Lab</h3></section><p id="par-3">Tres.</p>'
)


@pytest.fixture
def lesson(lesson: Lesson) -> Lesson:
    lesson.html = HTML
    lesson.contents = [{"level": 2, "id": "x", "title": "X"}]
    lesson.save()
    return lesson


def note(student: User, lesson: Lesson, anchor: str, text: str) -> Note:
    return Note.objects.create(student=student, lesson=lesson, anchor=anchor, text=text)


def page_of(client: Client, lesson: Lesson) -> str:
    return client.get(lesson.get_absolute_url()).content.decode()


def body_of(page: str) -> str:
    return page[page.index('class="lesson__body"') :]


def test_a_note_stands_after_its_paragraph_and_shares_the_margin_with_side_notes(
    ana: User, as_ana: Client, lesson: Lesson
):
    note(ana, lesson, "par-1", "PRIMERA")
    note(ana, lesson, "par-2", "SEGUNDA")
    note(ana, lesson, "lab-x", "BAJO-EL-LAB")

    page = page_of(as_ana, lesson)
    order = [
        page.index(word) for word in ("Uno.", "PRIMERA", "Dos.", "Polyak", "SEGUNDA", "BAJO-EL-LAB", "Tres.")
    ]
    assert order == sorted(order)
    assert page.count('<div class="noted">') == 2
    assert page.count('<div class="noted noted--under">') == 1
    assert page.count('class="noted__notes"') == 3


def test_a_question_can_have_a_note(quiz, ana: User, as_ana: Client, lesson: Lesson):
    lesson.html = '<div data-question="una-single"></div>'
    lesson.save()
    note(ana, lesson, "q-una-single", "POR-QUE-FALLE")

    page = page_of(as_ana, lesson)
    assert page.index('id="q-una-single"') < page.index("POR-QUE-FALLE") < page.index("lesson__read")
    assert "Tus notas sin párrafo" not in page


def test_a_bookmark_has_its_flag_and_its_line_in_the_contents(ana: User, as_ana: Client, lesson: Lesson):
    Bookmark.objects.create(student=ana, lesson=lesson, anchor="par-2")

    page = page_of(as_ana, lesson)
    assert body_of(page).count("data-mark>") == 1
    assert '<a href="#par-2">' in page
    assert "Tus marcadores" in page


def test_a_note_whose_paragraph_is_gone_stands_at_the_end(ana: User, as_ana: Client, lesson: Lesson):
    note(ana, lesson, "par-9", "HUERFANA")
    note(ana, lesson, "", "DE-TODA")

    page = page_of(as_ana, lesson)
    end = page[page.index("Tus notas sin párrafo") :]
    assert "Su párrafo ya no está" in end
    assert "HUERFANA" in end
    assert "DE-TODA" in end


def test_the_margin_of_one_student_is_not_that_of_another(ana: User, as_carla: Client, lesson: Lesson):
    note(ana, lesson, "par-1", "SECRETO")
    Bookmark.objects.create(student=ana, lesson=lesson, anchor="par-2")

    page = page_of(as_carla, lesson)
    assert "SECRETO" not in page
    assert "data-mark>" not in body_of(page)


@pytest.mark.parametrize("notes", [1, 30])
def test_a_lesson_costs_the_same_however_much_she_wrote(
    notes, ana: User, as_ana: Client, lesson: Lesson, django_assert_num_queries
):
    for number in range(notes):
        note(ana, lesson, "par-1", f"n{number}")
        Bookmark.objects.create(student=ana, lesson=lesson, anchor=f"par-{number}")
    page_of(as_ana, lesson)
    # session, person, lesson, place, reading twice, neighbours, questions, notes, bookmarks
    with django_assert_num_queries(10):
        page_of(as_ana, lesson)


LESSON = "01-uno/1.1.1-velocidad.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_course.make(tmp_path / "curso")


@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("maths") / "maths.json"


def begin(folder: Path, formulas: Path) -> tuple[User, Lesson, str]:
    """A loaded course whose first lesson has a paragraph of its own; its id."""
    text = "Con el batch entero el descenso necesita mil pasos por cifra."
    replace(folder, LESSON, "## La idea", f"{text}\n\n## La idea")
    load(folder, cache=formulas)
    lesson = Lesson.objects.get(number="1.1.1")
    anchor = with_anchors(f"<p>{text}</p>").split('"')[1]
    assert f'id="{anchor}"' in lesson.html
    person = factories.make_user("eva")
    factories.enrol(person, lesson.course)
    return person, lesson, anchor


@pytest.mark.django_db
def test_a_note_follows_its_paragraph_through_a_correction(folder: Path, formulas: Path):
    eva, lesson, anchor = begin(folder, formulas)
    kept = note(eva, lesson, anchor, "x")
    Bookmark.objects.create(student=eva, lesson=lesson, anchor=anchor)
    replace(folder, LESSON, "necesita mil pasos por cifra", "necesita unos mil pasos por cifra")
    replace(folder, LESSON, "## La idea", "Otro párrafo delante.\n\n## La idea")
    load(folder, cache=formulas)

    kept.refresh_from_db()
    lesson.refresh_from_db()
    assert kept.anchor != anchor
    assert f'id="{kept.anchor}"' in lesson.html
    assert Bookmark.objects.get().anchor == kept.anchor


@pytest.mark.django_db
def test_a_note_whose_paragraph_was_deleted_is_still_there(folder: Path, formulas: Path, client: Client):
    eva, lesson, anchor = begin(folder, formulas)
    note(eva, lesson, anchor, "HUERFANA")
    replace(folder, LESSON, "Con el batch entero el descenso necesita mil pasos por cifra.", "")
    load(folder, cache=formulas)

    client.force_login(eva)
    page = page_of(client, Lesson.objects.get(number="1.1.1"))
    assert page.index("Su párrafo ya no está") < page.index("HUERFANA")


@pytest.mark.django_db
def test_notes_of_a_lesson_that_left_the_course_go_to_the_nearest(folder: Path, formulas: Path):
    eva, lesson, _anchor = begin(folder, formulas)
    gone = lesson.course.lessons.create(
        section=lesson.section,
        number="1.1.9",
        slug="fuera",
        position=9,
        title="Fuera",
        html='<p id="la-idea">',
    )
    note(eva, gone, "la-idea", "SIGUE")
    load(folder, cache=formulas, force=True)

    assert not Lesson.objects.filter(number="1.1.9").exists()
    kept = Note.objects.get(text="SIGUE")
    assert kept.lesson.number == "1.1.2"
    assert kept.anchor == "1.1.9#la-idea"
    assert Course.objects.count() == 1
