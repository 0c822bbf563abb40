"""The form that asks for a regrade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _

from accounts.names import NameField
from grading.models import GradeWith
from lessons.models import Enrolment
from lessons.selectors.people import cohorts_of

from .cohort_forms import ClockField


class RegradeForm(forms.Form):
    """With which version, which hand-ins, and why. Who teaches some cohorts only chooses one of theirs."""

    grade_with = forms.ChoiceField(
        label=_("Con qué se corrige"), choices=GradeWith.choices, initial=GradeWith.CURRENT
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, teaching: Enrolment) -> None:
        super().__init__(data)
        cohorts = cohorts_of(teaching).order_by("name")
        if not teaching.whole_course or cohorts.exists():
            self.fields["cohort"] = forms.ModelChoiceField(
                label=_("De quién"),
                queryset=cohorts,
                required=not teaching.whole_course,
                empty_label=_("todo el curso") if teaching.whole_course else None,
            )
        self.fields["since"] = ClockField(
            label=_("Entregas desde"),
            zone=get_current_timezone(),
            help_text=_("En tu hora. Vacío: todas."),
        )
        self.fields["reason"] = NameField(
            label=_("Motivo"),
            max_length=300,
            help_text=_("Lo lee cada estudiante en sus entregas recalificadas."),
        )

    def scope(self) -> dict[str, Any]:
        """What `grading.services.regrading.ask` takes, of a valid form."""
        chosen = self.cleaned_data
        since = chosen["since"]
        return {
            "grade_with": GradeWith(chosen["grade_with"]),
            "cohort": chosen.get("cohort"),
            "since": since.at if since else None,
            "reason": chosen["reason"],
        }
