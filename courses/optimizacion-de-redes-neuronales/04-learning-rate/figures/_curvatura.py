"""A tanh net with L2 on 500 digits, its weights in one vector, and the largest curvature of its loss."""

from __future__ import annotations

from functools import cache

import numpy as np
from _redes import Floats, Ints, look, split, start

IMAGES, LABELS, _, _ = split(500)
WIDTHS, DECAY, ETA, STEPS = (64, 32, 32, 10), 5e-3, 0.3, 1500
SHAPES = [part.shape for part in start(WIDTHS, np.random.default_rng(0))]


def loss_and_gradient(w: Floats, some: Ints | slice = slice(None)) -> tuple[float, Floats]:
    """Over all the images, or over `some` of them."""
    parts, at = [], 0
    for shape in SHAPES:
        size = int(np.prod(shape))
        parts.append(w[at : at + size].reshape(shape))
        at += size
    value, found = look(parts, IMAGES[some], LABELS[some], tanh=True)
    return value + 0.5 * DECAY * float(w @ w), np.concatenate([part.ravel() for part in found]) + DECAY * w


def hvp(w: Floats, v: Floats, some: Ints | slice = slice(None), reach: float = 1e-4) -> Floats:
    """Hessian times a unit vector, by two gradients."""
    ahead, behind = loss_and_gradient(w + reach * v, some)[1], loss_and_gradient(w - reach * v, some)[1]
    return (ahead - behind) / (2 * reach)


def power(
    w: Floats, rounds: int, *, seed: int = 0, some: Ints | slice = slice(None)
) -> tuple[Floats, Floats]:
    """Curvature along the vector of each round of power iteration from a random one, and the last vector."""
    v = np.random.default_rng(seed).standard_normal(len(w))
    v /= np.linalg.norm(v)
    found = []
    for _ in range(rounds):
        product = hvp(w, v, some)
        found.append(float(v @ product))
        v = product / np.linalg.norm(product)
    return np.array(found), v


@cache
def trained(seed: int) -> Floats:
    """The weights after STEPS steps on all the images."""
    w = np.concatenate([part.ravel() for part in start(WIDTHS, np.random.default_rng(seed), tanh=True)])
    for _ in range(STEPS):
        w = w - ETA * loss_and_gradient(w)[1]
    return w
