"""A small line chart as SVG: the curves of a run beside its references, on one pair of axes.

Drawn on the server, so that a result has its picture with scripts off; the live canvas of the page
(frontend/src/plot) follows the same rules: log axis where the values span decades, "tú" solid and
thick, every other line dashed, the target dotted, names at the ends of the lines.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from grading.judge.spanish import number as spanish

LOG_FROM_RATIO = 30.0
LINE_HEIGHT = 16.0
SIGN_WIDTH = 6.8
NAMED_TOP = 32.0  # where the name of the height stands over the picture
ROUNDING = 1e-9  # relative: what differs by less is one value
SLACK = 0.02  # decades: a curve from 1,01 down needs no decade above 1
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ROLES = ("student", "reference", "target", "before", "after")


@dataclass(frozen=True)
class Series:
    """One line: `role` is one of ROLES, points have finite coordinates, in the order of x."""

    label: str
    role: str
    points: tuple[tuple[float, float], ...]
    broken: bool = False  # whether it ended in a value that is not finite


@dataclass(frozen=True)
class Axes:
    """The names that the author gave the axes, and whether the height may be logarithmic."""

    x: str = ""
    y: str = ""
    log: bool = True


def axes_of(evidence: dict[str, Any]) -> Axes:
    """The axes that a group result names; "paso" where it names none."""
    named = evidence.get("axes")
    if not isinstance(named, dict):
        return Axes(x=pgettext("eje horizontal", "paso"))
    return Axes(x=str(named.get("x", "")), y=str(named.get("y", "")), log=bool(named.get("log", True)))


def series_of(
    curves: Iterable[dict[str, Any]], *, role: str = "student", student: str | None = None
) -> list[Series]:
    """The curves of a group result as lines; the student's take the `role`, and the name if one is given."""
    lines = []
    for curve in curves:
        label, kind = str(curve.get("label", "")), str(curve.get("role", "reference"))
        points = [[0.0, curve.get("y")]] if kind == "target" else curve.get("points") or []
        lines.append(
            Series(
                label=student if student and kind == "student" else label,
                role=role if kind == "student" else kind,
                points=tuple((x, y) for x, y in points if x is not None and y is not None),
                broken=bool(points) and points[-1][1] is None,
            )
        )
    return [line for line in lines if line.points]


@dataclass(frozen=True)
class Axis:
    """A scale from values to the unit interval, with its ticks."""

    low: float
    high: float
    log: bool
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """Where the value lies: 0 at `low`, 1 at `high`."""
        if self.log:
            value, low, high = math.log10(max(value, 1e-300)), math.log10(self.low), math.log10(self.high)
        else:
            low, high = self.low, self.high
        return (value - low) / (high - low)

    def name(self, tick: float) -> str:
        """The tick as the reader sees it: a power of ten, or a number with a comma."""
        if self.log:
            return "10" + str(round(math.log10(tick))).translate(SUPERSCRIPT)
        return spanish(tick)


def axis(values: Sequence[float], *, allow_log: bool, most_ticks: int = 6) -> Axis:
    """An axis over the values: log where they are positive and span decades."""
    low, high = float(min(values)), float(max(values))
    if allow_log and low > 0 and high / low > LOG_FROM_RATIO:
        first, last = math.floor(math.log10(low) + SLACK), math.ceil(math.log10(high) - SLACK)
        stride = max(1, math.ceil((last - first) / most_ticks))
        ticks = tuple(10.0**exponent for exponent in range(first, last + 1, stride))
        return Axis(10.0**first, 10.0**last, True, ticks)
    if math.isclose(low, high, rel_tol=ROUNDING):
        margin = (abs(low) or 1) * 0.5
        return Axis(low - margin, high + margin, False, (low,))
    rough = (high - low) / most_ticks
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough)
    start, end = math.floor(low / step) * step, math.ceil(high / step) * step
    count = round((end - start) / step)
    return Axis(start, end, False, tuple(start + step * i for i in range(count + 1)))


@dataclass(frozen=True)
class Frame:
    """The picture's size and the margins around the plotting area."""

    width: float
    height: float
    left: float = 54.0
    right: float = 104.0
    top: float = 14.0
    bottom: float = 40.0

    def x(self, unit: float) -> float:
        return self.left + unit * (self.width - self.left - self.right)

    def y(self, unit: float) -> float:
        return self.height - self.bottom - unit * (self.height - self.top - self.bottom)


WIDE = Frame(560, 300)
NARROW = Frame(350, 262, left=46, right=84)


