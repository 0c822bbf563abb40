"""The form of the profile page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from .models import Theme, User
from .names import ALIAS_LIMIT, NAME_LIMIT, NameField

# Plain letters only: two aliases that look alike are alike, and capitals are the same on every database.
ALIAS = re.compile(r"\A[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z")
REGIONS = {
    "Africa": _("África"),
    "America": _("América"),
    "Antarctica": _("Antártida"),
    "Arctic": _("Ártico"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlántico"),
    "Australia": _("Australia"),
    "Europe": _("Europa"),
    "Indian": _("Índico"),
    "Pacific": _("Pacífico"),
}


@cache
def _cities() -> dict[str, list[tuple[str, str]]]:
    """Region → [(zone, city)], by city, so that typing its first letters finds it."""
    regions: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for zone in available_timezones():
        region, _slash, city = zone.partition("/")
        if region in regions and city:
            regions[region].append((zone, city.replace("_", " ").replace("/", ", ")))
    return {region: sorted(cities, key=lambda pair: pair[1]) for region, cities in regions.items()}


def zones() -> list[tuple[Any, Any]]:
    """The choices of a time zone, grouped by region; the first is to follow the site."""
    site = settings.TIME_ZONE.rpartition("/")[2].replace("_", " ")
    groups: Iterable[tuple[Any, Any]] = ((REGIONS[region], cities) for region, cities in _cities().items())
    return [("", _("La del sitio (%s)") % site), ("UTC", "UTC"), *groups]


class ProfileForm(forms.ModelForm):
    """What a person says of themself; every field may stay as it is."""

    name = NameField(
        label=_("Nombre"),
        max_length=NAME_LIMIT,
        required=False,
        help_text=_("Así te ven tus docentes, y así sale en tus certificados."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    alias = NameField(
        label=_("Alias"),
        max_length=ALIAS_LIMIT,
        min_length=3,
        required=False,
        help_text=_("Lo único que otros estudiantes pueden ver de ti. Vacío: nada."),
        validators=[RegexValidator(ALIAS, _("Letras sin acento, números, punto y guion; de 3 a 40."))],
        widget=forms.TextInput(
            attrs={"autocomplete": "nickname", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )
    time_zone = forms.ChoiceField(
        label=_("Zona horaria"),
        choices=zones,
        required=False,
        help_text=_("En ella ves los plazos. Escribe las primeras letras de la ciudad."),
    )
    language = forms.ChoiceField(
        label=_("Idioma"),
        choices=[
            ("", _("El de tu navegador")),
            ("es", "Español"),
            ("en", "English"),
        ],
        required=False,
        help_text=_("De los botones y los avisos; el curso está en español."),
    )
    theme = forms.ChoiceField(label=_("Tema"), choices=Theme.choices)
    reduced_motion = forms.BooleanField(
        label=_("Menos movimiento"),
        required=False,
        help_text=_("Las curvas se redibujan una vez por segundo y nada se desliza."),
    )

    class Meta:
        model = User
        fields = ("name", "alias", "time_zone", "language", "theme", "reduced_motion")

    def clean_alias(self) -> str:
        """Refuses an alias that somebody else has, whatever its capitals."""
        alias: str = self.cleaned_data["alias"]
        if alias and User.objects.filter(alias__iexact=alias).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(ALIAS_TAKEN)
        return alias


ALIAS_TAKEN = _("Ese alias ya es de otra persona.")


class LeaveForm(forms.Form):
    understood = forms.BooleanField(
        label=_("Entiendo qué se borra y qué se queda"),
        error_messages={"required": _("Marca la casilla para seguir.")},
    )
