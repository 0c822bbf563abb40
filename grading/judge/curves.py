"""Curves for the picture, and what a path that blew up has to tell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float | None]

MOST_POINTS = 400


def thin(points: Sequence[Point], most: int = MOST_POINTS) -> list[Point]:
    """At most `most` of the points: first, last, and the least and greatest of each stretch between."""
    if len(points) <= most:
        return list(points)
    stretches = most // 2 - 1
    inner = len(points) - 2
    kept = {0, len(points) - 1}
    for i in range(stretches):
        start, stop = 1 + inner * i // stretches, 1 + inner * (i + 1) // stretches
        heights = [(y if (y := points[j][1]) is not None else math.inf, j) for j in range(start, stop)]
        kept.add(min(heights)[1])
        kept.add(max(heights)[1])
    return [points[j] for j in sorted(kept)]


def finite_points(xs: Iterable[float], ys: Iterable[float]) -> list[Point]:
    """Pairs fit for JSON: a y that is not finite becomes None, and the line has a gap there."""
    return [(float(x), float(y) if math.isfinite(y) else None) for x, y in zip(xs, ys, strict=True)]


@dataclass(frozen=True)
class Growth:
    """From step `since` (counted from 1), the norm was multiplied by `rate` in each step."""

    since: int
    rate: float


def growth(norms: Sequence[float]) -> Growth | None:
    """How the path grew at its end; None if it did not grow geometrically for three steps or more.

    The last stretch in which each step multiplies the norm by more than 1.02, without the steps at
    its start whose rate is far from that of its end (there the flat directions still rule).
    """
    known = [n for n in norms if math.isfinite(n) and n > 0]
    if len(known) < 4 or len(known) < len(norms) - 1:
        return None
    rates = [b / a for a, b in pairwise(known)]
    start = len(rates)
    while start > 0 and rates[start - 1] > 1.02:
        start -= 1
    tail = rates[start:]
    if len(tail) < 3:
        return None
    final = math.exp(sum(math.log(r) for r in tail[-5:]) / len(tail[-5:]))
    while len(tail) > 3 and not 0.5 < math.log(tail[0]) / math.log(final) < 2:
        tail, start = tail[1:], start + 1
    rate = math.exp(sum(math.log(r) for r in tail) / len(tail))
    if not math.isfinite(rate):  # one step from next to nothing to next to everything
        return None
    return Growth(since=start + 1, rate=rate)
