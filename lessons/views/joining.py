"""Into a course by one click or by a code, and out of it."""

from __future__ import annotations

from allauth.core.internal import ratelimit  # the public one lets every GET pass
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.news import moment
from accounts.views import back
from lessons import selectors, services
from lessons.models import Enrolment
from lessons.services import enrolling

from .readers import find_course, reader


@require_POST
def enrol(request: HttpRequest, course: str) -> HttpResponse:
    """Take a place in the course by one click, then back to where the reader was."""
    found = find_course(request, course)
    student = reader(request)
    if student is None:
        return redirect_to_login(found.get_absolute_url())
    try:
        services.join(student=student, course=found)
    except enrolling.ByAnotherWay:
        messages.warning(request, _("A este curso no se entra con un clic. Aquí dice cómo."))
        return redirect(found)
    messages.success(request, _("Ya tienes sitio en el curso."))
    return back(request) if request.POST.get("next") else redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """A field for a code; a POST goes in by it. The code of another course is shown before it is used."""
    code = request.POST.get("code", "")
    if request.method != "POST":
        return render(request, "lessons/join.html", {"code": ""})
    if not may_try(request):
        return too_often(request, code)
    try:
        cohort = enrolling.cohort_of_code(code)
    except enrolling.UnknownCode:
        return unknown(request, code)
    student = reader(request)
    if student is None:
        return redirect_to_login(reverse("lessons:join_by", args=[cohort.code]))
    if request.POST.get("course", cohort.course.slug) != cohort.course.slug:
        return redirect("lessons:join_by", cohort.code)
    return go_in(request, student, cohort.code)


@require_safe
@never_cache
def join_by(request: HttpRequest, cohort_code: str) -> HttpResponse:
    """The address that is shared: what the code opens, and the button. Public."""
    if not may_try(request):
        return too_often(request, cohort_code)
    try:
        cohort = enrolling.cohort_of_code(cohort_code)
    except enrolling.UnknownCode:
        return unknown(request, cohort_code)
    context = {
        "code": cohort.code,
        "cohort": cohort,
        "course": cohort.course,
        "enrolment": selectors.enrolment_of(student=reader(request), course=cohort.course),
        "ended": enrolling.has_ended(cohort, now()),
    }
    return render(request, "lessons/join.html", context)


def go_in(request: HttpRequest, student: User, code: str) -> HttpResponse:
    """Use the code, and on to the course; why not, where it opens nothing for this student."""
    cohort = enrolling.cohort_of_code(code)
    try:
        place = services.join_by_code(student=student, code=code)
    except enrolling.CohortEnded:
        return redirect("lessons:join_by", code)
    except enrolling.InAnotherCohort as other:
        told = _("Ya estás en el grupo «%(cohort)s». Para cambiar de grupo, escribe a tu docente.")
        messages.warning(request, told % {"cohort": other.cohort.name})
        return redirect(cohort.course)
    messages.success(request, welcome(place))
    return redirect(cohort.course)


def welcome(place: Enrolment) -> str:
    """What somebody hears who has just come in."""
    if place.cohort is None:
        return _("Ya tienes sitio en el curso.")
    if place.cohort.starts_at and place.cohort.starts_at > now():
        told = _("Ya estás en el grupo «%(cohort)s». Empieza el %(when)s.")
        return told % {"cohort": place.cohort.name, "when": moment(place.cohort.starts_at)}
    return _("Ya estás en el grupo «%(cohort)s».") % {"cohort": place.cohort.name}


def may_try(request: HttpRequest, *, wrong: bool = False) -> bool:
    """Whether fewer wrong codes than too many have come from here lately; only a `wrong` one counts."""
    return bool(
        ratelimit.consume(
            request, app="allauth.account", action="join_code", limit_get=True, dry_run=not wrong
        )
    )


def unknown(request: HttpRequest, code: str) -> HttpResponse:
    """Say kindly that no cohort has the code, and keep it in the field."""
    may_try(request, wrong=True)
    error = _("Ningún grupo tiene ese código. Compáralo con el que te dieron: no importan las mayúsculas.")
    return render(request, "lessons/join.html", {"code": code[:64], "error": error}, status=422)


def too_often(request: HttpRequest, code: str) -> HttpResponse:
    """No more tries for a while."""
    error = _("Demasiados códigos que no existen. Espera diez minutos y prueba otra vez.")
    return render(request, "lessons/join.html", {"code": code[:64], "error": error}, status=429)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request: HttpRequest, course: str) -> HttpResponse:
    """Ask once, then give the place up; 404 to whoever has none."""
    found = find_course(request, course)
    student = get_object_or_404(User, pk=request.user.pk)
    enrolment = selectors.enrolment_of(student=student, course=found)
    if enrolment is None:
        raise Http404
    context = {"course": found, "enrolment": enrolment}
    if request.method != "POST":
        return render(request, "lessons/leave.html", context)
    try:
        services.leave(student=student, course=found)
    except enrolling.LastInstructor:
        return render(request, "lessons/leave.html", context | {"last": True}, status=409)
    messages.success(request, _("Has dejado el curso. Tu trabajo sigue guardado por si vuelves."))
    return redirect(found if found.published else "lessons:home")
