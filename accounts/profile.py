"""What signing up asks beside e-mail and password.

Apart from `forms`, for allauth imports this while its own forms are still being made.
"""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import services
from .models import User
from .names import NAME_LIMIT, NameField


class ProfileFields(forms.Form):
    """What signing up asks beside e-mail and password."""

    name = NameField(
        label=_("Nombre"),
        max_length=NAME_LIMIT,
        required=False,
        help_text=_("Opcional. Así te verán tus docentes."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, _request: HttpRequest, user: User) -> None:
        """Called by allauth once the account stands."""
        services.rename(user=user, name=self.cleaned_data["name"])
