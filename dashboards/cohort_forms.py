"""The forms of the cohorts' pages. A time is always one on the clock of the cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.names import NameField
from accounts.profile_form import zones
from exercises.models import Exercise, ExerciseDeadline
from lessons import cohort_codes
from lessons.models import Cohort, Course, Deadline, Enrolment, Joining, Role, Unit
from lessons.moments import NotATime, Read, Skipped, on_the_clock, read_clock, zone_named, zone_of_cohort
from lessons.rosters import EMAIL_LIMIT


class ClockField(forms.CharField):
    """A date and a time on the clock of `zone`; clean data is a `Read`, or None. `before` stood there."""

    def __init__(self, *, zone: ZoneInfo, before: datetime | None = None, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("widget", forms.TextInput(attrs={"type": "datetime-local"}))
        super().__init__(max_length=40, initial=on_the_clock(before, zone), **options)
        self.zone, self.before = zone, before

    def clean(self, value: Any) -> Any:
        try:
            return read_clock(super().clean(value) or "", self.zone, before=self.before)
        except (NotATime, Skipped) as refusal:
            raise ValidationError(str(refusal)) from None


class CohortForm(forms.Form):
    """Name, code, zone, dates and teachers of a cohort, new or known."""

    name = NameField(label=_("Nombre"), max_length=120)
    code = forms.CharField(
        label=_("Código"),
        max_length=64,
        required=False,
        help_text=_("Quien lo escriba entra en este grupo. Vacío: nadie puede entrar con un código."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "code-field"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Zona horaria"),
        choices=zones,
        required=False,
        help_text=_("En ella se escriben las fechas. Cambiarla no mueve los plazos ya puestos."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        course: Course,
        cohort: Cohort | None = None,
        filled: Mapping[str, Any] | None = None,
    ) -> None:
        """`filled` is shown in the fields instead of what is known, and not judged yet."""
        known = cohort or Cohort(course=course)
        initial = {"name": known.name, "code": known.code, "time_zone": known.time_zone}
        super().__init__(data, initial={**initial, **(filled or {})})
        chosen = str(data.get("time_zone", "")) if data is not None else known.time_zone
        zone = zone_named(chosen)
        same = chosen == known.time_zone
        self.fields["starts_at"] = ClockField(
            label=_("Empieza"),
            zone=zone,
            before=known.starts_at if same else None,
            help_text=_("Antes se puede leer y probar, no entregar. Vacío: ya ha empezado."),
        )
        self.fields["ends_at"] = ClockField(
            label=_("Acaba"),
            zone=zone,
            before=known.ends_at if same else None,
            help_text=_("Lo que llega después se corrige y no puntúa. Vacío: no acaba."),
        )
        limited = Enrolment.objects.filter(course=course, whole_course=False)
        limited = limited.exclude(role=Role.STUDENT).select_related("student").order_by("student__name")
        self.fields["teachers"] = forms.ModelMultipleChoiceField(
            label=_("Quién lo lleva"),
            queryset=limited,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            initial=list(cohort.teachers.all()) if cohort else [],
        )
        self.fields["teachers"].label_from_instance = lambda place: (  # type: ignore[attr-defined]
            f"{place.student} ({place.get_role_display()})"
        )

    def clean_code(self) -> str:
        """As codes are kept; refuses what nobody could type in."""
        typed: str = self.cleaned_data["code"]
        if typed and not cohort_codes.clean_code(typed):
            raise ValidationError(cohort_codes.RULE)
        return cohort_codes.clean_code(typed)

    def clean(self) -> dict[str, Any]:
        """The moments themselves, the end after the beginning."""
        cleaned = dict(super().clean() or {})
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends.at <= starts.at:
            self.add_error("ends_at", _("El grupo acabaría antes de empezar."))
        return cleaned

    @property
    def has_limited_staff(self) -> bool:
        """Whether anybody could be chosen as a teacher of this cohort."""
        return bool(self.fields["teachers"].choices)  # type: ignore[attr-defined]

    @property
    def reads(self) -> list[Read]:
        """The times as they were read."""
        return [read for name in ("starts_at", "ends_at") if (read := self.cleaned_data.get(name))]

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        moments = {
            name: read.at if (read := self.cleaned_data[name]) else None for name in ("starts_at", "ends_at")
        }
        kept = {name: self.cleaned_data[name] for name in ("name", "code", "time_zone")}
        return {**kept, **moments, "teachers": list(self.cleaned_data["teachers"])}


class DeadlinesForm(forms.Form):
    """A field a unit, and one for each exercise that is due apart from its unit."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        cohort: Cohort,
        units: Sequence[Unit],
        exercises: Sequence[Exercise],
    ) -> None:
        super().__init__(data)
        self.cohort, self.units, self.exercises = cohort, units, exercises
        self.zone = zone_of_cohort(cohort)
        due = dict(Deadline.objects.filter(cohort=cohort).values_list("unit_id", "due_at"))
        own = dict(ExerciseDeadline.objects.filter(cohort=cohort).values_list("exercise_id", "due_at"))
        for unit in units:
            self.fields[f"unit-{unit.pk}"] = ClockField(
                label=str(unit), zone=self.zone, before=due.get(unit.pk)
            )
        for one in exercises:
            self.fields[f"exercise-{one.pk}"] = ClockField(
                label=one.title, zone=self.zone, before=own.get(one.pk)
            )

    def clean(self) -> dict[str, Any]:
        """Refuses what lies outside the cohort's own dates: it would never hold."""
        cleaned = dict(super().clean() or {})
        for name, read in cleaned.items():
            if read and self.cohort.ends_at and read.at > self.cohort.ends_at:
                self.add_error(name, _("Es después de que acabe el grupo: nunca llegaría a valer."))
            elif read and self.cohort.starts_at and read.at <= self.cohort.starts_at:
                self.add_error(name, _("Es antes de que empiece el grupo."))
        return cleaned

    def rows(self) -> list[dict[str, Any]]:
        """A unit with its field and those of its exercises; `open` where one of these is filled or wrong."""
        found = []
        for unit in self.units:
            fields = [self[f"exercise-{one.pk}"] for one in self.exercises if one.unit_id == unit.pk]
            filled = any(field.value() or field.errors for field in fields)
            found.append({"unit": unit, "field": self[f"unit-{unit.pk}"], "own": fields, "open": filled})
        return found

    def due(self, kind: str) -> dict[int, datetime | None]:
        """Id to moment for the fields of `kind`: unit or exercise."""
        return {
            int(name.partition("-")[2]): read.at if read else None
            for name, read in self.cleaned_data.items()
            if name.startswith(f"{kind}-")
        }

    @property
    def reads(self) -> list[Read]:
        """The times as they were read."""
        return [read for read in self.cleaned_data.values() if read]


