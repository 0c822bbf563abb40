"""Taking a student's certificate back, and giving it anew."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.names import clean_name
from dashboards.access import for_instructors
from lessons.models import Certificate, Enrolment
from lessons.selectors import taught_by
from lessons.services import certifying

from .group import show_student

REASON_LIMIT = 300


def find(teaching: Enrolment, enrolment: int, certificate: int) -> tuple[Enrolment, Certificate]:
    """A student whom the reader teaches, and a certificate of theirs in this course; else 404."""
    students = taught_by(teaching).select_related("student", "course", "cohort")
    student = get_object_or_404(students, pk=enrolment)
    theirs = Certificate.objects.select_related("student")
    found = get_object_or_404(theirs, pk=certificate, student=student.student_id, course=student.course_id)
    return student, found


@require_POST
@for_instructors
def revoke(request: HttpRequest, teaching: Enrolment, enrolment: int, certificate: int) -> HttpResponse:
    """Take it back for the reason given; without one, 422 and the page again."""
    student, found = find(teaching, enrolment, certificate)
    reason = clean_name(request.POST.get("reason", ""))
    if not reason:
        problem = _("Escribe el motivo: lo leerá quien compruebe el certificado.")
        return show_student(request, teaching, student, problem=problem)
    if len(reason) > REASON_LIMIT:
        problem = _("El motivo pasa de %(limit)s caracteres. Acórtalo.") % {"limit": REASON_LIMIT}
        return show_student(request, teaching, student, problem=problem, typed=reason)
    if certifying.revoke_certificate(certificate=found, reason=reason):
        messages.success(request, _("Certificado revocado. Quien lo compruebe leerá el motivo."))
    return back_to(teaching, student)


@require_POST
@for_instructors
def reissue(request: HttpRequest, teaching: Enrolment, enrolment: int, certificate: int) -> HttpResponse:
    """Give another in its place, with the name that the student has now."""
    student, found = find(teaching, enrolment, certificate)
    try:
        fresh = certifying.reissue_certificate(certificate=found)
    except certifying.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Expedido de nuevo, a nombre de %(name)s.") % {"name": fresh.name})
    return back_to(teaching, student)


def back_to(teaching: Enrolment, student: Enrolment) -> HttpResponse:
    """The student's page, at their certificates."""
    page = redirect("dashboards:student", teaching.course.slug, student.pk)
    page["Location"] += "#certificados"
    return page
