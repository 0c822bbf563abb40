"""The devices on which a person is signed in; the list itself is allauth's view."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import services
from accounts.models import User


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out of one device; 404 for one of somebody else's."""
    person = get_object_or_404(User, pk=request.user.pk)
    if not services.end_session(person=person, session_id=session_id):
        raise Http404
    messages.success(request, _("Sesión cerrada en ese aparato."))
    return redirect("usersessions_list")
