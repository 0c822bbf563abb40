"""All that a student wrote and marked in a course: to look through, and to take away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime, now
from django.views.decorators.http import require_safe

from accounts.models import User
from lessons.export import notes_as_markdown
from lessons.models import Course
from lessons.selectors.notes import all_notes, course_notes

from .notes import for_students

MAX_WORDS = 200


def number_in(text: str) -> int | None:
    """A small number of an address; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


@require_safe
@for_students
def notebook(request: HttpRequest, course: Course, student: User) -> HttpResponse:
    """Notes and bookmarks in the course's order; `q` searches the notes, `unit` keeps one unit."""
    words = request.GET.get("q", "")[:MAX_WORDS].strip()
    unit = number_in(request.GET.get("unit", ""))
    page = number_in(request.GET.get("page", "")) or 1
    found = course_notes(student=student, course=course, words=words, unit=unit, page=page)
    context = {"course": course, "found": found, "words": words, "unit": unit}
    return render(request, "lessons/notebook.html", context)


@require_safe
@for_students
def export(request: HttpRequest, course: Course, student: User) -> HttpResponse:
    """The same, whole, as one Markdown file."""
    text = notes_as_markdown(
        course=course,
        entries=all_notes(student=student, course=course),
        at=localtime(now()),
        address=request.build_absolute_uri,
    )
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{course.slug}-notas.md"'
    return response
