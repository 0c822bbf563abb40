"""What a hand-in looks like when it arrives."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from grading.models import Kind


class SourceField(forms.CharField):
    """Source text, kept as it is: no stripping, no silent repair of what was not UTF-8."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, required=False, **options)
        self.validators = []  # NUL and size are refused by the service, with the line

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        if "\ufffd" in text:  # what Django puts where the bytes were no UTF-8
            line = text[: text.index("\ufffd")].count("\n") + 1
            raise ValidationError(
                _("La línea %(line)d no es texto UTF-8. Guarda el archivo como UTF-8 y entrega otra vez."),
                code="not_utf8",
                params={"line": line},
            )
        return text


class HandInForm(forms.Form):
    """The editor's form."""

    source = SourceField()
    kind = forms.ChoiceField(choices=Kind.choices)
    form_token = forms.UUIDField()


class CommentForm(forms.Form):
    """A comment; how long it may be and whether there is such a line, the service says."""

    text = forms.CharField(required=False)
    line = forms.IntegerField(required=False)
