"""A student's notes of a course as one Markdown file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .models import Course
from .selectors.notes import Entry


def notes_as_markdown(
    *, course: Course, entries: Iterable[Entry], at: datetime, address: Callable[[str], str]
) -> str:
    """Unit by unit and lesson by lesson, each note as it was written under how its paragraph begins.

    `address` makes a path of the site a whole address.
    """
    lines = [
        "# " + _("Notas de «%(course)s»") % {"course": course.title},
        _("Descargadas el %(day)s.") % {"day": date_format(at, "j \\d\\e F \\d\\e Y, H:i")},
    ]
    for unit, in_unit in groupby(entries, key=lambda entry: entry.lesson.section.unit):
        lines.append(f"## {unit.number}. {unit.title}")
        for lesson, in_lesson in groupby(in_unit, key=lambda entry: entry.lesson):
            lines.append(f"### {lesson.number} {lesson.title}\n\n<{address(lesson.get_absolute_url())}>")
            lines += [_entry(entry, address) for entry in in_lesson]
    return "\n\n".join(lines) + "\n"


def _entry(entry: Entry, address: Callable[[str], str]) -> str:
    if entry.gone:
        place = "> " + _("Su párrafo ya no está.")
    elif entry.anchor:
        begins = entry.begins.replace("[", "\\[").replace("]", "\\]") or _("Una pregunta del quiz")
        place = f"> [{begins}]({address(entry.url)})"
    else:
        place = "> " + _("Toda la lección")
    return f"{place}\n\n{entry.note.text}" if entry.note else f"{place} · {_('Marcador')}"
