"""The codes of cohorts: easy to read aloud, not to be guessed."""

from __future__ import annotations

import re
import secrets

from django.utils.translation import gettext_lazy as _

from .certificate_codes import ALPHABET

WELL_FORMED = re.compile(r"\A[A-Z0-9]{3,}(?:-[A-Z0-9]+)*\Z")
SHORTEST, LONGEST = 6, 32
RULE = _("De 6 a 32 letras sin acento, cifras y guiones; empieza por tres letras o cifras.")
_DASHES = re.compile(r"[‐‑‒–—_]")


def clean_code(typed: str) -> str:
    """`typed` as codes are kept: capitals, no spaces, plain hyphens. Empty for what is no code at all."""
    code = _DASHES.sub("-", "".join(typed[:200].split())).upper()
    return code if SHORTEST <= len(code) <= LONGEST and WELL_FORMED.match(code) else ""


def new_code() -> str:
    """Eight marks in two groups: 40 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(2))
