"""What a person says of themself."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.models import Theme, User
from accounts.profile_form import ALIAS_TAKEN, ProfileForm

from .appearance import keep_theme


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The profile, and saving it. What is saved rules on this device too."""
    user = get_object_or_404(User, pk=request.user.pk)  # the form writes on it before it is valid
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        try:
            services.describe(user=user, **form.cleaned_data)
        except services.AliasTaken:
            form.add_error("alias", ALIAS_TAKEN)
        else:
            return _saved(request, user)
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


def _saved(request: HttpRequest, user: User) -> HttpResponse:
    with override(user.language or None):
        messages.success(request, _("Guardado."))
    response = redirect("accounts:profile")
    keep_theme(response, Theme(user.theme))
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response
