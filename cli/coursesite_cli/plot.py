"""Curves in a terminal, by the rules of the page: a logarithmic height where the values span decades."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .words import number

LOG_FROM_RATIO = 30.0
SLACK = 0.02  # decades: a curve from 1.01 down needs no decade above 1
GUTTER = 8
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of a braille cell, by row and column
BRAILLE = 0x2800
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
PLAIN = {"student": "*", "reference": ".", "target": "-"}
ROLES = ("target", "reference", "student")  # a later one is drawn over an earlier one
LONGEST = 50_000
LARGEST = 1e150


@dataclass(frozen=True)
class Line:
    """A curve; `role` is student, reference or target, and a point without a height breaks the line."""

    label: str
    role: str
    points: Sequence[tuple[float, float | None]]


@dataclass(frozen=True)
class Segment:
    """Some text of a picture, and the role whose colour it has; empty: none."""

    text: str
    role: str = ""


@dataclass(frozen=True)
class Scale:
    """From values to the unit interval."""

    low: float
    high: float
    log: bool = False

    def at(self, value: float) -> float:
        """0 at `low`, 1 at `high`."""
        if self.log:
            return (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        return (value - self.low) / (self.high - self.low)


def scale_of(values: Iterable[float], *, log: bool) -> Scale:
    """A scale over the values: logarithmic if it may, where they are positive and span decades."""
    found = list(values) or [0.0, 1.0]
    low, high = min(found), max(found)
    if log and low > 0 and high / low > LOG_FROM_RATIO:
        first, last = math.floor(math.log10(low) + SLACK), math.ceil(math.log10(high) - SLACK)
        return Scale(10.0**first, 10.0 ** max(last, first + 1), log=True)
    if not high - low > 1e-12 * max(abs(low), abs(high)):
        margin = abs(low) / 2 or 1.0
        return Scale(low - margin, high + margin)
    return Scale(low, high)


def ticks_of(scale: Scale, rows: int) -> dict[int, str]:
    """Row to the height that it stands for: powers of ten on a logarithmic scale, else about five numbers."""
    if scale.log:
        first, last = round(math.log10(scale.low)), round(math.log10(scale.high))
        stride = max(1, math.ceil((last - first) / max(rows // 2, 1)))
        named = {10.0**e: f"10{str(e).translate(SUPERSCRIPT)}" for e in range(first, last + 1, stride)}
    else:
        several = min(4, rows - 1)
        values = [scale.low + (scale.high - scale.low) * i / several for i in range(several + 1)]
        named = {value: number(value, 3) for value in values}
    return {round((1 - scale.at(value)) * (rows - 1)): name for value, name in named.items()}


class Canvas:
    """Dots, `width` × `height` cells of 2 × 4; the last role that touched a cell gives it its colour."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.bits = [[0] * width for _row in range(height)]
        self.roles = [[""] * width for _row in range(height)]

    def dot(self, x: int, y: int, role: str) -> None:
        """A dot, from the bottom left; what lies outside is left out."""
        if 0 <= x < 2 * self.width and 0 <= y < 4 * self.height:
            row, column = self.height - 1 - y // 4, x // 2
            self.bits[row][column] |= DOTS[3 - y % 4][x % 2]
            self.roles[row][column] = role

    def line(self, start: tuple[int, int], end: tuple[int, int], role: str) -> None:
        """A straight line of dots."""
        (x0, y0), (x1, y1) = start, end
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for i in range(steps + 1):
            self.dot(round(x0 + (x1 - x0) * i / steps), round(y0 + (y1 - y0) * i / steps), role)

    def row(self, row: int, *, braille: bool) -> Iterator[Segment]:
        """A row of cells, neighbours of one role together."""
        text, role = "", ""
        for bits, own in zip(self.bits[row], self.roles[row], strict=True):
            sign = " " if not bits else chr(BRAILLE + bits) if braille else PLAIN.get(own, "*")
            own = own if bits else role
            if own != role and text:
                yield Segment(text, role)
                text = ""
            text, role = text + sign, own
        yield Segment(text, role)


def shown(points: Iterable[tuple[float, float | None]]) -> list[tuple[float, float | None]]:
    """The points that have a place; a height that has none stays as None, where the line breaks."""
    return [(x, tame(y)) for x, y in points if tame(x) is not None][-LONGEST:]


def tame(value: float | None) -> float | None:
    """`value` where its difference and ratio to others can be computed, else None; almost zero is zero."""
    if value is None or not abs(value) <= LARGEST:
        return None
    return value if abs(value) >= 1 / LARGEST else 0.0


def draw(
    lines: Sequence[Line],
    *,
    width: int,
    height: int,
    log: bool = True,
    braille: bool = True,
    names: tuple[str, str] = ("", ""),
) -> list[list[Segment]]:
    """The picture as rows of segments: the heights' names at the left, `names` of x and y around it.

    Empty when no line has a height.
    """
    curves = {i: shown(line.points) for i, line in enumerate(lines) if line.role != "target"}
    heights = [y for line in lines for _x, y in shown(line.points) if y is not None]
    if not any(y is not None for points in curves.values() for _x, y in points):
        return []
    x_scale = scale_of([x for points in curves.values() for x, _y in points], log=False)
    y_scale = scale_of(heights, log=log)
    canvas = Canvas(max(width - GUTTER - 1, 10), max(height - 2, 3))
    for role in ROLES:
        for i, line in enumerate(lines):
            if line.role == role:
                put(canvas, line, curves.get(i), x_scale, y_scale)
    return list(framed(canvas, x_scale, y_scale, names, braille=braille))


def put(
    canvas: Canvas,
    line: Line,
    points: Sequence[tuple[float, float | None]] | None,
    x_scale: Scale,
    y_scale: Scale,
) -> None:
    """One line onto the canvas; a target is a level right across."""
    across, up = 2 * canvas.width - 1, 4 * canvas.height - 1
    if points is None:
        levels = [y for _x, y in shown(line.points) if y is not None and (not y_scale.log or y > 0)]
        for level in levels:
            y = round(y_scale.at(level) * up)
            for x in range(0, across, 3):
                canvas.dot(x, y, line.role)
        return
    before: tuple[int, int] | None = None
    for x_value, y_value in points:
        if y_value is None or (y_scale.log and y_value <= 0):
            before = None
            continue
        here = (round(x_scale.at(x_value) * across), round(y_scale.at(y_value) * up))
        canvas.line(before or here, here, line.role)
        before = here


def framed(
    canvas: Canvas, x_scale: Scale, y_scale: Scale, names: tuple[str, str], *, braille: bool
) -> Iterator[list[Segment]]:
    """The canvas with its axes."""
    bar, corner, floor = ("│", "└", "─") if braille else ("|", "+", "-")
    x_name, y_name = names
    if y_name:
        yield [Segment(f"{y_name} (log)" if y_scale.log else y_name)]
    ticks = ticks_of(y_scale, canvas.height)
    for row in range(canvas.height):
        yield [Segment(f"{ticks.get(row, ''):>{GUTTER}}{bar}"), *canvas.row(row, braille=braille)]
    yield [Segment(f"{'':>{GUTTER}}{corner}{floor * canvas.width}")]
    left, right = number(x_scale.low), number(x_scale.high)
    middle = x_name[: max(canvas.width - len(left) - len(right) - 2, 0)].center(
        canvas.width - len(left) - len(right)
    )
    yield [Segment(f"{'':>{GUTTER + 1}}{left}{middle}{right}")]


def as_text(rows: Iterable[Iterable[Segment]]) -> str:
    """The picture without colours."""
    return "\n".join("".join(segment.text for segment in row).rstrip() for row in rows)
