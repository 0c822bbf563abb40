"""Cohorts: the list, one of them, its facts and its deadlines."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboards import services
from dashboards.access import for_instructors, for_instructors_of_cohort, for_staff, for_staff_of_cohort
from dashboards.cohort_forms import CohortForm, DeadlinesForm, JoiningForm, PersonForm
from dashboards.selectors import cohorts as selectors
from exercises.access import Request
from exercises.models import Exercise
from lessons.cohort_codes import new_code
from lessons.models import Cohort, Enrolment, Joining, Role
from lessons.moments import Read, city_of, told_twice, zone_of_cohort
from lessons.services import cohorts as keeping

from .choosing import number

TAKEN = {
    "name": gettext_lazy("Otro grupo del curso se llama así."),
    "code": gettext_lazy("Ese código ya es de otro grupo. Elige otro o genera uno."),
}


def base(teaching: Enrolment) -> dict[str, object]:
    """What every page here takes."""
    return {
        "course": teaching.course,
        "teaching": teaching,
        "may_change": teaching.role == Role.INSTRUCTOR,
    }


def tell_twice(request: Request, reads: Iterable[Read], zone: ZoneInfo) -> None:
    """Say of each time that the clock shows twice which of the two holds."""
    for read in reads:
        if read.twice:
            messages.warning(request, told_twice(read, zone))


@require_safe
@for_staff
def cohorts(request: Request, teaching: Enrolment) -> HttpResponse:
    """The cohorts that the reader teaches, how one gets in, and who teaches."""
    course = teaching.course
    context = base(teaching) | {
        "cohorts": selectors.cohort_list(teaching=teaching, at=now()),
        "unplaced": selectors.unplaced(teaching=teaching),
        "staff": selectors.staff_of(course),
        "joining": JoiningForm(initial={"joining": course.joining, "published": course.published}),
    }
    return render(request, "dashboards/cohorts.html", context)


@require_POST
@for_instructors
def set_joining(request: Request, teaching: Enrolment) -> HttpResponse:
    """How strangers get in, and whether they see the course; for those who teach all of it."""
    if not teaching.whole_course:
        raise Http404
    form = JoiningForm(request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        keeping.set_joining(
            course=teaching.course, joining=Joining(chosen["joining"]), published=chosen["published"]
        )
        messages.success(request, _("Guardado."))
    return redirect("dashboards:cohorts", teaching.course.slug)


@require_safe
@for_staff_of_cohort
def cohort(request: Request, teaching: Enrolment, cohort: Cohort) -> HttpResponse:
    """One cohort: its dates, its people, what they are due with."""
    page = number(request.GET.get("page", ""), 1)
    context = base(teaching) | {
        "cohort": cohort,
        "group": selectors.cohort_page(teaching=teaching, cohort=cohort, number=page, at=now()),
        "person": PersonForm(),
        "city": city_of(zone_of_cohort(cohort)),
    }
    return render(request, "dashboards/cohort.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def new_cohort(request: Request, teaching: Enrolment) -> HttpResponse:
    """A new cohort."""
    return _write(request, teaching, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors_of_cohort
def edit_cohort(request: Request, teaching: Enrolment, cohort: Cohort) -> HttpResponse:
    """Name, code, zone, dates and teachers of a cohort."""
    return _write(request, teaching, cohort)


def _write(request: Request, teaching: Enrolment, cohort: Cohort | None) -> HttpResponse:
    """The form and its saving; `make_code` only puts a fresh code into it."""
    if request.method == "POST" and "make_code" in request.POST:
        filled = {**request.POST.dict(), "teachers": request.POST.getlist("teachers"), "code": new_code()}
        form = CohortForm(course=teaching.course, cohort=cohort, filled=filled)
        return _show_form(request, teaching, cohort, form)
    data = request.POST if request.method == "POST" else None
    form = CohortForm(data, course=teaching.course, cohort=cohort)
    if data is None or not form.is_valid():
        return _show_form(request, teaching, cohort, form)
    forgiven = 0
    try:
        if cohort is None:
            kept = keeping.create_cohort(course=teaching.course, by=teaching, **form.facts())
        else:
            kept, forgiven = services.edit_cohort(cohort=cohort, **form.facts())
    except keeping.Taken as refusal:
        form.add_error(refusal.field, TAKEN[refusal.field])
        return _show_form(request, teaching, cohort, form)
    tell_twice(request, form.reads, zone_of_cohort(kept))
    messages.success(request, _("Guardado.") + told_forgiven(forgiven))
    return redirect("dashboards:cohort", teaching.course.slug, kept.pk)


def _show_form(
    request: Request, teaching: Enrolment, cohort: Cohort | None, form: CohortForm
) -> HttpResponse:
    context = base(teaching) | {"cohort": cohort, "form": form}
    return render(request, "dashboards/cohort_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff_of_cohort
def deadlines(request: Request, teaching: Enrolment, cohort: Cohort) -> HttpResponse:
    """When the cohort is due with each unit; an assistant reads it."""
    if request.method == "POST" and teaching.role != Role.INSTRUCTOR:
        raise Http404
    units = list(teaching.course.units.defer("html").order_by("number"))
    exercises = list(Exercise.objects.filter(course=teaching.course, retired=False).order_by("position"))
    form = DeadlinesForm(
        request.POST if request.method == "POST" else None, cohort=cohort, units=units, exercises=exercises
    )
    if request.method == "POST" and form.is_valid():
        forgiven = services.set_deadlines(
            cohort=cohort, units=form.due("unit"), exercises=form.due("exercise")
        )
        tell_twice(request, form.reads, form.zone)
        messages.success(request, _("Plazos guardados.") + told_forgiven(forgiven))
        return redirect("dashboards:deadlines", teaching.course.slug, cohort.pk)
    context = base(teaching) | {"cohort": cohort, "form": form, "city": city_of(form.zone)}
    return render(request, "dashboards/deadlines.html", context, status=422 if form.errors else 200)


def told_forgiven(count: int) -> str:
    """What else followed from a new date, after a sentence."""
    if not count:
        return ""
    told = ngettext("Cuenta %(n)d entrega que era tardía.", "Cuentan %(n)d entregas que eran tardías.", count)
    return " " + told % {"n": count}
