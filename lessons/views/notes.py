"""Writing in a lesson's margin: one door for a form and for our script, which asks for JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from lessons.margin import places_of
from lessons.models import Course, Lesson, Note
from lessons.notes import note_html
from lessons.selectors import enrolment_of
from lessons.selectors.notes import margin_of, note_of
from lessons.services import noting

from .pages import find_lesson, wants_a_part
from .readers import find_course


def for_students(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand over course and student. Signed out: to sign in, or 401 for our script. No place in it: 404.

    Our script says whose page it is. When somebody else has signed in since, in another tab, it gets 401 too,
    so that what one wrote is not kept as another's.
    """

    @wraps(view)
    def inner(request: HttpRequest, course: str, **rest: Any) -> HttpResponse:
        whose = request.POST.get("person")
        if not isinstance(request.user, User) or whose not in (None, str(request.user.pk)):
            if wants_a_part(request):
                return HttpResponse(status=401)
            return redirect_to_login(request.get_full_path())
        found = find_course(request, course)
        if enrolment_of(student=request.user, course=found) is None:
            raise Http404
        return never_cache(view)(request, found, request.user, **rest)

    return inner


def as_json(request: HttpRequest, note: Note, lesson: Lesson) -> dict[str, Any]:
    """The note as our script knows it; `html` is what a page would show of it."""
    context = {"note": note, "lesson": lesson, "html": note_html(note.text), "opened": True}
    return {
        "id": note.pk,
        "revision": note.revision,
        "saved_at": note.updated_at,
        "text": note.text,
        "html": render_to_string("lessons/_note.html", context, request=request),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_students
def lesson_notes(request: HttpRequest, course: Course, student: User, number: str) -> HttpResponse:
    """The student's notes of a lesson, with a form for another; posted: that other one."""
    lesson = find_lesson(request, course.slug, number)
    if request.method != "POST":
        return show_notes(request, student, lesson, place=request.GET.get("place", ""))
    anchor, text = request.POST.get("anchor", ""), request.POST.get("text", "")
    try:
        note = noting.create_note(student=student, lesson=lesson, anchor=anchor, text=text)
    except noting.NoteRefused as refusal:
        if wants_a_part(request):
            return JsonResponse({"code": refusal.code, "message": refusal.message}, status=422)
        return show_notes(request, student, lesson, place=anchor, text=text, refusal=refusal.message)
    if wants_a_part(request):
        return JsonResponse(as_json(request, note, lesson), status=201)
    messages.success(request, _("Nota guardada."))
    return redirect(f"{reverse('lessons:lesson_notes', args=[course.slug, number])}#note-{note.pk}")


def show_notes(
    request: HttpRequest, student: User, lesson: Lesson, *, place: str, text: str = "", refusal: str = ""
) -> HttpResponse:
    """The page; 422 when it comes back with a note that could not be kept."""
    context = {
        "course": lesson.course,
        "lesson": lesson,
        "margin": margin_of(student=student, lesson=lesson),
        "groups": places_of(lesson),
        "place": place,
        "text": text,
        "refusal": refusal,
        "limit": noting.MAX_TEXT,
    }
    return render(request, "lessons/lesson_notes.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_students
def note(request: HttpRequest, course: Course, student: User, pk: int) -> HttpResponse:
    """Edit a note: `text` on the `revision` that it builds on. 409 hands over what another tab saved.

    A form whose note another tab deleted comes back with its text, which can be kept as a new note.
    """
    found = note_of(student=student, course=course, pk=pk)
    text = request.POST.get("text", "")
    if found is None:
        if request.method == "POST" and not wants_a_part(request) and (number := request.POST.get("number")):
            lesson = find_lesson(request, course.slug, number)
            return show_note(
                request, lesson, None, text=text, anchor=request.POST.get("anchor", ""), status=409
            )
        raise Http404
    if request.method != "POST":
        return show_note(request, found.lesson, found, text=found.text, anchor=found.anchor)
    try:
        saved = noting.edit_note(note=found, text=text, revision=revision_in(request))
    except noting.NoteConflict as conflict:
        return clash(request, found, conflict.stored, text)
    except noting.NoteRefused as refusal:
        if wants_a_part(request):
            return JsonResponse({"code": refusal.code, "message": refusal.message}, status=422)
        return show_note(
            request, found.lesson, found, text=text, anchor=found.anchor, refusal=refusal.message, status=422
        )
    if wants_a_part(request):
        return JsonResponse(as_json(request, saved, found.lesson))
    messages.success(request, _("Nota guardada."))
    return redirect(f"{reverse('lessons:lesson_notes', args=[course.slug, found.lesson.number])}#note-{pk}")


def revision_in(request: HttpRequest) -> int:
    """The revision that a form builds on; 0, which no note has, when it names none."""
    named = request.POST.get("revision", "")
    return int(named) if named.isascii() and named.isdigit() and len(named) < 10 else 0


def clash(request: HttpRequest, note: Note, stored: Note | None, text: str) -> HttpResponse:
    """Both versions: the stored one, and the one that was sent."""
    if not wants_a_part(request):
        return show_note(
            request, note.lesson, stored, text=text, anchor=note.anchor, clashes=True, status=409
        )
    if stored is None:
        return JsonResponse({"code": "deleted"}, status=409)
    return JsonResponse({"code": "conflict", **as_json(request, stored, note.lesson)}, status=409)


def show_note(
    request: HttpRequest,
    lesson: Lesson,
    stored: Note | None,
    *,
    text: str,
    anchor: str,
    refusal: str = "",
    clashes: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The form of one note, with `text` in it. Without `stored` the note is gone and would be a new one."""
    context = {
        "course": lesson.course,
        "lesson": lesson,
        "note": stored,
        "text": text,
        "anchor": anchor,
        "refusal": refusal,
        "clashes": clashes,
        "theirs": note_html(stored.text) if stored and clashes else "",
        "limit": noting.MAX_TEXT,
    }
    return render(request, "lessons/note.html", context, status=status)


@require_POST
@for_students
def delete_note(request: HttpRequest, course: Course, student: User, pk: int) -> HttpResponse:
    """Delete a note as it was seen; what another tab has changed since is shown first, with 409."""
    found = note_of(student=student, course=course, pk=pk)
    if found is None:
        raise Http404
    try:
        noting.delete_note(note=found, revision=revision_in(request))
    except noting.NoteConflict as conflict:
        return clash(request, found, conflict.stored, conflict.stored.text if conflict.stored else "")
    if wants_a_part(request):
        return HttpResponse(status=204)
    messages.success(request, _("Nota borrada."))
    return redirect("lessons:lesson_notes", course.slug, found.lesson.number)


@require_POST
@for_students
def bookmark(request: HttpRequest, course: Course, student: User, number: str) -> HttpResponse:
    """Mark the block `anchor`, or take the mark away with `on=0`."""
    lesson = find_lesson(request, course.slug, number)
    anchor, on = request.POST.get("anchor", ""), request.POST.get("on") != "0"
    try:
        noting.set_bookmark(student=student, lesson=lesson, anchor=anchor, on=on)
    except noting.NoteRefused as refusal:
        if wants_a_part(request):
            return JsonResponse({"code": refusal.code, "message": refusal.message}, status=422)
        return show_notes(request, student, lesson, place=anchor, refusal=refusal.message)
    if wants_a_part(request):
        margin = margin_of(student=student, lesson=lesson)
        listed = render_to_string("lessons/_marks.html", {"margin": margin}, request=request)
        return JsonResponse({"on": on, "marks": listed})
    return redirect("lessons:lesson_notes", course.slug, number)
