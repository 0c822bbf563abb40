"""Writes the figures of a run into docs/performance.md, and the picture beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import picture, targets

DOCS = Path(__file__).resolve().parent.parent / "docs"
PICTURE = "time-to-verdict.svg"
_PLACE = r"(<!-- {0}: written by ./dev bench grading --peers --docs -->\n).*?(\n<!-- end of {0} -->)"


def write(figures: Mapping[str, Any], folder: Path = DOCS) -> None:
    """Both tables and the picture. Raises ValueError where the document has lost a place for them."""
    (folder / PICTURE).write_text(picture.svg(figures), encoding="utf-8")
    document = folder / "performance.md"
    text = document.read_text(encoding="utf-8")
    for name, table in (("comparison", comparison(figures)), ("figures", targets.markdown(figures))):
        text, found = re.subn(
            _PLACE.format(name), lambda place, table=table: place[1] + table + place[2], text, flags=re.DOTALL
        )
        if found != 1:
            raise ValueError(f"{document}: the two comment lines around the {name} are not there once")
    document.write_text(text, encoding="utf-8")


def comparison(figures: Mapping[str, Any]) -> str:
    """The picture's numbers: time to a verdict, and how many one process gives in a second."""
    runtimes = [name for name, value in figures.items() if isinstance(value, Mapping)]
    head = " | ".join(f"{name} | a second" for name in runtimes)
    lines = [f"| | {head} | a forged submission gets |", "|---" * (2 * len(runtimes) + 2) + "|"]
    for key, title in picture.ROWS:
        cells = []
        for name in runtimes:
            value = figures[name].get(key)
            cannot = figures[name].get(key.replace("_ms", "_cannot"), "")
            cells += [picture.duration(value), rate(value)] if value else [cannot, ""]
        if any(cells):
            lines.append(f"| {title} | {' | '.join(cells)} | {_forged(figures, key)} |")
    return "\n".join(lines)


def rate(milliseconds: float) -> str:
    """How many of them a second, with two digits."""
    each = 1000 / milliseconds
    return f"{each:.0f}" if each >= 10 else f"{each:.2g}"


def _forged(figures: Mapping[str, Any], key: str) -> str:
    """Whether the score can be had by code that patches the checker, where something gives a score."""
    if key in {"bare_fork_ms", "cold_ms"}:
        return "–"
    own = key in {"wall_ms", "end_to_end_ms"}
    forged = figures.get("forged") if own else figures.get("numpy", {}).get(key.replace("_ms", "_forged"))
    return "" if forged is None else f"{forged:.0%}"
