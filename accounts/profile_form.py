"""The form of the profile page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from .models import Theme, User
from .names import ALIAS_LIMIT, NAME_LIMIT, NameField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

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


def alias_field(*, required: bool, help_text: str | _StrPromise) -> NameField:
    """The name under which others may see a person."""
    return NameField(
        label=_("Alias"),
        max_length=ALIAS_LIMIT,
        min_length=3,
        required=required,
        help_text=help_text,
        validators=[RegexValidator(ALIAS, _("Letras sin acento, números, punto y guion; de 3 a 40."))],
        widget=forms.TextInput(
            attrs={"autocomplete": "nickname", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )


class AliasForm(forms.ModelForm):
    """An alias by itself, where somebody is about to be seen by it."""

    alias = alias_field(required=True, help_text=_("Con él te verán los demás; es el de tu perfil."))

    class Meta:
        model = User
        fields = ("alias",)

    def clean_alias(self) -> str:
        """Refuses an alias that somebody else has, whatever its capitals."""
        return free_alias(self.cleaned_data["alias"], of=self.instance)


def free_alias(alias: str, *, of: User) -> str:
    """The alias, unless somebody else has it, in whatever capitals: then ValidationError."""
    if alias and User.objects.filter(alias__iexact=alias).exclude(pk=of.pk).exists():
        raise forms.ValidationError(ALIAS_TAKEN)
    return alias


class ProfileForm(forms.ModelForm):
    """What a person says of themself; every field may stay as it is."""

    name = NameField(
        label=_("Nombre"),
        max_length=NAME_LIMIT,
        required=False,
        help_text=_("Así te ven tus docentes, y así sale en tus certificados."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    alias = alias_field(
        required=False, help_text=_("Lo único que otros estudiantes pueden ver de ti. Vacío: nada.")
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
        return free_alias(self.cleaned_data["alias"], of=self.instance)


ALIAS_TAKEN = _("Ese alias ya es de otra persona.")


class LeaveForm(forms.Form):
    understood = forms.BooleanField(
        label=_("Entiendo qué se borra y qué se queda"),
        error_messages={"required": _("Marca la casilla para seguir.")},
    )