class ExtensionForm(forms.Form):
    """More time for one student with one unit."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, course: Course, zone: ZoneInfo, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.fields["unit"] = forms.ModelChoiceField(
            label=_("Unidad"), queryset=course.units.defer("html").order_by("number"), empty_label=None
        )
        self.fields["until"] = ClockField(label=_("Hasta"), zone=zone, required=True)
        self.fields["reason"] = NameField(
            label=_("Motivo"),
            max_length=300,
            required=False,
            help_text=_("Lo ven quienes dan el curso, y el estudiante en la copia de sus datos."),
        )


class JoiningForm(forms.Form):
    """How strangers get in, and whether they see the course at all."""

    joining = forms.ChoiceField(label=_("Se entra"), choices=Joining.choices)
    published = forms.BooleanField(
        label=_("Publicado"),
        required=False,
        help_text=_("Sin publicar, el curso solo existe para quienes lo dais."),
    )


class PersonForm(forms.Form):
    """One person by their address."""

    email = forms.EmailField(label=_("Correo"), max_length=EMAIL_LIMIT)
    role = forms.ChoiceField(
        label=_("Como"), choices=[(r.value, r.label) for r in (Role.STUDENT, Role.ASSISTANT)]
    )


class RosterForm(forms.Form):
    """A list of people, as a file or pasted."""

    file = forms.FileField(
        label=_("Archivo CSV"),
        required=False,
        help_text=_("Hasta 1 MB y 1000 líneas."),
        allow_empty_file=True,
    )
    text = forms.CharField(
        label=_("O pega las direcciones"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "Una persona por línea: correo, nombre, rol. También vale «Ana Pérez <ana@example.org>»."
        ),
    )
    role = forms.ChoiceField(
        label=_("Entran como"), choices=[(r.value, r.label) for r in (Role.STUDENT, Role.ASSISTANT)]
    )
