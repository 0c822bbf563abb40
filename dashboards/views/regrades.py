"""Grading again: which exercise, with what and whose; then what would change, and applying it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboards.access import for_instructors
from dashboards.regrade_forms import RegradeForm
from dashboards.selectors import regrades as selectors
from exercises.access import Request
from exercises.models import Exercise
from grading.models import Regrade
from grading.regrades import open_regrade
from grading.services import regrading
from lessons.models import Enrolment

from .choosing import number
from .cohorts import base, tell_twice


@require_safe
@for_instructors
def exercises(request: Request, teaching: Enrolment) -> HttpResponse:
    """The exercises that have something to grade again."""
    context = base(teaching) | {"exercises": selectors.exercises_to_regrade(teaching.course)}
    return render(request, "dashboards/regrades.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def ask(request: Request, teaching: Enrolment, exercise: str) -> HttpResponse:
    """The form for one exercise, and what was regraded of it before; a POST begins."""
    found = get_object_or_404(
        Exercise.objects.select_related("current", "course"), course=teaching.course, slug=exercise
    )
    posted = request.POST if request.method == "POST" else None
    form = RegradeForm(posted, teaching=teaching)
    if posted is not None and form.is_valid():
        try:
            regrade = regrading.ask(exercise=found, by=request.user, **form.scope())
        except regrading.RegradeRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            read = form.cleaned_data["since"]
            tell_twice(request, [read] if read else [], get_current_timezone())
            return redirect("dashboards:regrade", teaching.course.slug, regrade.pk)
    seen = selectors.regrades_for(teaching).filter(exercise=found)
    context = base(teaching) | {
        "exercise": found,
        "form": form,
        "counts": selectors.exercises_to_regrade(teaching.course).filter(pk=found.pk).first(),
        "regrades": seen,
        "blocked": open_regrade(found),
    }
    return render(request, "dashboards/regrade_ask.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@for_instructors
def regrade(request: Request, teaching: Enrolment, regrade: int) -> HttpResponse:
    """How far it is; once ready, what would change, to be applied or discarded."""
    found = visible(teaching, regrade)
    context = base(teaching) | {
        "regrade": found,
        "exercise": found.exercise,
        "found": selectors.regrade_page(found, number=number(request.GET.get("page", ""), 1)),
    }
    return render(request, "dashboards/regrade.html", context)


@require_POST
@for_instructors
def apply(request: Request, teaching: Enrolment, regrade: int) -> HttpResponse:
    """Let the new results count."""
    found = visible(teaching, regrade)
    try:
        count = regrading.apply(regrade=found)
    except regrading.RegradeRefused as refusal:
        messages.error(request, refusal.message)
    else:
        told = ngettext(
            "Aplicada: cuenta el resultado nuevo de %(n)d entrega. El anterior se conserva.",
            "Aplicada: cuentan los resultados nuevos de %(n)d entregas. Los anteriores se conservan.",
            count,
        )
        messages.success(request, told % {"n": count})
    return redirect("dashboards:regrade", teaching.course.slug, found.pk)


@require_POST
@for_instructors
def discard(request: Request, teaching: Enrolment, regrade: int) -> HttpResponse:
    """Forget what was found."""
    found = visible(teaching, regrade)
    try:
        regrading.discard(regrade=found)
    except regrading.RegradeRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("dashboards:regrade", teaching.course.slug, found.pk)
    messages.success(request, _("Descartada: nadie ha visto ningún cambio."))
    return redirect("dashboards:ask_regrade", teaching.course.slug, found.exercise.slug)


def visible(teaching: Enrolment, regrade: int) -> Regrade:
    """The regrade; 404 unless it is of the course and of students whom the reader teaches."""
    found = selectors.regrades_for(teaching).filter(pk=regrade).first()
    if found is None:
        raise Http404
    return found
