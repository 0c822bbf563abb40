"""Inviting a list of people: what it would do, doing it, and the invitations that are open."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboards.access import for_instructors, for_instructors_of_cohort
from dashboards.cohort_forms import RosterForm
from exercises.access import Request
from lessons.models import Cohort, Enrolment, Invitation, Role
from lessons.rosters import MOST_BYTES, TAB, Roster, Unreadable, as_text, read_roster, too_large
from lessons.selectors.invitations import Outcome, open_invitations, plan_of
from lessons.selectors.people import cohorts_of
from lessons.services import inviting

from .cohorts import base


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_instructors_of_cohort
def invitations(request: Request, teaching: Enrolment, cohort: Cohort) -> HttpResponse:
    """The list of a file or a paste; a POST shows line by line what it would do, and does nothing."""
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _show(request, teaching, cohort, form)
    if not form.is_valid():
        return _show(request, teaching, cohort, form)
    try:
        roster = _read(form)
    except Unreadable as refusal:
        form.add_error("file" if form.cleaned_data["file"] else "text", str(refusal))
        return _show(request, teaching, cohort, form)
    plan = plan_of(cohort=cohort, lines=roster.lines, at=now())
    acting = [row for row in plan if row.acts]
    counts = [(outcome, sum(row.outcome == outcome for row in plan)) for outcome in Outcome]
    context = base(teaching) | {
        "cohort": cohort,
        "plan": sorted(plan, key=lambda row: (row.outcome != Outcome.BAD, row.line.number)),
        "counts": [(outcome, n) for outcome, n in counts if n],
        "acting": len(acting),
        "remarks": roster.remarks,
        "lines": as_text(row.line for row in acting),
        "days": inviting.DAYS,
    }
    return render(request, "dashboards/invite_check.html", context)


def _read(form: RosterForm) -> Roster:
    """The file if there is one, else the paste. Raises Unreadable."""
    role = Role(form.cleaned_data["role"])
    if file := form.cleaned_data["file"]:
        if file.size > MOST_BYTES:
            raise Unreadable(too_large(file.size))
        return read_roster(file.read(), role=role)
    text = form.cleaned_data["text"]
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise Unreadable(too_large(len(text.encode("utf-8", "replace"))))
    return read_roster(text, role=role)


def _show(request: Request, teaching: Enrolment, cohort: Cohort, form: RosterForm) -> HttpResponse:
    context = base(teaching) | {
        "cohort": cohort,
        "form": form,
        "open": open_invitations(cohort),
        "now": now(),
        "days": inviting.DAYS,
    }
    return render(request, "dashboards/invitations.html", context, status=422 if form.errors else 200)


@require_POST
@for_instructors_of_cohort
def send_invitations(request: Request, teaching: Enrolment, cohort: Cohort) -> HttpResponse:
    """Invite those who were shown; each line is looked at anew, for the page may be old or made up."""
    try:
        lines = read_roster(request.POST.get("lines", "")[:MOST_BYTES], delimiter=TAB).people
    except Unreadable:
        lines = []
    sent = inviting.invite(cohort=cohort, lines=lines, by=request.user)
    if sent:
        told = ngettext(
            "%(n)d persona invitada. El correo sale ahora.",
            "%(n)d personas invitadas. Los correos salen ahora.",
            sent,
        )
        messages.success(request, told % {"n": sent})
    else:
        messages.warning(request, _("No había a quién invitar: ya lo estaban o ya están en el curso."))
    return redirect("dashboards:invitations", teaching.course.slug, cohort.pk)


def _invitation(teaching: Enrolment, pk: int) -> Invitation:
    """The invitation of the address; 404 for one into a cohort that they do not teach."""
    theirs = Invitation.objects.filter(cohort__in=cohorts_of(teaching)).select_related("cohort")
    return get_object_or_404(theirs, pk=pk)


@require_POST
@for_instructors
def renew_invitation(request: Request, teaching: Enrolment, invitation: int) -> HttpResponse:
    """Send it once more."""
    found = _invitation(teaching, invitation)
    try:
        inviting.renew(invitation=found)
    except inviting.JustSent:
        messages.warning(request, _("Se acaba de enviar. Espera unos minutos antes de repetirla."))
    except inviting.NotOpen:
        messages.warning(request, _("Esa invitación ya se aceptó o se retiró."))
    else:
        told = _("Se envía otra vez a %(email)s. El enlace anterior deja de valer.")
        messages.success(request, told % {"email": found.email})
    return redirect("dashboards:invitations", teaching.course.slug, found.cohort_id)


@require_POST
@for_instructors
def revoke_invitation(request: Request, teaching: Enrolment, invitation: int) -> HttpResponse:
    """End it."""
    found = _invitation(teaching, invitation)
    if inviting.revoke(invitation=found):
        told = _("Invitación a %(email)s retirada. Su enlace ya no abre nada.")
        messages.success(request, told % {"email": found.email})
    else:
        messages.warning(request, _("Esa invitación ya se aceptó o se retiró."))
    return redirect("dashboards:invitations", teaching.course.slug, found.cohort_id)
