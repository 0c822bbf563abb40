"""Writing in the margin: notes, which two tabs may write at once, and bookmarks."""

from __future__ import annotations

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from lessons.content import anchors
from lessons.models import Bookmark, Enrolment, Lesson, Note

from .answering import NotEnrolled

MAX_TEXT = 10_000
MAX_NOTES = 1_000
MAX_BOOKMARKS = 500
"""In one course, for one student."""
MAX_ANCHOR = 120


class NoteRefused(Exception):
    """A note or bookmark that cannot be kept; `code` is for programs, the message for the student."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class NoteConflict(Exception):
    """The change builds on a revision that is not the stored one; `stored` is what another tab saved.

    None: another tab deleted it.
    """

    def __init__(self, stored: Note | None) -> None:
        super().__init__(
            "deleted" if stored is None else f"note {stored.pk} is at revision {stored.revision}"
        )
        self.stored = stored


def _fit(text: str) -> str:
    """The text as it is kept, or NoteRefused."""
    text = text.replace("\r\n", "\n").strip("\n").rstrip()
    if not text.strip():
        raise NoteRefused("empty", _("La nota está vacía. Escribe algo, o bórrala si ya no la quieres."))
    if len(text) > MAX_TEXT:
        raise NoteRefused(
            "too_long",
            _("La nota tiene %(length)d caracteres y caben %(limit)d. Acórtala o repártela en dos.")
            % {"length": len(text), "limit": MAX_TEXT},
        )
    if "\0" in text:
        raise NoteRefused("nul", _("Hay un byte NUL en la nota. Bórralo para que se guarde."))
    return text


def _place(anchor: str) -> str:
    if len(anchor) > MAX_ANCHOR or "\0" in anchor:
        raise NoteRefused(
            "no_place", _("Ese sitio no está en la lección. Recarga la página y prueba otra vez.")
        )
    return anchor


def _take_turns(student: User, lesson: Lesson) -> None:
    """Of two requests of one student in a course the second waits here, so that counts and copies are seen.

    Raises NotEnrolled.
    """
    places = Enrolment.objects.select_for_update().filter(student=student, course=lesson.course_id)
    if places.first() is None:
        raise NotEnrolled


@transaction.atomic
def create_note(*, student: User, lesson: Lesson, anchor: str, text: str) -> Note:
    """Keep a new note beside the block `anchor`; an empty one is the whole lesson.

    The same text at the same place again (double click, lost answer) gives back the first. A block that is
    gone, because the course was edited meanwhile, is no reason to refuse. Raises NoteRefused and NotEnrolled.
    """
    text, anchor = _fit(text), _place(anchor)
    _take_turns(student, lesson)
    notes = Note.objects.filter(student=student, lesson__course=lesson.course_id)
    if same := notes.filter(lesson=lesson, anchor=anchor, text=text).first():
        return same
    if notes.count() >= MAX_NOTES:
        raise NoteRefused(
            "too_many",
            _("Tienes %(limit)d notas en este curso y no caben más. Descárgalas y borra las que no uses.")
            % {"limit": MAX_NOTES},
        )
    return Note.objects.create(student=student, lesson=lesson, anchor=anchor, text=text)


@transaction.atomic
def edit_note(*, note: Note, text: str, revision: int) -> Note:
    """Store `text` over the revision on which it was written.

    The same text again is no conflict: the answer to the first save was lost. Raises NoteConflict and
    NoteRefused.
    """
    text = _fit(text)
    won = Note.objects.filter(pk=note.pk, revision=revision).update(
        text=text, revision=revision + 1, updated_at=now()
    )
    stored = Note.objects.filter(pk=note.pk).first()
    if stored is None or (not won and stored.text != text):
        raise NoteConflict(stored)
    return stored


@transaction.atomic
def delete_note(*, note: Note, revision: int) -> None:
    """Delete the note as the student saw it; one that is gone already is no fault. Raises NoteConflict."""
    gone, _models = Note.objects.filter(pk=note.pk, revision=revision).delete()
    stored = None if gone else Note.objects.filter(pk=note.pk).first()
    if stored is not None:
        raise NoteConflict(stored)


@transaction.atomic
def set_bookmark(*, student: User, lesson: Lesson, anchor: str, on: bool) -> None:
    """Mark a place or take the mark away; a second time changes nothing.

    Raises NoteRefused and NotEnrolled.
    """
    anchor = _place(anchor)
    _take_turns(student, lesson)
    marks = Bookmark.objects.filter(student=student, lesson__course=lesson.course_id)
    if not on:
        marks.filter(lesson=lesson, anchor=anchor).delete()
        return
    if marks.count() >= MAX_BOOKMARKS:
        raise NoteRefused(
            "too_many",
            _("Tienes %(limit)d marcadores en este curso y no caben más. Quita los que no uses.")
            % {"limit": MAX_BOOKMARKS},
        )
    Bookmark.objects.get_or_create(student=student, lesson=lesson, anchor=anchor)


def follow_blocks(*, lesson: Lesson, before: str) -> None:
    """Move what holds on to a block of `before` that was edited to the block that took its place.

    Called in the transaction of a load, after the lesson's HTML was stored. What has no successor stays as it
    is and is shown at the lesson's end. 2 queries where nobody wrote anything.
    """
    held = {
        *Note.objects.filter(lesson=lesson).order_by().values_list("anchor", flat=True).distinct(),
        *Bookmark.objects.filter(lesson=lesson).order_by().values_list("anchor", flat=True).distinct(),
    } - {""}
    for old, new in (anchors.followed(before, lesson.html, held) if held else {}).items():
        Note.objects.filter(lesson=lesson, anchor=old).update(anchor=new)
        there = Bookmark.objects.filter(lesson=lesson, anchor=new).values("student")
        Bookmark.objects.filter(lesson=lesson, anchor=old).exclude(student__in=there).update(anchor=new)


def hand_over(*, lesson: Lesson, heir: Lesson) -> None:
    """Give the notes of a lesson that leaves the course to another, so that they are not lost with it."""
    for note in Note.objects.filter(lesson=lesson):
        note.lesson, note.anchor = heir, f"{lesson.number}#{note.anchor}"[:MAX_ANCHOR]
        note.save(update_fields=["lesson", "anchor"])
