"""Writing notes and bookmarks: by form and by script, in two tabs, too long, in somebody else's name."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from accounts.models import User
from lessons.models import Bookmark, Course, Lesson, Note
from lessons.services import noting
from tests import factories
from tests.conftest import signed_in

SCRIPT = {"X-Requested-With": "fetch"}
P1, P2 = "par-00000001", "par-00000002"


@pytest.fixture
def lesson(lesson: Lesson) -> Lesson:
    lesson.html = f'<p id="{P1}">El primero.</p><p id="{P2}">El segundo.</p>'
    lesson.contents = [{"level": 2, "id": "x", "title": "X"}]
    lesson.save()
    return lesson


@pytest.fixture
def url(lesson: Lesson) -> str:
    return f"{lesson.get_absolute_url()}notes/"


def write(student: User, lesson: Lesson, text: str = "Mía.", anchor: str = P1) -> Note:
    return noting.create_note(student=student, lesson=lesson, anchor=anchor, text=text)


def address(note: Note, what: str = "") -> str:
    return f"/courses/curso/notes/{note.pk}/{what}"


def test_a_note_written_in_a_form_stands_on_the_page(url: str, as_ana: Client, lesson: Lesson):
    answer = as_ana.post(url, {"anchor": P2, "text": "Por *esto*.\r\nY más.\n"}, follow=True)

    page = answer.content.decode()
    assert "Nota guardada." in page
    assert "Por <em>esto</em>." in page
    assert "El segundo." in page
    note = Note.objects.get()
    assert (note.anchor, note.text, note.revision) == (P2, "Por *esto*.\nY más.", 1)


def test_the_form_offers_every_paragraph_and_the_whole_lesson(url: str, as_ana: Client):
    page = as_ana.get(f"{url}?place={P2}").content.decode()

    assert f'<option value="{P2}" selected>El segundo.</option>' in page
    assert f'<option value="{P1}">El primero.</option>' in page
    assert '<option value="">Toda la lección</option>' in page


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("   \n ", "La nota está vacía"),
        ("a" * 10_001, "La nota tiene 10001 caracteres y caben 10000"),
        ("a\0b", "byte NUL"),
    ],
)
def test_a_note_that_cannot_be_kept_comes_back_with_the_reason(text, why, url: str, as_ana: Client):
    by_form = as_ana.post(url, {"anchor": P1, "text": text})
    by_script = as_ana.post(url, {"anchor": P1, "text": text}, headers=SCRIPT)

    assert by_form.status_code == by_script.status_code == 422
    assert why in by_form.content.decode()
    assert text.strip()[:50].replace("\0", "") in by_form.content.decode().replace("\0", "").replace("�", "")
    assert why in by_script.json()["message"]
    assert not Note.objects.exists()


def test_a_place_that_is_no_place_is_refused(url: str, as_ana: Client):
    assert as_ana.post(url, {"anchor": "a" * 121, "text": "x"}).status_code == 422


def test_a_double_click_makes_one_note(url: str, as_ana: Client):
    for _click in range(2):
        as_ana.post(url, {"anchor": P1, "text": "Una."})

    assert Note.objects.count() == 1


def test_there_is_an_end_to_how_many_notes_and_it_says_so(
    url: str, as_ana: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(noting, "MAX_NOTES", 1)
    as_ana.post(url, {"anchor": P1, "text": "Una."})

    assert "no caben más" in as_ana.post(url, {"anchor": P1, "text": "Otra."}).content.decode()
    assert Note.objects.count() == 1


def test_a_script_hears_what_was_kept(url: str, as_ana: Client):
    made = as_ana.post(url, {"anchor": P1, "text": "Una."}, headers=SCRIPT)
    assert made.status_code == 201
    kept = made.json()
    saved = as_ana.post(
        f"/courses/curso/notes/{kept['id']}/", {"text": "Dos.", "revision": "1"}, headers=SCRIPT
    )

    assert saved.json()["revision"] == 2
    assert f'data-note="{kept["id"]}"' in saved.json()["html"]
    assert "<p>Dos.</p>" in saved.json()["html"]


def test_two_tabs_writing_one_note_overwrite_nothing(ana: User, as_ana: Client, lesson: Lesson):
    note = write(ana, lesson)
    as_ana.post(address(note), {"text": "De una pestaña.", "revision": "1"})
    late = as_ana.post(address(note), {"text": "De la otra.", "revision": "1"}, headers=SCRIPT)

    assert late.status_code == 409
    assert (late.json()["code"], late.json()["text"], late.json()["revision"]) == (
        "conflict",
        "De una pestaña.",
        2,
    )
    note.refresh_from_db()
    assert note.text == "De una pestaña."


def test_a_form_that_comes_second_shows_both_and_each_choice_works(
    ana: User, as_ana: Client, lesson: Lesson, url: str
):
    note = write(ana, lesson)
    as_ana.post(address(note), {"text": "De una pestaña.", "revision": "1"})
    late = as_ana.post(address(note), {"text": "De la otra.", "revision": "1"})

    page = late.content.decode()
    assert late.status_code == 409
    assert "De una pestaña." in page
    assert "De la otra." in page
    assert 'name="revision" value="2"' in page
    as_ana.post(url, {"anchor": P1, "text": "De la otra."})  # «Conservar las dos»
    assert set(Note.objects.values_list("text", flat=True)) == {"De una pestaña.", "De la otra."}
    as_ana.post(address(note), {"text": "La mía.", "revision": "2"})
    note.refresh_from_db()
    assert note.text == "La mía."


def test_the_same_text_again_is_no_conflict(ana: User, as_ana: Client, lesson: Lesson):
    note = write(ana, lesson)
    for _lost_answer in range(2):
        answer = as_ana.post(address(note), {"text": "Dos.", "revision": "1"}, headers=SCRIPT)

    assert (answer.status_code, answer.json()["revision"]) == (200, 2)


def test_what_is_written_into_a_note_that_another_tab_deleted_is_kept(
    ana: User, as_ana: Client, lesson: Lesson
):
    note = write(ana, lesson)
    as_ana.post(address(note, "delete/"), {"revision": "1"})
    fields = {"text": "Lo que escribía.", "revision": "1", "number": "1.1.1", "anchor": P1}
    by_form = as_ana.post(address(note), fields)
    by_script = as_ana.post(address(note), fields, headers=SCRIPT)

    assert by_form.status_code == 409
    assert "Lo que escribía." in by_form.content.decode()
    assert "como nota nueva" in by_form.content.decode()
    assert by_script.status_code == 404


def test_a_note_changed_elsewhere_is_not_deleted_unseen(ana: User, as_ana: Client, lesson: Lesson):
    note = write(ana, lesson)
    as_ana.post(address(note), {"text": "Más larga.", "revision": "1"})

    stale = as_ana.post(address(note, "delete/"), {"revision": "1"})
    assert stale.status_code == 409
    assert "Más larga." in stale.content.decode()
    assert Note.objects.exists()
    assert as_ana.post(address(note, "delete/"), {"revision": "2"}, follow=True).status_code == 200
    assert not Note.objects.exists()


def test_nobody_else_reads_or_touches_a_note_her_teacher_neither(
    ana: User, as_carla: Client, course: Course, lesson: Lesson, url: str
):
    note = write(ana, lesson, text="SECRETO")
    factories.enrol(factories.make_user("fabio"), course)
    as_fabio = signed_in(User.objects.get(email="fabio@example.org"))

    for other in (as_carla, as_fabio):
        assert other.get(address(note)).status_code == 404
        assert other.post(address(note), {"text": "x", "revision": "1"}).status_code == 404
        assert other.post(address(note, "delete/"), {"revision": "1"}).status_code == 404
        for path in (url, "/courses/curso/notes/", "/courses/curso/notes.md", lesson.get_absolute_url()):
            assert "SECRETO" not in other.get(path).content.decode()
    note.refresh_from_db()
    assert note.text == "SECRETO"


def test_who_has_no_place_in_the_course_has_no_margin(
    as_bruno: Client, dario: Client, lesson: Lesson, url: str
):
    assert as_bruno.post(url, {"text": "x"}).status_code == 404
    assert dario.post(url, {"text": "x"}, headers=SCRIPT).status_code == 401
    for reader in (as_bruno, dario):
        page = reader.get(lesson.get_absolute_url()).content.decode()
        assert "notes.js" not in page
        assert "notes-data" not in page


def test_what_one_wrote_is_not_kept_as_anothers_who_signed_in_since(ana: User, as_carla: Client, url: str):
    answer = as_carla.post(url, {"text": "De Ana.", "person": str(ana.pk)}, headers=SCRIPT)

    assert answer.status_code == 401
    assert not Note.objects.exists()


def test_who_left_finds_their_notes_when_they_come_back(
    ana: User, as_ana: Client, course: Course, lesson: Lesson, url: str
):
    write(ana, lesson)
    place = ana.enrolments.get()
    place.left_at = place.created_at
    place.save()
    assert as_ana.get(url).status_code == 404

    as_ana.post("/courses/curso/enrol/")
    assert "Mía." in as_ana.get(url).content.decode()


def test_a_note_can_be_edited_while_its_lesson_is_a_draft_again(ana: User, as_ana: Client, lesson: Lesson):
    note = write(ana, lesson)
    Lesson.objects.filter(pk=lesson.pk).update(written=False, html="")

    page = as_ana.post(address(note), {"text": "Sigue.", "revision": "1"}, follow=True).content.decode()
    assert "Sigue." in page
    assert "Su párrafo ya no está" in page


def test_a_bookmark_is_put_once_and_taken_away(as_ana: Client, lesson: Lesson):
    url = f"{lesson.get_absolute_url()}bookmarks/"
    for _twice in range(2):
        answer = as_ana.post(url, {"anchor": P2, "on": "1"}, headers=SCRIPT)
    assert Bookmark.objects.get().anchor == P2
    assert f'href="#{P2}"' in answer.json()["marks"]

    as_ana.post(url, {"anchor": P2, "on": "0"})
    assert not Bookmark.objects.exists()


def test_bookmarks_have_an_end_too(as_ana: Client, lesson: Lesson, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(noting, "MAX_BOOKMARKS", 1)
    url = f"{lesson.get_absolute_url()}bookmarks/"
    as_ana.post(url, {"anchor": P1})

    assert "no caben más" in as_ana.post(url, {"anchor": P2}, headers=SCRIPT).json()["message"]
    assert "no caben más" in as_ana.post(url, {"anchor": P2}).content.decode()


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30, "١"])
def test_a_revision_that_is_none_is_a_conflict_not_a_fault(
    revision, ana: User, as_ana: Client, lesson: Lesson
):
    note = write(ana, lesson)

    assert as_ana.post(address(note), {"text": "x", "revision": revision}).status_code == 409
    assert as_ana.get(f"/courses/curso/notes/{10**30}/").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite takes one writer at a time")
def test_two_saves_at_once_have_one_winner(ana: User, lesson: Lesson):
    note = write(ana, lesson)
    outcomes: list[Any] = []
    start = threading.Barrier(2)

    def save(text: str) -> None:
        start.wait()
        try:
            outcomes.append(noting.edit_note(note=note, text=text, revision=1).text)
        except noting.NoteConflict as conflict:
            outcomes.append(conflict)
        connections.close_all()

    threads = [threading.Thread(target=save, args=(text,)) for text in ("uno", "dos")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    won = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(won) == 1
    note.refresh_from_db()
    assert (note.text, note.revision) == (won[0], 2)
    assert connection.vendor != "sqlite"
