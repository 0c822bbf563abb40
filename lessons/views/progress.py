"""How far a student has come: the page, its numbers as CSV, and the mark at the end of a lesson."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.spreadsheets import safe
from lessons import services
from lessons.certificate_words import missing, reached
from lessons.models import Course
from lessons.selectors import enrolment_of
from lessons.selectors.mastery import ProgressPage, progress_page
from lessons.trend import trend_of

from .pages import find_lesson, wants_a_part
from .readers import find_course, reader


def page_of(request: HttpRequest, slug: str) -> tuple[Course, ProgressPage]:
    """The reader's progress in the course; 404 to whoever has no place in it."""
    course = find_course(request, slug)
    student = reader(request)
    if student is None or enrolment_of(student=student, course=course) is None:
        raise Http404
    return course, progress_page(course=course, student=student, at=now())


@require_safe
@login_required
def progress(request: HttpRequest, course: str) -> HttpResponse:
    """Mastery idea by idea, the weakest first, and what has been done of the course."""
    found, page = page_of(request, course)
    context: dict[str, Any] = {"course": found, "page": page, "trend": trend_of(page.weeks)}
    if page.certificate:
        context["missing"] = missing(page.certificate)
        context["shares"] = [(reached(share), share) for share in page.certificate.shares]
    return render(request, "lessons/progress.html", context)


@require_safe
@login_required
def progress_csv(request: HttpRequest, course: str) -> HttpResponse:
    """The same numbers, a line an idea."""
    found, page = page_of(request, course)
    rows = (
        [
            line.idea.slug,
            safe(line.idea.title),
            line.mastery.score,
            line.mastery.evidence,
            localtime(line.mastery.last_at).isoformat(timespec="minutes"),
        ]
        for line in page.ideas
    )
    head = [_("idea"), _("título"), _("dominio"), _("pruebas"), _("última")]
    return as_csv(f"{found.slug}-progreso.csv", head, rows)


@require_safe
@login_required
def weeks_csv(request: HttpRequest, course: str) -> HttpResponse:
    """The trend in numbers, a line a week; a week before the first evidence has no score."""
    found, page = page_of(request, course)
    rows = ([localtime(week.ends).date().isoformat(), week.score, week.ideas] for week in page.weeks)
    head = [_("semana hasta"), _("dominio"), _("ideas")]
    return as_csv(f"{found.slug}-semanas.csv", head, rows)


def as_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file of that name."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(head)
    writer.writerows(rows)
    return response


@require_POST
@login_required
def read(request: HttpRequest, course: str, number: str) -> HttpResponse:
    """The student says to have read the lesson, or takes it back with `read=0`."""
    lesson = find_lesson(request, course, number)
    student = reader(request)
    enrolled = enrolment_of(student=student, course=lesson.course)
    if student is None or not enrolled or not lesson.written:
        raise Http404
    services.mark_read(student=student, lesson=lesson, read=request.POST.get("read") != "0")
    return redirect(f"{lesson.get_absolute_url()}#leida")


@require_POST
def lab_task(request: HttpRequest, course: str, number: str, lab: str) -> HttpResponse:
    """A lab says that its task is done; told twice, it is kept once. 401 to a script signed out."""
    lesson = find_lesson(request, course, number)
    student = reader(request)
    if student is None:
        if wants_a_part(request):
            return HttpResponse(status=401)
        return redirect_to_login(lesson.get_absolute_url())
    if enrolment_of(student=student, course=lesson.course) is None or lab not in lesson.labs:
        raise Http404
    services.finish_lab_task(student=student, course=lesson.course, lab=lab)
    return HttpResponse(status=204)