@dataclass(frozen=True)
class Chart:
    """What a page needs of a picture: two drawings, what they show in words, and the numbers."""

    wide: SafeString
    narrow: SafeString
    description: str
    lines: tuple[Series, ...] = field(default=())

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Per line, at most ten points as text, the first and the last among them."""
        return [
            (line.label, [(spanish(x), spanish(y)) for x, y in sample(line.points, 10)])
            for line in self.lines
            if line.role != "target"
        ]


def sample(points: Sequence[tuple[float, float]], count: int) -> list[tuple[float, float]]:
    """`count` points at even distances, with both ends."""
    if len(points) <= count:
        return list(points)
    return [points[round(i * (len(points) - 1) / (count - 1))] for i in range(count)]


def zoomed(lines: Iterable[Series], first: float, last: float) -> list[Series]:
    """The lines between two places of the horizontal axis."""
    near = [
        replace(line, points=tuple(p for p in line.points if first <= p[0] <= last))
        for line in lines
        if line.role != "target"
    ]
    return [line for line in near if line.points]


def draw(lines: Sequence[Series], axes: Axes | None = None) -> Chart | None:
    """The chart of the lines; None when there is no point to draw."""
    drawn = [line for line in lines if line.points]
    if not drawn:
        return None
    words = describe(drawn)
    wide, narrow = (picture(drawn, frame, words, axes or Axes()) for frame in (WIDE, NARROW))
    return Chart(wide=wide, narrow=narrow, description=words, lines=tuple(drawn))


def describe(lines: Sequence[Series]) -> str:
    """A sentence a line: from where to where, over how many steps."""
    parts = []
    for line in lines:
        (x0, y0), (x1, y1) = line.points[0], line.points[-1]
        if line.role == "target":
            parts.append(_("Objetivo: %(y)s.") % {"y": spanish(y0)})
            continue
        parts.append(
            _("%(label)s: de %(y0)s a %(y1)s entre %(x0)s y %(x1)s.")
            % {
                "label": line.label,
                "y0": spanish(y0),
                "y1": spanish(y1),
                "x0": spanish(x0),
                "x1": spanish(x1),
            }
        )
    return " ".join(parts)


def picture(lines: Sequence[Series], frame: Frame, words: str, axes: Axes) -> SafeString:
    """The SVG. Text from curves is escaped; the rest is numbers."""
    plotted = [line for line in lines if line.role != "target"] or list(lines)
    xs = axis([x for line in plotted for x, _y in line.points], allow_log=False, most_ticks=5)
    ys = axis([y for line in lines for _x, y in line.points], allow_log=axes.log)
    height_name = said(axes.y, log=ys.log)
    if height_name:
        frame = replace(frame, top=NAMED_TOP)
    parts = [grid(frame, xs, ys, x_name=axes.x, y_name=height_name)]
    ends: list[tuple[float, str, str]] = []
    for line in sorted(lines, key=lambda one: one.role == "student"):
        role = line.role if line.role in ROLES else "reference"
        if role == "target":
            height = frame.y(ys.at(line.points[0][1]))
            across = f"M{frame.x(0):.1f} {height:.1f}H{frame.x(1):.1f}"
            parts.append(f'<path class="chart__line chart__line--target" d="{across}"/>')
            ends.append((height, line.label or _("objetivo"), role))
            continue
        path = [(frame.x(xs.at(x)), frame.y(ys.at(y))) for x, y in line.points]
        steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in path)
        parts.append(f'<path class="chart__line chart__line--{role}" d="M{steps}"/>')
        if role in {"student", "after"}:
            x, y = path[-1]
            kind = "broken" if line.broken else "end"
            parts.append(f'<circle class="chart__{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
        x, y = path[-1]
        if x < frame.x(1) - 60:
            parts.append(label_at(x + 9, y + 4, line.label, role))
        else:
            ends.append((y, line.label, role))
    parts += end_labels(ends, frame)
    size = f'viewBox="0 0 {frame.width:g} {frame.height:g}"'
    opening = f'<svg class="chart" {size} role="img" aria-label="{escape(words)}">'
    return mark_safe(f"{opening}{''.join(parts)}</svg>")  # noqa: S308 (numbers and escaped text)


def said(name: str, *, log: bool) -> str:
    """The name of the height, which says when it is logarithmic."""
    if not log:
        return name
    return _("%(name)s (log)") % {"name": name} if name else _("escala log")


def grid(frame: Frame, xs: Axis, ys: Axis, *, x_name: str, y_name: str) -> str:
    """Hairlines with their numbers, and the names of the axes."""
    parts = []
    left, right, floor = frame.x(0), frame.x(1), frame.y(0)
    for tick in ys.ticks:
        y = frame.y(ys.at(tick))
        parts.append(f'<path class="chart__grid" d="M{left:.1f} {y:.1f}H{right:.1f}"/>')
        parts.append(words_at("tick", left - 6, y + 4, ys.name(tick), anchor="end"))
    for tick in xs.ticks:
        x = frame.x(xs.at(tick))
        parts.append(f'<path class="chart__axis" d="M{x:.1f} {floor:.1f}v4"/>')
        parts.append(words_at("tick", x, floor + 17, xs.name(tick), anchor="middle"))
    parts.append(f'<path class="chart__axis" d="M{left:.1f} {floor:.1f}H{right:.1f}"/>')
    if x_name:
        parts.append(words_at("name", frame.x(0.5), frame.height - 5, x_name, anchor="middle"))
    if y_name:
        parts.append(words_at("name", 4, 14, y_name))
    return "".join(parts)


def words_at(kind: str, x: float, y: float, words: str, *, anchor: str = "start") -> str:
    """A piece of text; `kind` is the last part of its class."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="chart__{kind}" {place}>{escape(words)}</text>'


def end_labels(ends: Sequence[tuple[float, str, str]], frame: Frame) -> list[str]:
    """The names at the ends of the lines, on two lines if need be, none on another: they are pushed apart."""
    room = int((frame.right - 10) / SIGN_WIDTH)
    placed: list[tuple[float, list[str], str]] = []
    floor = frame.top
    for y, label, role in sorted(ends):
        rows = textwrap.wrap(label, room, max_lines=2, placeholder="…") or [""]
        placed.append((max(y, floor), rows, role))
        floor = placed[-1][0] + LINE_HEIGHT * len(rows)
    over = floor - LINE_HEIGHT - frame.y(0) if placed else 0.0
    return [
        label_at(frame.x(1) + 8, y + 4 + LINE_HEIGHT * i - max(over, 0), name, role)
        for y, rows, role in placed
        for i, name in enumerate(rows)
    ]


def label_at(x: float, y: float, name: str, role: str) -> str:
    """A line's name; `role` is one of ROLES."""
    return words_at(f"label chart__label--{role}", x, y, name)
