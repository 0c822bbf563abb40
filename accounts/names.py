"""What a name may hold. One cleaning for every door by which a name comes in."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms

NAME_LIMIT = 150
ALIAS_LIMIT = 40

# Letters and marks by category that leave no ink all the same: fillers of Hangul, the blank of Braille.
_INKLESS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SPACES = re.compile(r"\s+")


def clean_name(text: str) -> str:
    """`text` in NFC, its runs of space made one, without marks that nobody sees.

    Control and format characters go, and among them the marks of writing direction: a name that turns the
    text beside it around is a forgery, not a name.
    """
    visible = (
        " " if mark.isspace() else mark
        for mark in unicodedata.normalize("NFC", text)
        if mark.isspace() or (unicodedata.category(mark)[0] != "C" and mark not in _INKLESS)
    )
    return _SPACES.sub(" ", "".join(visible)).strip()


class NameField(forms.CharField):
    """A name, cleaned before it is measured."""

    def to_python(self, value: Any) -> str:
        return clean_name(super().to_python(value) or "")
