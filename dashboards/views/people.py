"""Who is in which cohort, with which role, and who has more time."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.news import moment
from dashboards import services
from dashboards.access import for_instructors, for_instructors_of_cohort
from dashboards.cohort_forms import ExtensionForm, PersonForm
from dashboards.selectors.cohorts import PAGE, unplaced_students
from exercises.access import Request
from lessons.models import Cohort, Enrolment, Extension, Role
from lessons.moments import city_of, zone_of_cohort
from lessons.rosters import Line
from lessons.selectors import taught_by
from lessons.selectors.people import cohorts_of
from lessons.services import cohorts as keeping
from lessons.services import enrolling, rosters

from .choosing import number
from .cohorts import base, tell_twice, told_forgiven


@require_POST
@for_instructors_of_cohort
def add_person(request: Request, teaching: Enrolment, cohort: Cohort) -> HttpResponse:
    """One person by address: in at once if they have an account, else invited."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("No es una dirección de correo: no se añadió a nadie."))
        return redirect("dashboards:cohort", teaching.course.slug, cohort.pk)
    email = form.cleaned_data["email"].lower()
    line = Line(1, email, role=Role(form.cleaned_data["role"]))
    try:
        place = rosters.add(cohort=cohort, line=line, by=request.user)
    except enrolling.InAnotherCohort as other:
        told = _("%(email)s está en el grupo «%(cohort)s». Cámbiale de grupo en la lista de ese.")
        messages.warning(request, told % {"email": email, "cohort": other.cohort.name})
    else:
        if place is None:
            told = _("%(email)s no tiene cuenta todavía: tiene una invitación por correo.")
        else:
            told = _("%(email)s ya tiene sitio en el grupo.")
        messages.success(request, told % {"email": email})
    return redirect("dashboards:cohort", teaching.course.slug, cohort.pk)


@require_POST
@for_instructors
def move_students(request: Request, teaching: Enrolment) -> HttpResponse:
    """Put the chosen students into another cohort, or into none."""
    chosen = [int(one) for one in request.POST.getlist("student") if one.isdecimal() and len(one) < 18]
    places = list(taught_by(teaching).filter(pk__in=chosen, left_at__isnull=True))
    target = number(request.POST.get("cohort", ""), 0)
    cohort = get_object_or_404(cohorts_of(teaching), pk=target) if target else None
    if cohort is None and not teaching.whole_course:
        raise Http404  # nobody who teaches only some cohorts would see them any more
    if not places:
        messages.warning(request, _("No has marcado a nadie."))
    else:
        moved = services.move(places=places, cohort=cohort)
        told = ngettext(
            "%(n)d estudiante ha cambiado de grupo.", "%(n)d estudiantes han cambiado de grupo.", moved
        )
        messages.success(request, told % {"n": moved})
    origin = number(request.POST.get("from", ""), 0)
    if origin:
        return redirect("dashboards:cohort", teaching.course.slug, origin)
    return redirect("dashboards:unplaced", teaching.course.slug)


@require_safe
@for_instructors
def unplaced(request: Request, teaching: Enrolment) -> HttpResponse:
    """The students who are in no cohort."""
    people = Paginator(unplaced_students(teaching=teaching), PAGE)
    context = base(teaching) | {
        "page": people.get_page(number(request.GET.get("page", ""), 1)),
        "others": cohorts_of(teaching).order_by("name"),
    }
    return render(request, "dashboards/unplaced.html", context)


@require_POST
@for_instructors
def change_role(request: Request, teaching: Enrolment, enrolment: int) -> HttpResponse:
    """A student becomes an assistant, an assistant a student; 404 for everybody else's role."""
    if not teaching.whole_course:
        raise Http404
    people = Enrolment.objects.filter(course=teaching.course).select_related("student", "cohort")
    place = get_object_or_404(people, pk=enrolment)
    role = request.POST.get("role", "")
    try:
        rosters.change_role(place=place, role=Role(role), by=request.user)
    except (rosters.NotTheirs, ValueError):
        raise Http404 from None
    told = _("%(who)s: ahora %(role)s.") % {"who": place.student, "role": place.get_role_display()}
    messages.success(request, told)
    return redirect("dashboards:cohorts", teaching.course.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def extensions(request: Request, teaching: Enrolment, enrolment: int) -> HttpResponse:
    """More time for one student with one unit: what they have, and a new one."""
    students = taught_by(teaching).filter(left_at__isnull=True).select_related("student", "cohort", "course")
    place = get_object_or_404(students, pk=enrolment)
    zone = zone_of_cohort(place.cohort)
    posted = request.POST if request.method == "POST" else None
    form = ExtensionForm(posted, course=teaching.course, zone=zone)
    if posted is not None and form.is_valid():
        chosen = form.cleaned_data
        try:
            _given, forgiven = services.extend(
                place=place,
                unit=chosen["unit"],
                until=chosen["until"].at,
                reason=chosen["reason"],
                by=request.user,
            )
        except keeping.NotLonger as refusal:
            form.add_error("until", why_not_longer(refusal))
        else:
            tell_twice(request, [chosen["until"]], zone)
            messages.success(request, _("Prórroga guardada.") + told_forgiven(forgiven))
            return redirect("dashboards:extensions", teaching.course.slug, place.pk)
    context = base(teaching) | {
        "place": place,
        "form": form,
        "city": city_of(zone),
        "extensions": place.extensions.select_related("unit", "granted_by").order_by("unit__number"),
    }
    return render(request, "dashboards/extensions.html", context, status=422 if form.errors else 200)


def why_not_longer(refusal: keeping.NotLonger) -> str:
    """Why an extension would give nothing."""
    if refusal.due_at is None:
        return _("El grupo no tiene plazo para esa unidad: no hay nada que alargar.")
    return _("No alarga nada: la unidad ya vence el %(when)s.") % {"when": moment(refusal.due_at)}


@require_POST
@for_instructors
def end_extension(request: Request, teaching: Enrolment, extension: int) -> HttpResponse:
    """Take the time back."""
    theirs = Extension.objects.filter(enrolment__in=taught_by(teaching))
    found = get_object_or_404(theirs, pk=extension)
    keeping.end_extension(extension=found)
    messages.success(request, _("Prórroga retirada. Lo ya entregado sigue contando."))
    return redirect("dashboards:extensions", teaching.course.slug, found.enrolment_id)
