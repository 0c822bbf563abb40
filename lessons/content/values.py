"""Numbers in the text that come from a figure's data: `{{ figure.path | format }}`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

VALUE = re.compile(r"\{\{\s*([a-z0-9-]+)((?:\.[\w-]+)+)\s*(?:\|\s*([^}|]*?)\s*)?\}\}")
FORMAT = re.compile(r"(\d+)|\.(\d)f|e(\d?)|(int)|%(\d?)|")
OWN = "-"
"""In the place of a figure's name: the numbers of a question's variant. No figure can be called so."""
SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class NoValue(Exception):
    """There is no such value, or it cannot be written so; the message is for the author."""


def find(data: Mapping[str, Any], path: str) -> Any:
    """The value under `path`, as ".losses.-1"."""
    value: Any = data
    trail = ""
    for step in path.lstrip(".").split("."):
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif (
            isinstance(value, list) and re.fullmatch(r"-?\d+", step) and -len(value) <= int(step) < len(value)
        ):
            value = value[int(step)]
        else:
            if isinstance(value, Mapping):
                known = f"; there are {', '.join(sorted(value))}"
            else:
                known = f"; it has {len(value)} items" if isinstance(value, list) else ""
            raise NoValue(f"no {step!r} in {trail or 'its data'}{known}")
        trail = f"{trail}.{step}".lstrip(".")
    return value


def write(value: Any, form: str, *, latex: bool = False) -> str:
    """`value` written the Spanish way in `form`; in LaTeX, with `{,}` and `\\,`."""
    if isinstance(value, str) and not form:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NoValue(f"a {type(value).__name__} cannot be shown as a number")
    if not math.isfinite(value):
        raise NoValue("not a finite number")
    found = FORMAT.fullmatch(form)
    if found is None:
        raise NoValue(f"unknown format {form!r}: 3, .2f, e1, int, %1 or none")
    figures, decimals, power, whole, per_cent = found.groups()
    if power is not None:
        return _scientific(float(value), int(power or 1), latex)
    suffix = ""
    if decimals is not None:
        text = f"{value:.{decimals}f}"
    elif whole:
        text = f"{value:.0f}"
    elif per_cent is not None:
        text = f"{100 * value:.{per_cent or 0}f}"
        suffix = r"\,\%" if latex else "\u00a0%"
    elif figures is not None:
        text = _significant(float(value), int(figures))
    else:
        text = _plain(value)
    return _spanish(text, latex) + suffix


def _significant(value: float, figures: int) -> str:
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(float(f"{value:.{figures - 1}e}"))))
    return f"{round(value, figures - 1 - exponent):.{max(figures - 1 - exponent, 0)}f}"


def _plain(value: float) -> str:
    text = repr(value) if isinstance(value, int) else f"{value:.10f}".rstrip("0").rstrip(".")
    return text if value == 0 or float(text) else f"{value:.10g}"


def _scientific(value: float, decimals: int, latex: bool) -> str:
    mantissa, _, exponent = f"{value:.{decimals}e}".partition("e")
    power = int(exponent)
    if latex:
        return rf"{_spanish(mantissa, latex)}\cdot 10^{{{power}}}"
    return f"{_spanish(mantissa, latex)}·10{str(power).translate(SUPERSCRIPT)}"


def _spanish(text: str, latex: bool) -> str:
    sign = "-" if text.startswith("-") and float(text) != 0 else ""
    whole, _, fraction = text.lstrip("-").partition(".")
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", r"\," if latex else "\u202f")
    comma = "{,}" if latex else ","
    return ("−" if sign and not latex else sign) + whole + (comma + fraction if fraction else "")
