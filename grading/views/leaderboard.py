"""The leaderboard of an exercise: reading it, being seen on it, and no longer."""

from __future__ import annotations

import csv
from http import HTTPStatus

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.profile_form import ALIAS_TAKEN, AliasForm
from accounts.services import AliasTaken
from exercises import selectors as asked
from exercises.access import Request, for_student_of_exercise
from exercises.models import Exercise
from grading.leaderboard import board
from grading.pages import strip
from grading.services import join_leaderboard, leave_leaderboard
from lessons.selectors import enrolment_of

A_PAGE = 50


def _ranked(exercise: Exercise) -> Exercise:
    if not exercise.leaderboard:
        raise Http404
    return exercise


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_student_of_exercise
def leaderboard(request: Request, exercise: Exercise) -> HttpResponse:
    """The table; a POST joins it with the alias given."""
    _ranked(exercise)
    form = AliasForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            join_leaderboard(student=request.user, exercise=exercise, alias=form.cleaned_data["alias"])
            return redirect("grading:leaderboard", exercise.course.slug, exercise.slug)
        except AliasTaken:
            form.add_error("alias", ALIAS_TAKEN)
    if form.is_bound:
        request.user.refresh_from_db()  # a form that was refused has written its alias into the reader
    return _page(request, exercise, form)


def _page(request: Request, exercise: Exercise, form: AliasForm) -> HttpResponse:
    table = board(exercise=exercise, reader=request.user)
    page = Paginator(table.rows, A_PAGE).get_page(request.GET.get("page"))
    enrolment = enrolment_of(student=request.user, course=exercise.course)
    due = asked.due(enrolment=enrolment, exercise=exercise) if enrolment else None
    context = {
        "course": exercise.course,
        "exercise": exercise,
        "metric": exercise.leaderboard["metric"],
        "board": table,
        "page": page,
        "strip": strip.draw(table, exercise.leaderboard["references"]),
        "references": exercise.leaderboard["references"],
        "form": form,
        "due": due,
        "final": due is not None and due.is_over(now()),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "grading/leaderboard.html", context, status=status)


@require_POST
@for_student_of_exercise
def leave(request: Request, exercise: Exercise) -> HttpResponse:
    """Be seen no longer."""
    leave_leaderboard(student=request.user, exercise=_ranked(exercise))
    return redirect("grading:leaderboard", exercise.course.slug, exercise.slug)


@require_GET
@never_cache
@for_student_of_exercise
def table(request: Request, exercise: Exercise) -> HttpResponse:
    """The whole table as CSV."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_ranked(exercise).slug}.csv"'
    writer = csv.writer(response)
    writer.writerow([_("puesto"), _("alias"), _("valor"), _("intervalo"), _("fecha")])
    for row in board(exercise=exercise, reader=request.user).rows:
        writer.writerow([row.place, row.alias, row.value, row.spread, row.at.isoformat(timespec="seconds")])
    return response
