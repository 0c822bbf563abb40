"""Personal tokens: the list, a new one, whose secret is shown once, and the end of one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Scope, User
from accounts.services.tokens import TooManyTokens, create_token, revoke_token
from accounts.token_form import TokenForm


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens that work; a POST makes one and shows its secret on the page that answers."""
    person = get_object_or_404(User, pk=request.user.pk)
    form = TokenForm(request.POST if request.method == "POST" else None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            _token, secret = create_token(
                person=person,
                name=chosen["name"],
                scopes=[Scope(scope) for scope in chosen["scopes"]],
                expires_at=form.expires_at(chosen),
            )
        except TooManyTokens:
            form.add_error(None, _("Tienes demasiadas claves. Revoca una que no uses y prueba otra vez."))
        else:
            form = TokenForm()
    alive = person.tokens.filter(revoked_at__isnull=True)
    context = {"form": form, "secret": secret, "tokens": alive, "now": now(), "scopes": dict(Scope.choices)}
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token; 404 for one of somebody else's."""
    person = get_object_or_404(User, pk=request.user.pk)
    if not revoke_token(person=person, token_id=token_id):
        raise Http404
    messages.success(request, _("Clave revocada. Ya no abre nada."))
    return redirect("accounts:tokens")
