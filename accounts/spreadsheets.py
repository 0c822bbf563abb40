"""Text that no spreadsheet takes for a formula: one rule for every table that is given out as a file."""

from __future__ import annotations

import re

Value = str | int | float | None

# Behind a separator, too: where the comma is decimal, as in Spain, a spreadsheet splits at semicolons.
_FORMULA = re.compile(r'(^|[;,|\t\r\n])(?=[\s"]*[=+\-@＝＋－＠])')
_CONTROL = ("\t", "\r", "\n")


def safe(value: Value) -> Value:
    """`value`; in a text, a quote stands before whatever would begin a formula (OWASP, CSV Injection)."""
    if not isinstance(value, str):
        return value
    quoted = _FORMULA.sub(r"\1'", value)
    return f"'{quoted}" if quoted.startswith(_CONTROL) else quoted
