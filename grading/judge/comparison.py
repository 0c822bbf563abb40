"""Comparing what the student returned with what was expected, and showing both."""

from __future__ import annotations

import math
from collections.abc import Mapping as AbstractMapping
from typing import Any

import numpy as np

from .spanish import integer, number, printable
from .stops import GraderFault


def difference(got: Any, expected: Any) -> str:
    """What the student may read of a case that they can see; "" where there is nothing short to say."""
    if isinstance(got, float | int | str) and isinstance(expected, float | int | str | np.generic):
        return f"Devolviste {_show(got)}; se esperaba {_show(expected)}."
    if isinstance(got, np.ndarray) and got.size > 1 and got.shape == np.shape(expected):
        apart = max(1, int(np.count_nonzero(~np.isclose(got, np.asarray(expected)))))
        of = f"{integer(apart)} de {integer(got.size)} elementos"
        return f"Devolviste un array que difiere del esperado en {of}."
    return ""


def _show(value: Any) -> str:
    scalar = value.item() if isinstance(value, np.generic) else value
    if isinstance(scalar, str):
        return f"«{printable(scalar, 80)}»"
    return str(scalar) if isinstance(scalar, bool) else number(scalar, 6)


def is_close(got: Any, expected: Any, rtol: float, atol: float) -> bool:
    """Whether |got − expected| ≤ atol + rtol·|expected| everywhere; NaN equals NaN, and shapes must agree."""
    if isinstance(expected, AbstractMapping):
        return (
            isinstance(got, AbstractMapping)
            and got.keys() == expected.keys()
            and all(is_close(got[key], expected[key], rtol, atol) for key in expected)
        )
    if isinstance(expected, list | tuple):
        if isinstance(got, np.ndarray):
            return is_close(got, np.asarray(expected), rtol, atol)
        return (
            isinstance(got, list | tuple)
            and len(got) == len(expected)
            and all(is_close(g, e, rtol, atol) for g, e in zip(got, expected, strict=True))
        )
    if expected is None or isinstance(expected, str | bool) or got is None or isinstance(got, str):
        return bool(type(got) is type(expected) and got == expected)
    try:
        g, e = np.asarray(got), np.asarray(expected)
    except ValueError:  # lists of different lengths: what Anything() let in
        return False
    if g.shape != e.shape or g.dtype.kind not in "biufc" or e.dtype.kind not in "biufc":
        return False
    if g.dtype.kind in "biu" and e.dtype.kind in "biu" and rtol == atol == 0.0:
        return bool((g == e).all())
    return bool(np.isclose(g, e, rtol=rtol, atol=atol, equal_nan=True).all())


def plain(value: Any) -> Any:
    """`value` as a database's JSON can hold it: what is not finite becomes text, and no text has a NUL."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, float) and not math.isfinite(value):
        return number(value)
    if isinstance(value, AbstractMapping):
        return {plain(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if value is None or isinstance(value, bool | int | float):
        return value
    raise GraderFault(f"evidence of type {type(value).__name__} cannot be kept")
