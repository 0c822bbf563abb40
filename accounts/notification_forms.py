"""What a person wants to hear of."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import NotificationKind


class ChoicesForm(forms.Form):
    """The kinds ticked in each of the two columns."""

    on_site = forms.MultipleChoiceField(
        label=_("En el sitio"), choices=NotificationKind.choices, required=False
    )
    by_mail = forms.MultipleChoiceField(
        label=_("Por correo"), choices=NotificationKind.choices, required=False
    )
