"""The last weeks of a student's mastery as a small line chart, its numbers ready to be placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .selectors.mastery import FIRM, Week

WIDTH, HEIGHT = 350, 168
LEFT, TOP, RIGHT, BOTTOM = 30, 12, 316, 136
GRID = (0, 50, 100)


@dataclass(frozen=True)
class Spot:
    """The end of a week for which there is a score."""

    x: float
    y: float
    score: int
    ends: datetime


@dataclass(frozen=True)
class Trend:
    """What the chart draws; `firm` is the height of the score from which on nothing asks for review."""

    spots: list[Spot]
    grid: list[tuple[int, float]]
    firm: float
    first: datetime

    @property
    def path(self) -> str:
        return " ".join(f"{spot.x:.1f},{spot.y:.1f}" for spot in self.spots)

    @property
    def newest(self) -> Spot:
        return self.spots[-1]

    @property
    def oldest(self) -> Spot:
        return self.spots[0]


def height_of(score: float) -> float:
    """Where a score of 0 to 100 stands on the chart."""
    return round(BOTTOM - (BOTTOM - TOP) * score / 100, 1)


def trend_of(weeks: Sequence[Week]) -> Trend | None:
    """The chart of these weeks, the oldest first; None while fewer than two of them have a score."""
    step = (RIGHT - LEFT) / max(1, len(weeks) - 1)
    spots = [
        Spot(round(LEFT + step * place, 1), height_of(week.score), week.score, week.ends)
        for place, week in enumerate(weeks)
        if week.score is not None
    ]
    if len(spots) < 2:
        return None
    grid = [(score, height_of(score)) for score in GRID]
    return Trend(spots=spots, grid=grid, firm=height_of(FIRM), first=weeks[0].ends)
