"""The leaderboard on one axis: everybody's value, one's own with its interval, and references."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from grading.judge.spanish import number as spanish
from grading.leaderboard import Board

WIDTH, HEIGHT = 640.0, 116.0
LEFT, RIGHT, FLOOR = 16.0, 16.0, 82.0


def draw(board: Board, references: Sequence[Mapping[str, Any]]) -> SafeString | None:
    """The strip; None while there is nothing to place on it."""
    values = [row.value for row in board.rows] + [float(one["value"]) for one in references]
    if board.own:
        values += [board.own.value - board.own.spread, board.own.value + board.own.spread]
    if not values:
        return None
    low, high = min(values), max(values)
    margin = (high - low or abs(low) or 1.0) * 0.06
    low, high = low - margin, high + margin

    def x(value: float) -> float:
        return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    parts = [f'<path class="chart__axis" d="M{LEFT:g} {FLOOR:g}H{WIDTH - RIGHT:g}"/>']
    for number, one in enumerate(sorted(references, key=lambda one: float(one["value"]))):
        at, top = x(float(one["value"])), 14 + 18 * (number % 2)  # by turns, so that no name lies on the next
        parts.append(f'<path class="chart__line chart__line--target" d="M{at:.1f} {top + 5}V{FLOOR:g}"/>')
        parts.append(_words(at, top, str(one["label"]), "reference"))
    for row in board.rows:
        if not row.is_own:
            parts.append(f'<circle class="strip__dot" cx="{x(row.value):.1f}" cy="{FLOOR:g}" r="3.5"/>')
    if own := board.own:
        ends = x(own.value - own.spread), x(own.value + own.spread)
        parts.append(f'<path class="chart__line chart__line--student" d="M{ends[0]:.1f} 68H{ends[1]:.1f}"/>')
        parts.append(f'<circle class="chart__end" cx="{x(own.value):.1f}" cy="68" r="5"/>')
        parts.append(_words(x(own.value), 58, _("tú"), "student"))
    for value in (min(values), max(values)):
        parts.append(_words(x(value), 104, spanish(value), "reference"))
    said = _("%(n)d resultados entre %(low)s y %(high)s.") % {
        "n": len(board.rows),
        "low": spanish(min(values)),
        "high": spanish(max(values)),
    }
    opening = (
        f'<svg class="chart strip" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(said)}">'
    )
    return mark_safe(f"{opening}{''.join(parts)}</svg>")  # noqa: S308 (numbers and escaped text)


def _words(x: float, y: float, words: str, role: str) -> str:
    anchor = "start" if x < 80 else "end" if x > WIDTH - 80 else "middle"
    place = f'x="{x:.1f}" y="{y:g}" text-anchor="{anchor}"'
    return f'<text class="chart__label chart__label--{role}" {place}>{escape(words)}</text>'
