"""What a student wrote and marked in the margins of a course. Nobody else reads any of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from accounts.models import User
from lessons.content.anchors import beginnings
from lessons.content.context import term_key
from lessons.models import Bookmark, Course, Lesson, Note, Unit
from lessons.notes import note_html

A_PAGE = 50


@dataclass(frozen=True)
class Entry:
    """A note, or a bookmark if `note` is None, and the place in its lesson that it holds on to.

    `begins` is how that block begins; empty for the whole lesson, and for a block that is `gone`.
    """

    lesson: Lesson
    anchor: str
    note: Note | None
    begins: str = ""
    gone: bool = False
    order: int = -1

    @property
    def html(self) -> SafeString:
        return note_html(self.note.text if self.note else "")

    @property
    def url(self) -> str:
        """Where it stands in its lesson."""
        if not self.gone:
            return self.lesson.get_absolute_url() + (f"#{self.anchor}" if self.anchor else "")
        return self.lesson.get_absolute_url() + (f"#note-{self.note.pk}" if self.note else "")


@dataclass(frozen=True)
class Margin:
    """What stands in the margin of one lesson: entries by their place, those without one at the end."""

    notes: list[Entry] = field(default_factory=list)
    marks: list[Entry] = field(default_factory=list)

    @property
    def loose(self) -> list[Entry]:
        """Notes that stand beside no block: of the whole lesson, or of one that is gone."""
        return [entry for entry in self.notes if entry.gone or not entry.anchor]

    @property
    def marked(self) -> set[str]:
        return {entry.anchor for entry in self.marks}


def _entries(notes: Iterable[Note], marks: Iterable[Bookmark]) -> list[Entry]:
    return [Entry(note.lesson, note.anchor, note) for note in notes] + [
        Entry(mark.lesson, mark.anchor, None) for mark in marks
    ]


def _placed(entries: Iterable[Entry], html: dict[int, str]) -> list[Entry]:
    """The entries with their places, in the order of the course. `html` is that of their lessons."""
    entries = list(entries)
    found: dict[int, dict[str, str]] = {}
    for lesson in {entry.lesson.pk for entry in entries}:
        anchors = {entry.anchor for entry in entries if entry.lesson.pk == lesson}
        found[lesson] = beginnings(html.get(lesson, ""), anchors)
    placed = []
    for entry in entries:
        places = found[entry.lesson.pk]
        if entry.anchor in places:
            order = list(places).index(entry.anchor)
            placed.append(replace(entry, begins=places[entry.anchor], order=order))
        else:
            placed.append(replace(entry, gone=bool(entry.anchor), order=len(places) if entry.anchor else -1))
    return sorted(placed, key=lambda entry: (entry.lesson.position, entry.order))


def note_of(*, student: User, course: Course, pk: int) -> Note | None:
    """The student's own note of this course; None: there is none, or it is somebody else's. 1 query."""
    notes = Note.objects.select_related("lesson__section__unit", "lesson__course")
    return notes.filter(student=student, lesson__course=course, pk=pk).first() if pk < 2**63 else None


def margin_of(*, student: User, lesson: Lesson) -> Margin:
    """The student's notes and bookmarks of a lesson. 2 queries."""
    notes = list(Note.objects.filter(student=student, lesson=lesson))
    marks = list(Bookmark.objects.filter(student=student, lesson=lesson))
    for note in notes:
        note.lesson = lesson
    for mark in marks:
        mark.lesson = lesson
    entries = _placed(_entries(notes, marks), {lesson.pk: lesson.html})
    return Margin(
        notes=[entry for entry in entries if entry.note], marks=[entry for entry in entries if not entry.note]
    )


def _of_course(student: User, course: Course) -> tuple[QuerySet[Note], QuerySet[Bookmark]]:
    """Those of the course, with their lessons but for the lessons' text. No query yet."""
    bulky = ("lesson__html", "lesson__contents", "lesson__section__unit__html")
    order = ("lesson__position", "created_at", "pk")
    notes = Note.objects.filter(student=student, lesson__course=course)
    marks = Bookmark.objects.filter(student=student, lesson__course=course)
    return (
        notes.select_related("lesson__section__unit").defer(*bulky).order_by(*order),
        marks.select_related("lesson__section__unit").defer(*bulky).order_by(*order),
    )


def _in_place(entries: list[Entry], course: Course) -> list[Entry]:
    """With their places. 1 query."""
    html = dict(Lesson.objects.filter(pk__in={e.lesson.pk for e in entries}).values_list("pk", "html"))
    for entry in entries:
        entry.lesson.course = course
    return _placed(entries, html)


@dataclass(frozen=True)
class CourseNotes:
    """One page of what a student wrote and marked in a course.

    `found` counts what the search left, `units` those with anything in them, whatever was searched.
    """

    entries: list[Entry]
    found: int
    total: int
    units: list[Unit]
    page: int
    pages: int


def course_notes(
    *, student: User, course: Course, words: str = "", unit: int | None = None, page: int = 1
) -> CourseNotes:
    """Notes with all of `words`, whatever their case and accents; without words, bookmarks too. 4 queries."""
    notes, marks = _of_course(student, course)
    entries = sorted(_entries(notes, marks), key=lambda entry: entry.lesson.position)
    counts = Counter(entry.lesson.section.unit.number for entry in entries)
    wanted = term_key(words).split()
    found = [
        entry
        for entry in entries
        if unit in (None, entry.lesson.section.unit.number)
        and (not wanted or (entry.note and all(word in term_key(entry.note.text) for word in wanted)))
    ]
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(max(page, 1), pages)
    return CourseNotes(
        entries=_in_place(found[(page - 1) * A_PAGE : page * A_PAGE], course),
        found=len(found),
        total=len(entries),
        units=list(course.units.filter(number__in=counts).defer("html").order_by("number")),
        page=page,
        pages=pages,
    )


def all_notes(*, student: User, course: Course) -> list[Entry]:
    """All that the student wrote and marked in the course, in its order. 3 queries."""
    notes, marks = _of_course(student, course)
    return _in_place(_entries(notes, marks), course)


@dataclass(frozen=True)
class CourseMarks:
    """For the course page: the newest bookmarks, and how many notes and bookmarks there are."""

    newest: list[Entry]
    marks: int
    notes: int


def course_marks(*, student: User, course: Course, newest: int = 6) -> CourseMarks:
    """2 queries, 1 more with a bookmark."""
    notes, marks = _of_course(student, course)
    marked = list(marks)
    latest = sorted(marked, key=lambda mark: mark.created_at)[-newest:]
    return CourseMarks(
        newest=_in_place(_entries([], latest), course) if latest else [],
        marks=len(marked),
        notes=notes.count(),
    )
