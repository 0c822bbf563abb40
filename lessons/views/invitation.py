"""The link of an invitation: what it offers, and taking it, with an account or with a new one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.adapter import note_proven
from accounts.models import User
from lessons.models import Invitation, Role
from lessons.selectors.invitations import invitation_by
from lessons.services import enrolling, inviting

from .joining import welcome
from .readers import reader

OPENED = "invitation"
"""Where the session keeps the digest of the token, so that the token itself is in no address from then on."""


@require_safe
@never_cache
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. Who follows it has shown that the invited mailbox is theirs."""
    digest = inviting.digest_of(token)
    found = invitation_by(digest)
    if found is None:
        return render(request, "lessons/invitation.html", {"state": "unknown"}, status=404)
    request.session[OPENED] = digest
    if reader(request) is None and inviting.is_open(found, now()):
        note_proven(request, found.email)
    return redirect("lessons:invitation")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest) -> HttpResponse:
    """What the invitation offers and how to take it; a POST takes it. 404 to whoever has opened none."""
    found = invitation_by(request.session.get(OPENED, ""))
    if found is None:
        raise Http404
    person = reader(request)
    state = state_of(found, person)
    if state == "mine":
        return redirect(found.cohort.course)
    if request.method == "POST" and state == "open":
        if person is None:
            return redirect_to_login(reverse("lessons:invitation"))
        return take(request, found, person)
    return show(request, found, person, state)


def state_of(invitation: Invitation, person: User | None) -> str:
    """Whether it is open, and if not, why: mine, used, revoked or expired."""
    if invitation.accepted_at:
        return "mine" if person and invitation.accepted_by_id == person.pk else "used"
    if invitation.revoked_at:
        return "revoked"
    return "open" if inviting.is_open(invitation, now()) else "expired"


def show(
    request: HttpRequest, invitation: Invitation, person: User | None, state: str, **more: object
) -> HttpResponse:
    """The page of the invitation; 410 for one that opens nothing any more."""
    same = person is not None and person.email.lower() == invitation.email.lower()
    context = {
        "invitation": invitation,
        "cohort": invitation.cohort,
        "course": invitation.cohort.course,
        "state": state,
        "same": same,
        "may_take": same or invitation.role == Role.STUDENT,
        **more,
    }
    status = 409 if more else 200 if state == "open" else 410
    return render(request, "lessons/invitation.html", context, status=status)


def take(request: HttpRequest, invitation: Invitation, person: User) -> HttpResponse:
    """Accept it for this account; why not, where it cannot."""
    try:
        place = inviting.accept(invitation=invitation, person=person)
    except inviting.NotOpen:
        invitation.refresh_from_db()
        return show(request, invitation, person, state_of(invitation, person))
    except inviting.AnotherAddress:
        return show(request, invitation, person, "open", refused="address")
    except enrolling.InAnotherCohort as other:
        return show(request, invitation, person, "open", refused="cohort", other=other.cohort)
    request.session.pop(OPENED, None)
    if place.teaches:
        messages.success(request, _("Ya eres ayudante del curso."))
        return redirect("dashboards:group", place.course.slug)
    messages.success(request, welcome(place))
    return redirect(invitation.cohort.course)
