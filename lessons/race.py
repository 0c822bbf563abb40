"""The race on the welcome page: gradient descent and momentum on one bowl, really run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import log10, sqrt

KAPPA = 100.0
STEPS = 120
HIGHEST, LOWEST = 2, -8  # powers of ten on the axis: heavy ball climbs before it falls
LEFT, TOP, WIDTH, HEIGHT = 44.0, 16.0, 290.0, 220.0


@dataclass(frozen=True)
class Tick:
    """A power of ten on the vertical axis."""

    power: str
    y: float


@dataclass(frozen=True)
class Lane:
    """One optimiser: its path on the chart, where its label stands, and its loss at the end."""

    name: str
    path: str
    label_x: float
    label_y: float
    steps: int


@dataclass(frozen=True)
class Race:
    """Two runs from the same point on ½(x² + κy²), each with its best constants."""

    descent: Lane
    momentum: Lane
    ticks: list[Tick]
    target_y: float


def losses(*, step_size: float, memory: float, steps: int) -> list[float]:
    """Loss over the first loss, step by step, of heavy ball; memory 0 is gradient descent."""
    point, velocity = [1.0, 1.0 / sqrt(KAPPA)], [0.0, 0.0]
    curvatures = (1.0, KAPPA)
    found = []
    for _step in range(steps + 1):
        found.append(0.5 * sum(c * x * x for c, x in zip(curvatures, point, strict=True)))
        slopes = [c * x for c, x in zip(curvatures, point, strict=True)]
        velocity = [memory * v - step_size * slope for v, slope in zip(velocity, slopes, strict=True)]
        point = [x + v for x, v in zip(point, velocity, strict=True)]
    return [loss / found[0] for loss in found]


def _x(step: int) -> float:
    return LEFT + WIDTH * step / STEPS


def _y(loss: float) -> float:
    return TOP + HEIGHT * (HIGHEST - log10(loss)) / (HIGHEST - LOWEST)


def _lane(name: str, *, step_size: float, memory: float, label_step: int) -> Lane:
    trace = losses(step_size=step_size, memory=memory, steps=600)
    shown = [(step, loss) for step, loss in enumerate(trace[: STEPS + 1]) if loss >= 10.0**LOWEST]
    points = " ".join(f"{_x(step):.1f},{_y(loss):.1f}" for step, loss in shown)
    return Lane(
        name=name,
        path=points,
        label_x=round(_x(label_step), 1),
        label_y=round(_y(trace[label_step]), 1),
        steps=next(step for step, loss in enumerate(trace) if loss <= 1e-6),
    )


@cache
def race() -> Race:
    """The race; the same for everybody, so it is run once a process."""
    root = sqrt(KAPPA)
    powers = range(HIGHEST, LOWEST - 1, -2)
    return Race(
        descent=_lane("Descenso", step_size=2 / (1 + KAPPA), memory=0.0, label_step=70),
        momentum=_lane(
            "Momentum", step_size=4 / (root + 1) ** 2, memory=((root - 1) / (root + 1)) ** 2, label_step=40
        ),
        ticks=[Tick(str(power).replace("-", "−"), round(_y(10.0**power), 1)) for power in powers],
        target_y=round(_y(1e-6), 1),
    )
