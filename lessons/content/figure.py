"""A figure as the site shows it: its two drawings, its data, its CSV. No script runs here."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from . import clean, drawings
from .files import DRAWING_BYTES, Folder
from .mistakes import Mistakes, Where

SUFFIX = re.compile(r"(?P<folder>.*figures)/(?P<name>[a-z0-9-]+)\.(?P<kind>json|py)")


@dataclass
class Figure:
    """`script` and the rest are paths in the course folder; a drawing is "" if there is none."""

    name: str
    script: str
    data: dict[str, Any] = field(default_factory=dict)
    wide: str = ""
    narrow: str = ""
    csv: str = ""

    def html(self, *, alt: str, caption: str, width: str, number: int, copy: int) -> str:
        """The `<figure>`; `copy` 2 and up keeps the ids of a drawing that stands twice on a page unique."""
        drawn = "".join(
            f'<div class="figure__{kind}">{_labelled(_renamed(svg, self.name, copy), alt)}</div>'
            for kind, svg in (("wide", self.wide), ("narrow", self.narrow))
        )
        data = ""
        if self.csv:
            address = "data:text/csv;charset=utf-8," + quote(self.csv, safe=",.-+")
            data = f' <a class="figure__data" download="{self.name}.csv" href="{address}">Datos (CSV)</a>'
        anchor = f"fig-{self.name}" + (f"-{copy}" if copy > 1 else "")
        label = f"<strong>Figura {number}.</strong> " if number else ""
        return (
            f'<figure class="figure figure--{width}" id="{anchor}">{drawn}'
            f"<figcaption>{label}{caption}{data}</figcaption></figure>"
        )


def _labelled(svg: str, alt: str) -> str:
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1)


def _renamed(svg: str, name: str, copy: int) -> str:
    if copy < 2:
        return svg
    return re.sub(rf'((?:id="|#)){re.escape(name)}-', rf"\g<1>{name}-c{copy}-", svg)


def read_all(folder: Folder, mistakes: Mistakes, *, strict: bool) -> dict[str, Figure]:
    """Every figure of the course by name. `strict`: one drawn from another script is a mistake."""
    figures: dict[str, Figure] = {}
    for path in folder.files:
        found = SUFFIX.fullmatch(path)
        if not found or "/exercises/" in path:
            continue
        stem = f"{found['folder']}/{found['name']}"
        script = f"{stem}.py"
        if found["name"] in figures:
            if figures[found["name"]].script != script:
                mistakes.add(Where(path), f"{figures[found['name']].script} has the same name")
            continue
        figures[found["name"]] = _read(folder, found["name"], stem, mistakes, strict=strict)
    return figures


def _read(folder: Folder, name: str, stem: str, mistakes: Mistakes, *, strict: bool) -> Figure:
    figure = Figure(name, f"{stem}.py")
    if missing := [suffix for suffix in drawings.SUFFIXES if not folder.has(stem + suffix)]:
        mistakes.add(
            Where(figure.script), f"not drawn ({', '.join(missing)} missing): manage.py drawfigures {name}"
        )
        return figure
    if text := folder.text(f"{stem}.json", limit=DRAWING_BYTES):
        try:
            figure.data = json.loads(text)
        except (ValueError, RecursionError) as error:
            mistakes.add(Where(f"{stem}.json"), f"not JSON: {error}")
    for kind in ("wide", "narrow"):
        path = f"{stem}.{kind}.svg"
        if text := folder.text(path, limit=DRAWING_BYTES):
            setattr(figure, kind, clean.svg(text, Where(path), mistakes))
    figure.csv = folder.text(f"{stem}.csv", limit=DRAWING_BYTES) or ""
    if strict:
        script = folder.files.get(figure.script, Path())
        if not folder.has(figure.script):
            mistakes.add(Where(f"{stem}.json"), f"its script {figure.script} does not exist")
        elif reason := drawings.stale(script):
            mistakes.add(Where(figure.script), f"{reason}: manage.py drawfigures {name}")
    return figure
