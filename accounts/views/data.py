"""A person's data: taking it along, and leaving."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import IO

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from asgiref.sync import sync_to_async
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import privacy, services
from accounts.archive import archive_of
from accounts.models import User
from accounts.profile_form import LeaveForm

PIECE = 64 * 1024


@login_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What the site holds of the reader, and the two things they can do about it."""
    return render(request, "accounts/data.html")


@login_required
@require_POST
@reauthentication_required
def download(request: HttpRequest) -> HttpResponseBase:
    """The zip of everything. It is made anew each time, so a few times an hour must do."""
    if not ratelimit.consume(request, action="download_data", user=request.user):
        problem = _("Ya has pedido varias copias. Vuelve dentro de una hora.")
        return render(request, "accounts/data.html", {"problem": problem}, status=429)
    person = get_object_or_404(User, pk=request.user.pk)
    file = archive_of(person)
    name = f"coursesite-{timezone.localdate():%Y-%m-%d}.zip"
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(file.seek(0, os.SEEK_END)),
    }
    file.seek(0)
    return StreamingHttpResponse(_piecewise(file), content_type="application/zip", headers=headers)


async def _piecewise(file: IO[bytes]) -> AsyncIterator[bytes]:
    """`file`, without ever holding all of it: an ASGI server would first read a plain file to its end."""
    with file:
        while piece := await sync_to_async(file.read)(PIECE):
            yield piece


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def delete(request: HttpRequest) -> HttpResponse:
    """What leaving means, and leaving."""
    person = get_object_or_404(User, pk=request.user.pk)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    reasons = privacy.objections(person)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_deletion(person=person)
        except services.Refused as refusal:
            reasons = list(refusal.reasons)
        else:
            logout(request)
            return redirect("accounts:deleted")
    facts = {
        "form": form,
        "reasons": reasons,
        "day": services.deletion_day(asked_at=timezone.now()),
        "days": services.DAYS_TO_RETURN,
    }
    refused = request.method == "POST" and (bool(form.errors) or bool(reasons))
    return render(request, "accounts/delete.html", facts, status=422 if refused else 200)


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    """The last page of who leaves: how to come back, and until when."""
    return render(request, "accounts/deleted.html", {"days": services.DAYS_TO_RETURN})
