"""Certificates: asking for one's own, and the page where anybody can check one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import User
from lessons.certificate_codes import read_code
from lessons.certificate_pdf import NoFont, certificate_pdf, unwritable
from lessons.certificate_words import due, reached
from lessons.models import Certificate
from lessons.selectors import enrolment_of
from lessons.selectors.certificate import certificate_by_code, shares_on
from lessons.services import certifying
from lessons.valley import valley

from .readers import find_course

logger = logging.getLogger(__name__)

NOT_FOR_ROBOTS = "noindex, noarchive"


class Checks(SimpleRateThrottle):
    """How many codes one address may try."""

    scope = "certificates"

    def get_cache_key(self, request: Any, view: Any) -> str:  # noqa: ARG002
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for whoever has the code: not for search engines, caches, nor those who try out codes."""

    @wraps(view)
    @require_safe
    @never_cache
    def limited(request: HttpRequest, **rest: Any) -> HttpResponse:
        if Checks().allow_request(request, view):  # type: ignore[arg-type]  # both ask for its META alone
            response = view(request, **rest)
        else:
            response = show_check(request, _("Demasiados intentos seguidos. Espera un minuto."), status=429)
        response["X-Robots-Tag"] = NOT_FOR_ROBOTS
        return response

    return limited


def show_check(
    request: HttpRequest, problem: str = "", *, typed: str = "", status: int = 200
) -> HttpResponse:
    """The page where a code is typed, with what is wrong with the last one."""
    context = {"problem": problem, "typed": typed}
    return render(request, "lessons/certificate_check.html", context, status=status)


def found_or_problem(request: HttpRequest, typed: str) -> Certificate | HttpResponse:
    """The certificate of a code, else the page that says why there is none: mistyped, or never given."""
    code = read_code(typed)
    if code is None:
        problem = _(
            "Ese código no está bien copiado: son 16 letras y cifras, y la última comprueba las demás."
        )
        return show_check(request, problem, typed=typed[:40], status=404)
    certificate = certificate_by_code(code)
    if certificate is None:
        problem = _("No hemos expedido ningún certificado con ese código.")
        return show_check(request, problem, typed=code, status=404)
    return certificate


@public
def check(request: HttpRequest) -> HttpResponse:
    """Where somebody types a code; with `code`, on to its page."""
    typed = request.GET.get("code", "")
    if not typed.strip():
        return show_check(request)
    found = found_or_problem(request, typed)
    return found if isinstance(found, HttpResponse) else redirect(found)


@public
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Whose it is, for what, what was reached, and whether it holds. Public, to whoever has the code."""
    found = found_or_problem(request, code)
    if isinstance(found, HttpResponse):
        return found
    if found.code != code:
        return redirect(found)
    context = {
        "certificate": found,
        "lines": [(reached(share), due(share)) for share in shares_on(found)],
        "address": address_of(found),
        "no_sheet": why_no_sheet(found),
        "is_mine": found.student_id == request.user.pk,
        "valley": valley(),
    }
    return render(request, "lessons/certificate.html", context)


def address_of(certificate: Certificate) -> str:
    """Where anybody can check it, in full."""
    return settings.SITE_URL + certificate.get_absolute_url()


def why_no_sheet(certificate: Certificate) -> str:
    """Why there is no PDF of it, for its reader; empty where there is one."""
    if certificate.revoked_at:
        return _("De un certificado revocado no hay PDF.")
    try:
        letters = unwritable(certificate.name + certificate.facts["course"])
    except NoFont:
        logger.exception("certificates cannot be printed")
        return _("Ahora no podemos hacer el PDF: fallo nuestro. Imprime esta página.")
    if letters:
        text = _("El PDF no sabe escribir estas letras: %(letters)s. Imprime esta página, que sí sabe.")
        return text % {"letters": " ".join(letters)}
    return ""


@public
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate as PDF. Where there is none, its page says why."""
    found = found_or_problem(request, code)
    if isinstance(found, HttpResponse):
        return found
    if why_no_sheet(found):
        return redirect(found)
    response = HttpResponse(certificate_pdf(found, address=address_of(found)), content_type="application/pdf")
    name = f"{found.course.slug}-{found.code}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@login_required
def issue(request: HttpRequest, course: str) -> HttpResponse:
    """Give the reader the certificate that they have earned; else say on their page what lacks."""
    found = find_course(request, course)
    student = request.user
    if not isinstance(student, User) or enrolment_of(student=student, course=found) is None:
        raise Http404
    try:
        return redirect(certifying.issue_certificate(student=student, course=found))
    except certifying.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('lessons:progress', args=[found.slug])}#certificado")
