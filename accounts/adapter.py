"""The words that allauth says to the reader, in ours."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """Local accounts known by e-mail; no message tells whether an account exists."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Esta cuenta está desactivada."),
        "email_password_mismatch": _("Correo o contraseña no coinciden."),
        "email_taken": _("Ya hay una cuenta con ese correo. Entra o recupera la contraseña."),
        "enter_current_password": _("Escribe tu contraseña de ahora."),
        "incorrect_password": _("La contraseña no coincide."),
        "invalid_password_reset": _("El enlace ya no vale. Pide otro."),
        "rate_limited": _("Demasiados intentos; espera un poco."),
        "too_many_login_attempts": _("Demasiados intentos; prueba en 5 min."),
    }
