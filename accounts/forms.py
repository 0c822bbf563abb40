"""Forms for signing in, signing up and passwords: allauth's, with our labels."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.socialaccount import forms as social_forms
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from .models import Theme, User


def _without_placeholders(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


def _words_for_new_password(form: forms.Form) -> None:
    form.fields["password1"].label = _("Contraseña nueva")
    form.fields["password1"].help_text = _("Mínimo 12 caracteres; sirve una frase.")
    form.fields["password2"].label = _("Otra vez")


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

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """As allauth, and as slowly where the address is taken: a hash not made would tell."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        saved: tuple[User | None, HttpResponse | None]
        try:
            with transaction.atomic():
                saved = super().try_save(request)
        except IntegrityError:  # another form took the address since it was looked up: it is taken, then
            self.account_already_exists: bool = True
            saved = super().try_save(request)
        return saved


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
        _words_for_new_password(self)


class ChangeForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["oldpassword"].label = _("Contraseña de ahora")
        self.fields["oldpassword"].help_text = ""
        _words_for_new_password(self)


class SetForm(allauth_forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        _words_for_new_password(self)


class ProveForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["password"].label = _("Contraseña")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs |= {"autofocus": True}


class AddressForm(allauth_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["email"].label = _("Correo nuevo")


class SocialSignUpForm(social_forms.SignupForm):
    field_order: ClassVar[list[str]] = ["email", "name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        self.fields["email"].label = _("Correo")
        self.initial.setdefault("name", self.sociallogin.user.name)


class DisconnectForm(social_forms.DisconnectForm):
    """allauth's; each account on the page has a button of its own."""


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(choices=Theme.choices)
