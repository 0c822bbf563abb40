"""One submission for who teaches its student: read, compared with the one before, commented."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from dashboards.access import for_staff
from dashboards.selectors.review import attempts_around, place_in_course
from dashboards.selectors.roster import place_of, roster
from exercises.access import Request
from grading import selectors
from grading.models import Submission
from grading.pages import difference
from grading.views.comments import NotTaken, take
from grading.views.submissions import page_context
from lessons.models import Enrolment

from .choosing import number, wanted_by


def submission_of(request: Request, teaching: Enrolment, submission_id: UUID) -> tuple[Submission, Enrolment]:
    """The submission and its student's place; 404 unless the reader teaches them in this course."""
    found = selectors.submission_for(viewer=request.user, submission_id=submission_id)
    if found is None or found.exercise.course_id != teaching.course_id:
        raise Http404
    place = place_in_course(teaching=teaching, student_id=found.student_id)
    if place is None:
        raise Http404
    return found, place


@require_safe
@for_staff
def review(request: Request, teaching: Enrolment, submission_id: UUID) -> HttpResponse:
    """The source or, with `changes`, what changed since the attempt before; the verdict beside it."""
    found, place = submission_of(request, teaching, submission_id)
    return show(request, teaching, found, place, line=number(request.GET.get("line", ""), 0) or None)


@require_POST
@for_staff
def say(request: Request, teaching: Enrolment, submission_id: UUID) -> HttpResponse:
    """Keep a comment, then stay, or go on to the next who is stuck; what is refused stays in its form."""
    found, place = submission_of(request, teaching, submission_id)
    try:
        made = take(request, found)
    except NotTaken as refusal:
        return show(request, teaching, found, place, line=refusal.line, more=refusal.shown)
    queue = place_of(found.pk, people_of(request, teaching))
    onward = queue.after if queue and "next" in request.POST else None
    address = reverse("dashboards:review", args=[teaching.course.slug, onward or found.pk])
    chosen = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{address}{chosen}" if onward else f"{address}{chosen}#comentario-{made.pk}")


def people_of(request: HttpRequest, teaching: Enrolment) -> Any:
    """The list by which the reader came here."""
    return roster(teaching=teaching, wanted=wanted_by(request, teaching), at=now())


def show(
    request: Request,
    teaching: Enrolment,
    found: Submission,
    place: Enrolment,
    *,
    line: int | None,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """Render the page; 422 with a comment that was refused."""
    attempts = attempts_around(found)
    context = page_context(request, found, selectors.state_of(found), asked=line)
    context |= {
        "teaching": teaching,
        "page_url": reverse("dashboards:review", args=[teaching.course.slug, found.pk]),
        "place": place,
        "attempts": attempts,
        "queue": place_of(found.pk, people_of(request, teaching)) if "only" in request.GET else None,
        "changes": changes_since(attempts.before, found) if "changes" in request.GET else None,
        "comment_url": reverse("dashboards:say", args=[teaching.course.slug, found.pk]),
        **(more or {}),
    }
    return render(request, "dashboards/review.html", context, status=422 if more else 200)


def changes_since(before: Submission | None, after: Submission) -> dict[str, Any] | None:
    """The difference to the attempt before, line by line; None where there is none before."""
    if before is None:
        return None
    compared = not difference.too_long(before.source, after.source)
    rows = difference.rows(before.source, after.source) if compared else []
    return {"compared": compared, "rows": rows, "unified": difference.unified(rows)}
