"""Text of a student's with the marks that nobody sees made visible."""

from __future__ import annotations

import unicodedata

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})


def visible(text: str) -> SafeString:
    """`text` escaped, each control and format character shown by its code; line ends and tabs stay.

    Among them those that turn the writing direction: with them a comment can look like code, and code like
    a comment (Boucher & Anderson, Trojan Source, 2021, arXiv:2111.00169).
    """
    if text.isprintable():
        return escape(text)
    return mark_safe("".join(map(_shown, escape(text))))  # noqa: S308 (escaped)


def _shown(mark: str) -> str:
    if mark in "\n\t" or unicodedata.category(mark) not in UNSEEN:
        return mark
    code = f"U+{ord(mark):04X}"
    return f'<span class="unseen" title="{code}">{code}</span>'
