"""What the site holds of a person, and how it lets go of it.

Each app that keeps something about people says so here when it starts: what goes into the copy that a person
may take with them, what is erased or cut from them when they leave for good, and what stands in the way of
their leaving. So this app need not know the others, which stand above it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from .models import User


@dataclass(frozen=True)
class Records:
    """A JSON file: a list of plain objects, read one by one as it is written."""

    path: str
    rows: Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Text:
    """A file of text as it is: a source, a note."""

    path: str
    text: str


Part = Records | Text
Exporter = Callable[[User], Iterator[Part]]
Eraser = Callable[[User, datetime], None]
Objection = Callable[[User], str | None]


@dataclass(frozen=True)
class Export:
    """What one app gives to the copy, under its folder; `holds` are the models that it reads."""

    folder: str
    parts: Exporter
    holds: frozenset[type[Model]]


@dataclass(frozen=True)
class Erasure:
    """What one app does when a person is made nobody; `holds` are the models that it has dealt with."""

    erase: Eraser
    holds: frozenset[type[Model]]


_exports: dict[str, Export] = {}
_erasures: dict[str, Erasure] = {}
_objections: list[Objection] = []


def provide_export(folder: str, parts: Exporter, *, holds: Iterable[type[Model]]) -> None:
    """Register what goes under `folder` in everybody's copy of their data."""
    _exports[folder] = Export(folder, parts, frozenset(holds))


def provide_erasure(name: str, erase: Eraser, *, holds: Iterable[type[Model]]) -> None:
    """Register what happens to `name`'s rows when a person leaves for good, in the transaction of that."""
    _erasures[name] = Erasure(erase, frozenset(holds))


def provide_objection(objection: Objection) -> None:
    """Register a reason why somebody cannot leave yet: a sentence for them, or None."""
    if objection not in _objections:
        _objections.append(objection)


def exports() -> list[Export]:
    """All registered exports, by folder."""
    return [_exports[folder] for folder in sorted(_exports)]


def erasures() -> list[Erasure]:
    """All registered erasures, by name."""
    return [_erasures[name] for name in sorted(_erasures)]


def objections(person: User) -> list[str]:
    """Why `person` cannot leave yet, in sentences; empty when nothing is in the way."""
    return [reason for objection in _objections if (reason := objection(person))]
