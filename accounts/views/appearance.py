"""The look of this device."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import services
from accounts.context import THEME_COOKIE
from accounts.forms import ThemeForm
from accounts.models import Theme


def back(request: HttpRequest) -> HttpResponse:
    """Redirect to the form's `next` if it stays on this site, else home."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = resolve_url("lessons:home")
    return redirect(target)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Set the theme of this device, and of the profile when signed in."""
    form = ThemeForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    chosen = Theme(form.cleaned_data["theme"])
    if request.user.is_authenticated:
        services.choose_theme(user=request.user, theme=chosen)
    response = back(request)
    keep_theme(response, chosen)
    return response


def keep_theme(response: HttpResponse, theme: Theme) -> None:
    """Paint this device in `theme` from now on."""
    response.set_cookie(
        THEME_COOKIE,
        theme,
        max_age=timedelta(days=365),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
