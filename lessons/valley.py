"""The picture on a certificate: heavy ball, really run, on the way down a valley."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import sqrt

KAPPA, MEMORY, STEP_SIZE, STEPS = 6.0, 0.72, 0.06, 34
START = (-1.15, -0.22)
TALL = 2.0  # the picture is drawn so many times higher than wide, or the valley would be a slit


@dataclass(frozen=True)
class Valley:
    """Half widths and heights of the level sets, and the points of the way, in units about the bottom."""

    rings: list[tuple[float, float]]
    way: list[tuple[float, float]]

    @property
    def path(self) -> str:
        """The way as SVG wants it, a hundred to the unit."""
        return " ".join(f"{100 * x:.1f},{100 * y:.1f}" for x, y in self.way)

    @property
    def ovals(self) -> list[tuple[int, int]]:
        """The level sets at the same scale."""
        return [(round(100 * wide), round(100 * high)) for wide, high in self.rings]


@cache
def valley() -> Valley:
    """Level sets of ½(x² + κy²), each half as high as the one around it, and heavy ball's way down."""
    widths = [sqrt(2.0 / 2**halved) for halved in range(6)]
    point, velocity = START, (0.0, 0.0)
    way = [point]
    for _step in range(STEPS):
        slopes = (point[0], KAPPA * point[1])
        velocity = (
            MEMORY * velocity[0] - STEP_SIZE * slopes[0],
            MEMORY * velocity[1] - STEP_SIZE * slopes[1],
        )
        point = (point[0] + velocity[0], point[1] + velocity[1])
        way.append(point)
    return Valley(
        rings=[(wide, TALL * wide / sqrt(KAPPA)) for wide in widths],
        way=[(x, TALL * y) for x, y in way],
    )
