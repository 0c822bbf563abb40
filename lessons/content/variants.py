"""A question with other numbers: every combination that its author allows, put into its texts.

`vary` lists the values of each name, `let` names what is computed from them, `where` leaves combinations
out. `{{ formula | format }}` in a text is the number, written as numbers of figures are; what a numeric
question says of its answer is a formula as it stands.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import formulas
from .fields import Fields
from .files import Data
from .formulas import NoFormula, Number
from .mistakes import Mistakes, Where
from .values import OWN, VALUE, NoValue, write

NAME = re.compile(r"[a-z][a-z0-9_]*")
BRACES = re.compile(r"\{\{([^{}\n]*)\}\}")
KEYS = ("vary", "let", "where", "variants")
USUAL, MOST, COMBINATIONS = 12, 40, 10_000

POINT = str.maketrans({",": ".", "−": "-", "\u202f": None})
UNTOUCHED = {"key", "kind", "idea", "unit", "figure", "language", *KEYS}
FORMULAS = {"numeric": {"answer", "value", "tolerance", "rtol"}}
PLAIN = {"predict": {"code", "answer", "accept", "value"}}
"""Texts that no Markdown is: a number in them is written as Python writes it."""


@dataclass(frozen=True)
class Variant:
    """The question with one combination of numbers; `numbers` is what `{{ -.name }}` in it refers to."""

    label: str
    data: Data
    numbers: Mapping[str, Number]


def varies(fields: Fields) -> bool:
    """Whether the author asks for variants; asks for the keys that say so, in any case."""
    fields.skip(*KEYS)
    return any(fields.has(key) for key in KEYS)


def expand(fields: Fields, kind: str, figures: Mapping[str, Any]) -> Iterator[Variant]:
    """The variants in an order that hangs on their numbers alone. What is wrong is told, and ends them."""
    for world in _worlds(fields):
        told = len(fields.mistakes.found)
        writer = _Writer(fields, kind, figures, world, _place(world).hex()[:8])
        written = replace(fields.data, value=writer.written())
        if len(fields.mistakes.found) > told:
            return
        label = ", ".join(f"{name} = {value:g}" for name, value in world.items())
        yield Variant(label, written, writer.numbers)


def _worlds(fields: Fields) -> list[dict[str, Number]]:
    """What each name is worth, combination by combination; at most as many as were asked for."""
    choices, rules = _choices(fields), _Rules(fields)
    wanted = fields.integer("variants", 2, MOST, required=False) or USUAL
    total = math.prod(len(values) for values in choices.values())
    if total > COMBINATIONS:
        fields.wrong("vary", f"{total:,} combinations; at most {COMBINATIONS:,} are looked at")
    if not 0 < total <= COMBINATIONS:
        return []
    combinations = (dict(zip(choices, found, strict=True)) for found in itertools.product(*choices.values()))
    try:
        kept = [world for found in combinations if (world := rules.applied(found)) is not None]
    except NoFormula as error:
        fields.mistakes.add(rules.now, f"{fields.what}: {error}")
        return []
    if len(kept) < 2:
        fields.wrong("vary", f"combinations left: {len(kept)}; two or more are needed")
        return []
    return sorted(kept, key=_place)[:wanted]


def _place(world: Mapping[str, Number]) -> bytes:
    """Somewhere in an order that looks like chance and does not change when others come or go."""
    pairs = sorted((name, float(value)) for name, value in world.items())
    return hashlib.sha256(repr(pairs).encode()).digest()


def _choices(fields: Fields) -> dict[str, list[Number]]:
    """The values of each name; nothing if any of it is wrong."""
    data = fields.mapping("vary")
    if data is None:
        return {}
    inner = Fields(data, f"{fields.what}, 'vary'", fields.mistakes)
    choices: dict[str, list[Number]] = {}
    for name in inner.values:
        _check_name(inner, name)
        values: list[Number] = []
        for item in inner.items(name):
            if isinstance(item.value, bool) or not isinstance(item.value, int | float):
                fields.mistakes.add(item.where, f"{inner.what}: each of {name!r} must be a number")
            else:
                values.append(int(item.value) if isinstance(item.value, int) else float(item.value))
        if len(set(values)) < len(values):
            inner.wrong(name, f"{name!r} holds a number twice")
        choices[name] = values
    return choices if all(choices.values()) else {}


def _check_name(inner: Fields, name: str) -> None:
    if not NAME.fullmatch(name) or name in formulas.FUNCTIONS or name in formulas.CONSTANTS:
        inner.wrong(name, f"{name!r} is no name for a number: a-z, 0-9 and _, and no function's")


class _Rules:
    """What is computed from a combination, and which are left out. `now`: where the rule at work stands."""

    def __init__(self, fields: Fields) -> None:
        self.now = fields.where("vary")
        self.computed: list[tuple[str, str, Where]] = []
        data = fields.mapping("let", required=False)
        if data is not None:
            inner = Fields(data, f"{fields.what}, 'let'", fields.mistakes)
            for name in inner.values:
                _check_name(inner, name)
                self.computed.append((name, inner.text(name), inner.where(name)))
        self.condition, self.at = fields.text("where", required=False), fields.where("where")

    def applied(self, found: Mapping[str, Number]) -> dict[str, Number] | None:
        """The combination with what is computed from it, None if it is left out. Raises `NoFormula`."""
        world = dict(found)
        for name, formula, where in self.computed:
            self.now = where
            world[name] = formulas.number(formula, world)
        self.now = self.at
        return world if not self.condition or formulas.holds(self.condition, world) else None


def _as_python(value: Number) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


class _Writer:
    """Puts one combination into the texts of a question."""

    def __init__(
        self, fields: Fields, kind: str, figures: Mapping[str, Any], world: Mapping[str, Number], stamp: str
    ) -> None:
        self.fields, self.figures, self.world, self.stamp = fields, figures, world, stamp
        self.formulas, self.plain = FORMULAS.get(kind, set()), PLAIN.get(kind, set())
        self.mistakes: Mistakes = fields.mistakes
        self.numbers: dict[str, Number] = {}

    def written(self) -> Any:
        return self._put(self.fields.data.value, ())

    def _put(self, value: Any, path: tuple[str | int, ...]) -> Any:
        if isinstance(value, dict):
            return {key: self._put(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self._put(item, (*path, index)) for index, item in enumerate(value)]
        name = next((step for step in reversed(path) if isinstance(step, str)), "")
        if not isinstance(value, str) or path[0] in UNTOUCHED:
            return value
        where = self.fields.data.at(*path)
        if name in self.formulas:
            return self._number(value, where)
        return BRACES.sub(lambda found: self._in_text(found, where, plain=name in self.plain), value)

    def _in_text(self, found: re.Match[str], where: Where, *, plain: bool) -> str:
        figure = VALUE.fullmatch(found[0])
        if figure and figure[1] in self.figures:
            return found[0]
        formula, _, form = found[1].partition("|")
        value = self._number(formula, where)
        if value is None:
            return ""
        try:
            shown = write(value, form.strip())
        except NoValue as error:
            self.mistakes.add(where, f"{self.fields.what}: {found[0]}: {error}")
            return ""
        if plain:
            return _as_python(value) if not form.strip() else shown.translate(POINT)
        name = f"{self.stamp}-{len(self.numbers)}"
        self.numbers[name] = value
        return f"{{{{ {OWN}.{name} | {form.strip()} }}}}"

    def _number(self, formula: str, where: Where) -> Number | None:
        try:
            return formulas.number(formula, self.world)
        except NoFormula as error:
            self.mistakes.add(where, f"{self.fields.what}: {error}")
            return None
