"""The form that makes a personal token."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .models import Scope
from .names import NameField

LIFETIMES = ((30, _("30 días")), (90, _("90 días")), (365, _("un año")), (0, _("sin caducidad")))


class TokenForm(forms.Form):
    """What it is for, what it may do, and how long."""

    name = NameField(
        label=_("Para qué es"), max_length=80, help_text=_("Por ejemplo, «portátil» o «notas del lunes».")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Qué puede hacer"),
        choices=Scope.choices,
        initial=[Scope.READ, Scope.SUBMIT],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label=_("Caduca en"), choices=LIFETIMES, coerce=int, initial=90)

    def expires_at(self, cleaned: dict[str, Any]) -> datetime | None:
        """When the token of `cleaned` data ends; None: never."""
        return now() + timedelta(days=cleaned["days"]) if cleaned["days"] else None
