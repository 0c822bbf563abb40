"""Forms for codes and security keys: allauth's, with our labels."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as key_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from .names import NameField

CODE_LIMIT = 16
KEY_NAME_LIMIT = 60


def _ask_for_code(form: forms.Form, label: Any) -> None:
    field = form.fields["code"]
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "maxlength": CODE_LIMIT,
        "autofocus": True,
    }


class CodeForm(base_forms.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self, _("Código de la aplicación, o uno de recuperación"))


class ProveByCodeForm(base_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self, _("Código de la aplicación, o uno de recuperación"))


class ActivateForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_code(self, _("Código que muestra la aplicación"))


class ReadableCredential:
    """A credential of which every part is of the right shape, or a refusal.

    allauth lets the errors of the parser through for some shapes that no browser sends.
    """

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


class SignInByKeyForm(ReadableCredential, key_forms.LoginWebAuthnForm):
    pass


class KeyForm(ReadableCredential, key_forms.AuthenticateWebAuthnForm):
    pass


class ProveByKeyForm(ReadableCredential, key_forms.ReauthenticateWebAuthnForm):
    pass


class AddKeyForm(key_forms.AddWebAuthnForm):
    name = NameField(label=_("Nombre de la llave"), max_length=KEY_NAME_LIMIT, required=False)
    passwordless = forms.BooleanField(
        label=_("Entrar solo con esta llave, sin correo ni contraseña"),
        required=False,
        initial=True,
        help_text=_("El aparato te pedirá su PIN, tu huella o tu cara."),
    )

    def clean(self) -> dict[str, Any]:
        """As allauth; a credential of a wrong shape is refused like a wrong one."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return cleaned


class RenameKeyForm(key_forms.EditWebAuthnForm):
    name = NameField(label=_("Nombre de la llave"), max_length=KEY_NAME_LIMIT)
