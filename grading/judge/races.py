"""The surfaces of the optimisers' race: a grader runs the student's own optimiser on them and keeps its path.

The lab `carrera-de-optimizadores` draws that path beside the textbook ones; frontend/src/labs has the same
surfaces, and a fixture made from this file holds them together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .stops import GraderFault

MOST_POINTS = 500

Vector = NDArray[np.float64]

_KAPPA = 40.0
_BANANA = 20.0
_TURN = np.array(
    [[math.cos(math.pi / 6), math.sin(math.pi / 6)], [-math.sin(math.pi / 6), math.cos(math.pi / 6)]]
)


@dataclass(frozen=True)
class Surface:
    """A loss on the plane: where runs begin, its value and its gradient, both of an array of shape (2,)."""

    name: str
    start: tuple[float, float]
    value: Callable[[Vector], float]
    gradient: Callable[[Vector], Vector]


def _valley(at: Vector) -> float:
    u, v = _TURN @ at
    return float(0.5 * (u * u + _KAPPA * v * v))


def _valley_gradient(at: Vector) -> Vector:
    u, v = _TURN @ at
    back: Vector = np.array([u, _KAPPA * v]) @ _TURN
    return back


def _rosenbrock(at: Vector) -> float:
    x, y = at
    return float((1 - x) ** 2 + _BANANA * (y - x * x) ** 2)


def _rosenbrock_gradient(at: Vector) -> Vector:
    x, y = at
    off = y - x * x
    return np.array([-2 * (1 - x) - 4 * _BANANA * x * off, 2 * _BANANA * off])


def _saddle(at: Vector) -> float:
    x, y = at
    return float(0.5 * x * x - 0.5 * y * y + 0.25 * y**4 + 0.25)


def _saddle_gradient(at: Vector) -> Vector:
    x, y = at
    return np.array([x, -y + y**3])


SURFACES = {
    surface.name: surface
    for surface in (
        Surface("valle", (-1.6, 0.4), _valley, _valley_gradient),
        Surface("rosenbrock", (-1.2, 1.0), _rosenbrock, _rosenbrock_gradient),
        Surface("silla", (-1.4, 1e-3), _saddle, _saddle_gradient),
    )
}
"""By name. "valle": ½(u² + 40v²) turned by 30°; "rosenbrock": (1 − x)² + 20(y − x²)² (H. H. Rosenbrock, 1960,
doi:10.1093/comjnl/3.3.175); "silla": ½x² − ½y² + ¼y⁴ + ¼."""


def recorded(surface: str, path: Sequence[ArrayLike]) -> dict[str, Any]:
    """A path for the race, as it is kept: points of the plane, the start first, six digits each.

    Ends before the first point that is not finite. Raises GraderFault for a surface that there is not.
    """
    if surface not in SURFACES:
        raise GraderFault(f"there is no surface {surface!r}; there are {', '.join(SURFACES)}")
    points = np.asarray(path[:MOST_POINTS], dtype=float).reshape(-1, 2)
    broken = np.flatnonzero(~np.isfinite(points).all(axis=1))
    whole = points[: broken[0]] if broken.size else points
    return {"surface": surface, "path": [[float(f"{x:.6g}") for x in point] for point in whole]}
