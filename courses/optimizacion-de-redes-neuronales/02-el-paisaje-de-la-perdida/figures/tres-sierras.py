"""Three traces of the cosine between steps, for a question: noise, a rebound, and a straight way."""

import numpy as np
from _rebote import IMAGES, cosines, last_steps, loss_and_gradient, start

SEED = 3


def noisy():
    """Small steps with batches of 8: the noise of one step has little to do with the next."""
    rng = np.random.default_rng(SEED)
    weights, trail = start(SEED), []
    for now in range(1500):
        weights = weights - 0.1 * loss_and_gradient(weights, rng.permutation(len(IMAGES))[:8])[1]
        if now >= 1500 - 61:
            trail.append(weights)
    return cosines(np.array(trail))


def compute():
    return {
        "a": noisy(),
        "b": cosines(last_steps("rebote", SEED)[1]),
        "c": cosines(last_steps("liso", SEED)[1]),
    }


def draw(data, canvas):
    ax = canvas.axes(height=270, x="pasos", y="coseno entre un paso y el siguiente", y_range=(-1.1, 1.1))
    for series, name in zip(("c2", "c1", "c3"), "abc", strict=True):
        canvas.line(ax, range(1, len(data[name]) + 1), data[name], series=series, label=name.upper())
