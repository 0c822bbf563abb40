"""The range test: one short run in which η grows at every step, and three ways to read an η off it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from _manada import Floats, Herd, Ints, batches, gradients, losses, step

SMOOTHING = 0.9
BROKEN = 4.0  # the test ends where the smoothed loss is so many times the first


@dataclass(frozen=True)
class Test:
    """One net's test, cut where it broke; `exact` is the loss on many examples, without smoothing."""

    etas: Floats
    smooth: Floats
    exact: Floats

    @property
    def minimum(self) -> float:
        """η where the smoothed loss is least."""
        return float(self.etas[self.smooth.argmin()])

    @property
    def exact_minimum(self) -> float:
        return float(self.etas[self.exact.argmin()])

    @property
    def steepest(self) -> float:
        """η where the smoothed loss falls fastest in log η, before its minimum."""
        end = max(3, int(self.smooth.argmin()) + 1)
        return float(self.etas[np.gradient(self.smooth[:end], np.log(self.etas[:end])).argmin()])

    @property
    def blow_up(self) -> float:
        """The last η before the test broke."""
        return float(self.etas[-1])


def range_test(
    nets: Herd,
    images: Floats,
    labels: Ints,
    seeds: Sequence[int],
    *,
    steps: int,
    low: float,
    high: float,
    batch: int = 64,
    tanh: bool = False,
    times: float = 1.0,
    watched: int = 0,
) -> list[Test]:
    """η from `low` to `high`; `times` multiplies the loss; `watched` examples give the exact one."""
    etas = np.geomspace(low, high, steps)
    mean, smooth, exact = np.zeros(len(seeds)), [], []
    for k, chosen in enumerate(batches(seeds, len(labels), batch, steps)):
        loss, found = gradients(nets, images[chosen], labels[chosen], tanh=tanh)
        mean = SMOOTHING * mean + (1 - SMOOTHING) * loss
        smooth.append(mean / (1 - SMOOTHING ** (k + 1)))
        exact.append(losses(nets, images[:watched], labels[:watched], tanh=tanh) if watched else loss)
        nets = step(nets, found, etas[k] * times)
    tests = []
    for curve, whole in zip(np.array(smooth).T, np.array(exact).T, strict=True):
        broken = ~(curve <= BROKEN * curve[0])
        end = max(4, int(broken.argmax()) if broken.any() else steps)
        tests.append(Test(etas[:end], curve[:end], np.where(np.isfinite(whole[:end]), whole[:end], 1e9)))
    return tests
