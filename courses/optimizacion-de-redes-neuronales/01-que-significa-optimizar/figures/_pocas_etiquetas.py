"""200 digits, some with a redrawn label, and a net trained on them with L2."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from _digitos import Floats, Ints, Net, gradients, net, step
from sklearn.datasets import load_digits

TRAIN, VALIDATION = 200, 300
ETA, STEPS = 0.5, 600


@dataclass(frozen=True)
class Data:
    """Training images with the `labels` that the net sees and the `true` ones; then what it never sees."""

    images: Floats
    labels: Ints
    true: Ints
    validation: tuple[Floats, Ints]
    test: tuple[Floats, Ints]


def draw_data(seed: int, *, redrawn: float = 0.2) -> Data:
    """A fraction `redrawn` of the labels is drawn again from 0..9: one in ten of those comes out right."""
    digits, rng = load_digits(), np.random.default_rng(1000 + seed)
    images, labels = digits.data / 16, digits.target
    order = rng.permutation(len(labels))
    learn, check, test = np.split(order, [TRAIN, TRAIN + VALIDATION])
    images = images - images[learn].mean(axis=0)
    seen = labels[learn].copy()
    chosen = rng.permutation(TRAIN)[: int(redrawn * TRAIN)]
    seen[chosen] = rng.integers(0, 10, len(chosen))
    return Data(
        images[learn], seen, labels[learn], (images[check], labels[check]), (images[test], labels[test])
    )


def fit(data: Data, seed: int, *, decay: float, steps: int = STEPS) -> Net:
    """Full-batch gradient descent on the loss plus `decay`/2 times the squared weights."""
    layers = net((64, 64, 10), np.random.default_rng(seed))
    for _ in range(steps):
        layers = step(layers, gradients(layers, data.images, data.labels), ETA, decay=decay)
    return layers
