"""Runs of the post-norm net with linear warm-up and then a straight way down to zero."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from _digitos import split
from _postnorm import Nets, adam, error, full_loss

STEPS, SEEDS = 200, 3


def run(
    eta: float, warmup: int, frozen: int = 0, *, blocks: int = 8, seeds: Sequence[int] = range(SEEDS)
) -> dict:
    """`frozen` extra steps before the first only fill Adam's averages; losses are those of the batches."""
    images, labels, test_images, test_labels = split()
    images, test_images = images.astype(np.float32), test_images.astype(np.float32)
    nets, curve = Nets(seeds, blocks), []

    def now(k):
        k -= frozen
        return np.full(len(seeds), eta * min(1, (k + 1) / warmup) * (1 - k / STEPS))

    adam(
        nets,
        images,
        labels,
        seeds,
        now,
        steps=STEPS + frozen,
        frozen=np.full(len(seeds), frozen),
        watch=lambda k, loss, v: curve.append(loss.copy()),
    )
    return {
        "curve": np.array(curve).mean(axis=1),
        "loss": full_loss(nets, images, labels).mean(),
        "errors": error(nets, test_images, test_labels),
        "error": error(nets, test_images, test_labels).mean(),
    }
