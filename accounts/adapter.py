"""The words that allauth says to the reader, in ours, and what happens beside signing in."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import services
from .models import User
from .names import NAME_LIMIT, clean_name

EMAIL_LIMIT = 254
PROVEN = "proven_address"


def note_proven(request: HttpRequest, email: str) -> None:
    """Whoever asks has shown that the mailbox is theirs, by a link that only it was sent.

    An account made in this session with that address needs no other proof; one with another address does.
    """
    request.session[PROVEN] = email.lower()


class AccountAdapter(DefaultAccountAdapter):
    """Local accounts known by e-mail; no message tells whether an account exists."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Esta cuenta está desactivada."),
        "cannot_remove_primary_email": _("Este es tu único correo; no se puede quitar."),
        "duplicate_email": _("Ese ya es tu correo."),
        "email_password_mismatch": _("Correo o contraseña no coinciden."),
        "email_taken": _("Ya hay una cuenta con ese correo. Entra o recupera la contraseña."),
        "enter_current_password": _("Escribe tu contraseña de ahora."),
        "incorrect_code": _("El código no coincide."),
        "incorrect_password": _("La contraseña no coincide."),
        "invalid_or_expired_key": _("El enlace ya no vale. Pide otro."),
        "invalid_login": _("No hemos podido comprobar que eres tú."),
        "invalid_password_reset": _("El enlace ya no vale. Pide otro."),
        "rate_limited": _("Demasiados intentos; espera un poco."),
        "same_as_current": _("Es igual que la de ahora."),
        "select_only_one": _("Elige solo una opción."),
        "too_many_login_attempts": _("Demasiados intentos; prueba en 5 min."),
        "unverified_primary_email": _("Antes confirma tu correo."),
    }

    def clean_email(self, email: str) -> str:
        """Refuses an address longer than its column, which only some databases would."""
        if len(email) > EMAIL_LIMIT:
            raise ValidationError(_("Ese correo es demasiado largo."))
        return email

    def is_safe_url(self, url: str | None) -> bool:
        """Whether `url` leads to this site. What cannot be read as an address leads nowhere."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """As allauth, and by `note_proven`; its own stash would put the address into any new account."""
        proven: str = request.session.get(PROVEN, "")
        return proven == email.lower() or bool(super().is_email_verified(request, email))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Who signs in while their account waits to be emptied keeps it."""
        if services.take_back_deletion(person=user):
            messages.warning(
                request,
                gettext("Tu cuenta se iba a borrar. Al entrar la has recuperado; todo sigue como estaba."),
            )
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    """Codes, keys and passkeys."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("No se puede quitar la verificación en dos pasos."),
        "cannot_generate_recovery_codes": _("Activa antes la verificación en dos pasos."),
        "incorrect_code": _("El código no coincide."),
        "unverified_email": _("Antes confirma tu correo."),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  (allauth's name)
        """What a key is called whose owner gives it no name: its number among theirs."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Llave %(number)s") % {"number": number}


class SocialAdapter(DefaultSocialAccountAdapter):
    """Signing in with an account of somebody else's."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultSocialAccountAdapter.error_messages,
        "email_taken": _("Ya hay una cuenta con ese correo. Entra con ella y conecta %s desde tu perfil."),
        "invalid_token": _("Esa cuenta no ha podido confirmar quién eres."),
        "no_password": _("Pon antes una contraseña; si no, te quedarías sin forma de entrar."),
        "no_verified_email": _("Confirma antes tu correo; si no, te quedarías sin forma de entrar."),
        "disconnect_last": _("Es tu única forma de entrar; no se puede quitar."),
        "connected_other": _("Esa cuenta ya está conectada a otra persona."),
    }

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """The name that the other site knows, cleaned as one that is typed."""
        user: User = super().populate_user(request, sociallogin, data)
        full = data.get("name") or " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))
        user.name = clean_name(full)[:NAME_LIMIT]
        return user
