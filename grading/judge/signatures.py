"""The functions that an exercise asks for, compared with those the student wrote."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import endings
from .spanish import printable
from .stops import GraderFault

_MOST_COMPARED = 200
"""Functions that are looked at for one with nearly the name asked: the time for it is the judge's."""
_POSITIONAL = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD")


@dataclass(frozen=True)
class Parameter:
    """One parameter; `kind` is a name of inspect's."""

    name: str
    kind: str
    has_default: bool

    def __str__(self) -> str:
        stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(self.kind, "")
        return f"{stars}{self.name}{'=…' if self.has_default else ''}"


@dataclass(frozen=True)
class Signature:
    """A function asked for, as in `functions: ["eta_maximo(hvp, dim)"]`."""

    text: str
    name: str
    parameters: tuple[Parameter, ...]

    @classmethod
    def parse(cls, text: str) -> Signature:
        """Reads "name(a, b=1, *, c)". Raises GraderFault if it does not read as a Python signature."""
        try:
            (definition,) = ast.parse(f"def {text}: ...").body
        except (SyntaxError, ValueError) as unreadable:
            raise GraderFault(
                f'functions: "{text}" is not a signature such as "f(x, *, lr=0.1)"'
            ) from unreadable
        assert isinstance(definition, ast.FunctionDef)  # noqa: S101 - `def` parses to nothing else
        a = definition.args
        positional = [*a.posonlyargs, *a.args]
        optional = len(positional) - len(a.defaults)
        found = [
            Parameter(
                p.arg, "POSITIONAL_ONLY" if i < len(a.posonlyargs) else "POSITIONAL_OR_KEYWORD", i >= optional
            )
            for i, p in enumerate(positional)
        ]
        if a.vararg:
            found.append(Parameter(a.vararg.arg, "VAR_POSITIONAL", False))
        found += [
            Parameter(p.arg, "KEYWORD_ONLY", default is not None)
            for p, default in zip(a.kwonlyargs, a.kw_defaults, strict=True)
        ]
        if a.kwarg:
            found.append(Parameter(a.kwarg.arg, "VAR_KEYWORD", False))
        return cls(text.strip(), definition.name, tuple(found))

    def arrange(self, args: Sequence[Any], keywords: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The same call with keywords made positional, so that a student may rename a parameter."""
        placed, left = list(args), dict(keywords)
        for parameter in [p for p in self.parameters if p.kind in _POSITIONAL][len(placed) :]:
            if parameter.name not in left:
                break
            placed.append(left.pop(parameter.name))
        return placed, left

    def complaint(self, written: Sequence[Parameter]) -> str:
        """Why a call as asked would not fit the function that was written; "" if it fits.

        Renamed parameters fit, parameters in another order do not.
        """
        due = [p for p in self.parameters if p.kind in _POSITIONAL]
        got = [p for p in written if p.kind in _POSITIONAL]
        takes_more = any(p.kind == "VAR_POSITIONAL" for p in written)
        takes_names = any(p.kind == "VAR_KEYWORD" for p in written)
        names = {p.name for p in due}
        asked_names = {p.name: p for p in self.parameters if p.kind == "KEYWORD_ONLY"}
        fits = (
            (len(got) >= len(due) or takes_more)
            and all(p.has_default or p.name in asked_names for p in got[len(due) :])
            and not any(g.name != d.name and g.name in names for d, g in zip(due, got, strict=False))
            and all(g.has_default for d, g in zip(due, got, strict=False) if d.has_default)
        )
        offered = {p.name: p for p in written if p.kind in ("KEYWORD_ONLY", "POSITIONAL_OR_KEYWORD")}
        fits = fits and all(
            (name in offered and offered[name].has_default >= p.has_default) or takes_names
            for name, p in asked_names.items()
        )
        fits = fits and all(
            p.has_default or p.name in asked_names for p in written if p.kind == "KEYWORD_ONLY"
        )
        if fits:
            return ""
        own = f"{self.name}({', '.join(map(str, written))})"
        return f"La función se pide como `{self.text}`; la tuya es `{printable(own, 120)}`."


def compare(asked: Sequence[Signature], written: Mapping[str, Any], source: str) -> str:
    """The first complaint about the student's functions, as they look from inside; "" if all fit.

    `written` comes from the student's process: {name: [[parameter, kind, has a default], …] or None}.
    """
    for signature in asked:
        raw = written.get(signature.name)
        if raw is None:
            return f"Falta la función `{signature.text}`.{_near(signature.name, source)}"
        if complaint := signature.complaint(_parameters(raw)):
            return complaint
    return ""


def _parameters(raw: Any) -> list[Parameter]:
    """Those that the student's process names; whatever is no parameter did not come from our side of it."""
    if type(raw) is not list:
        raise endings.intruder()
    for one in raw:
        if type(one) is not list or [type(field) for field in one] != [str, str, bool]:
            raise endings.intruder()
    return [Parameter(*one) for one in raw]


def _near(name: str, source: str) -> str:
    defined = [line[4:].partition("(")[0].strip() for line in source.splitlines() if line.startswith("def ")]
    some = [d for d in defined if d.isidentifier()][:_MOST_COMPARED]
    near = difflib.get_close_matches(name, some, n=1, cutoff=0.6)
    return f" Tienes `{printable(near[0], 60)}`: ¿es esa?" if near else ""
