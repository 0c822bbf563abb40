"""Numbers and lists as a Spanish reader expects them, whatever the machine's locale is."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

THIN = "\N{NARROW NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
# C0 and C1 controls, an ANSI colour sequence, and the marks that turn the direction of the text
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b.?")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def number(value: float, digits: int = 3) -> str:
    """`value` with `digits` significant digits: 0,001 · 12 500 · 3,1e−6 · 2,0 stays 2."""
    if isinstance(value, int):
        return integer(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{_MINUS}∞"
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if -4 < exponent < 6:
        decimals = max(0, digits - 1 - exponent)
        whole, _, part = f"{abs(value):.{decimals}f}".partition(".")
        part = part.rstrip("0")
        text = integer(int(whole)) + (f",{part}" if part else "")
    else:
        mantissa, _, power = f"{abs(value):.{digits - 1}e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        text = f"{mantissa.replace('.', ',')}e{str(int(power)).replace('-', _MINUS)}"
    return f"{_MINUS}{text}" if value < 0 else text


def integer(value: int) -> str:
    """`value` with a thin space between thousands: 2 001."""
    if abs(value) >= 10**18:
        return f"un entero de {len(str(abs(value)))} cifras" if abs(value) < 10**4000 else "un entero enorme"
    return (
        f"{abs(value):,}".replace(",", THIN) if value >= 0 else f"{_MINUS}{abs(value):,}".replace(",", THIN)
    )


def seconds(value: float) -> str:
    """A span of time: 5 s, 0,25 s."""
    return f"{number(float(value), 2)}{THIN}s"


def either(options: Iterable[str]) -> str:
    """«a», «b» o «c»."""
    words = list(options)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} o {words[-1]}"


def shape(dimensions: Iterable[object]) -> str:
    """A shape as Python writes it: (3,), (3, 1), (n, 2)."""
    words = [str(d) for d in dimensions]
    return f"({words[0]},)" if len(words) == 1 else f"({', '.join(words)})"


def printable(text: str, limit: int = 300, *, lines: bool = False) -> str:
    """Text from the student made safe to show: no ANSI, no control or direction mark, not too long.

    `lines` keeps the line feeds and tabs; otherwise they become spaces.
    """
    clean = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _ANSI.sub("", text[: 4 * limit].replace("\r\n", "\n")))
    if not lines:
        clean = " ".join(clean.split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
