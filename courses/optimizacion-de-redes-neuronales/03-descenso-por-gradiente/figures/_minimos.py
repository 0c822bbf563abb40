"""Least squares in 20 dimensions and SGD on it, all seeds at once: there noise can be computed by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
N, DIMENSION = 1000, 20


@dataclass(frozen=True)
class Problem:
    """Rows `a` with targets `y`; `best` is the least-squares solution."""

    a: Floats
    y: Floats
    best: Floats
    hessian: Floats

    def excess(self, points: Floats) -> Floats:
        """Loss above the least possible, for points along the last axis."""
        away = points - self.best
        return 0.5 * np.einsum("...i,ij,...j->...", away, self.hessian, away)

    def noise_trace(self) -> float:
        """Trace of the covariance of one example's gradient, at the best point."""
        miss = self.a @ self.best - self.y
        return float(np.mean(miss**2 * np.sum(self.a**2, axis=1)))


def problem(*, skewed: bool = False) -> Problem:
    """Gaussian rows, noise of variance 1: Gaussian, or exponential if `skewed`, with an intercept column."""
    rng = np.random.default_rng(0)
    a = rng.standard_normal((N, DIMENSION))
    if skewed:
        a[:, 0] = 1
    noise = rng.exponential(1, N) - 1 if skewed else None
    truth = rng.standard_normal(DIMENSION)
    y = a @ truth + (rng.standard_normal(N) if noise is None else noise)
    return Problem(a, y, np.linalg.lstsq(a, y, rcond=None)[0], a.T @ a / N)


def sgd(
    of: Problem,
    eta: Callable[[int], float],
    steps: int,
    *,
    start: Floats,
    seeds: int = 5,
    every: int = 20,
    clip: float = np.inf,
) -> tuple[Floats, Floats, Floats]:
    """One example a step, drawn with replacement.

    Gives the steps looked at, the excess there (step × seed), and that of the mean of the last half (seed).
    """
    drawn = np.random.default_rng(1).integers(N, size=(steps, seeds))
    points = np.tile(start, (seeds, 1))
    seen, total = [], np.zeros_like(points)
    for now in range(steps):
        if now % every == 0:
            seen.append(points)
        rows = of.a[drawn[now]]
        slopes = ((rows * points).sum(axis=1) - of.y[drawn[now]])[:, None] * rows
        if np.isfinite(clip):
            slopes *= np.minimum(1, clip / np.linalg.norm(slopes, axis=1))[:, None]
        points = points - eta(now) * slopes
        if now >= steps // 2:
            total += points
    return np.arange(0, steps, every), of.excess(np.array(seen)), of.excess(total / (steps - steps // 2))
