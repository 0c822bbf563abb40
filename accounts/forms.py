"""Forms for signing in, signing up and passwords: allauth's, with our labels."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Theme


def _without_placeholders(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["login"].label = _("Correo")
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocomplete": "username"}
        self.fields["password"].label = _("Contraseña")
        self.fields["password"].help_text = ""


class SignUpForm(allauth_forms.SignupForm):
    field_order = ["email", "password1", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["email"].label = _("Correo")
        self.fields["email"].widget.attrs |= {"autofocus": True}
        self.fields["password1"].label = _("Contraseña")
        self.fields["password1"].help_text = _("Mínimo 12 caracteres; sirve una frase.")


class AskResetForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["email"].label = _("Correo")
        self.fields["email"].widget.attrs |= {"autofocus": True}


class ResetForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["password1"].label = _("Contraseña nueva")
        self.fields["password1"].help_text = _("Mínimo 12 caracteres; sirve una frase.")
        self.fields["password2"].label = _("Otra vez")


class ChangeForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["oldpassword"].label = _("Contraseña de ahora")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = _("Contraseña nueva")
        self.fields["password1"].help_text = _("Mínimo 12 caracteres; sirve una frase.")
        self.fields["password2"].label = _("Otra vez")


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(choices=Theme.choices)
