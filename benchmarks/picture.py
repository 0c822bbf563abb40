"""The picture of docs/performance.md: time to a verdict, logarithmic, as SVG for light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Any

ROWS = (
    ("bare_fork_ms", "a bare namespaced fork"),
    ("wall_ms", "Coursesite, at the judge"),
    ("end_to_end_ms", "Coursesite, from POST to verdict"),
    ("cold_ms", "bubblewrap for each submission"),
    ("dmoj_ms", "DMOJ judge"),
    ("nbgrader_ms", "nbgrader autograde"),
    ("otter_ms", "Otter-Grader, no container"),
)
"""What is compared: the figure, and its name in the picture."""

WIDTH, LEFT, RIGHT, TOP, STEP = 760, 280, 70, 62, 34
STYLE = """
.page{fill:#fff}.text{fill:#1f2933}.quiet{fill:#5b6672}.grid{stroke:#d5dbe1}.numpy{fill:#1d5fa8}.torch{fill:#b3471d}
text{font:13px system-ui,sans-serif}.value{font-size:12px}.own{font-weight:600}
@media (prefers-color-scheme:dark){.page{fill:#15191e}.text{fill:#e6eaee}
.quiet{fill:#a3adb8}.grid{stroke:#39424d}
.numpy{fill:#7db8f5}.torch{fill:#f2a27e}}
"""


def svg(figures: Mapping[str, Any]) -> str:
    """A row for each way that was measured, a mark for each runtime."""
    shown = [
        (key, title) for key, title in ROWS if any(key in _of(figures, name) for name in _runtimes(figures))
    ]
    values = [
        _of(figures, name)[key]
        for key, _ in shown
        for name in _runtimes(figures)
        if key in _of(figures, name)
    ]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    height = TOP + STEP * len(shown) + 34

    def across(value: float) -> float:
        return LEFT + (math.log10(value) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-labelledby="title">',
        '<title id="title">From a submission to its verdict; the numbers stand in the table below</title>',
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}" rx="8"/>',
        '<text class="text own" x="20" y="28">Time to a verdict, median, logarithmic</text>',
        *_legend(_runtimes(figures)),
    ]
    bottom = TOP + STEP * len(shown)
    for power in range(low, high + 1):
        x = across(10.0**power)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 12}" y2="{bottom}"/>')
        at = f'x="{x:.1f}" y="{bottom + 20}" text-anchor="middle"'
        parts.append(f'<text class="quiet" {at}>{duration(10.0**power)}</text>')
    for number, (key, title) in enumerate(shown):
        y = TOP + STEP * number + STEP / 2 - 6
        own = " own" if title.startswith("Coursesite") else ""
        parts.append(f'<text class="text{own}" x="20" y="{y + 4:.1f}">{escape(title)}</text>')
        parts += [
            _mark(
                name,
                across(_of(figures, name)[key]),
                y + (8 if name == "torch" else -6),
                _of(figures, name)[key],
            )
            for name in _runtimes(figures)
            if key in _of(figures, name)
        ]
    return "\n".join([*parts, "</svg>", ""])


def duration(milliseconds: float) -> str:
    """`8.5 ms`, `120 ms`, `2.6 s`: as many digits as one reads."""
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.2g} s" if milliseconds < 99_500 else f"{milliseconds / 1000:.0f} s"
    return f"{milliseconds:.2g} ms" if milliseconds < 99.5 else f"{milliseconds:.0f} ms"


def _runtimes(figures: Mapping[str, Any]) -> list[str]:
    return [name for name, value in figures.items() if isinstance(value, Mapping)]


def _of(figures: Mapping[str, Any], runtime: str) -> Mapping[str, Any]:
    of: Mapping[str, Any] = figures[runtime]
    return of


def _legend(runtimes: list[str]) -> list[str]:
    x, parts = 420, []
    for name in runtimes:
        parts += [_shape(name, x, 24), f'<text class="text" x="{x + 12}" y="28">{escape(name)}</text>']
        x += 90
    return parts


def _mark(runtime: str, x: float, y: float, value: float) -> str:
    label = f'<text class="text value" x="{x + 10:.1f}" y="{y + 4:.1f}">{duration(value)}</text>'
    return _shape(runtime, x, y) + label


def _shape(runtime: str, x: float, y: float) -> str:
    """A circle, or a square: the colour is not all that tells them apart."""
    if runtime == "torch":
        return f'<rect class="torch" x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9"/>'
    return f'<circle class="numpy" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
