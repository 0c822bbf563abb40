"""Gradients of single examples, and what a batch of them tells of the whole: signal ‖g‖² and noise tr Σ."""

from __future__ import annotations

import numpy as np
from _digitos import Floats, Ints, Net, activations, gradients, net, split, step

WIDTHS = (64, 32, 10)


def each_gradient(layers: Net, images: Floats, labels: Ints) -> Floats:
    """One row an example, one column a weight or bias; only for nets of two layers."""
    entered, hidden, scores = activations(layers, images)
    back = np.exp(scores - scores.max(axis=1, keepdims=True))
    back /= back.sum(axis=1, keepdims=True)
    back[np.arange(len(labels)), labels] -= 1
    before = (back @ layers[1][0].T) * (hidden > 0)
    count = len(labels)
    return np.hstack(
        [
            (entered[:, :, None] * before[:, None, :]).reshape(count, -1),
            before,
            (hidden[:, :, None] * back[:, None, :]).reshape(count, -1),
            back,
        ]
    )


def signal_and_noise(each: Floats) -> tuple[float, float]:
    """Squared norm of the mean of the rows, and the trace of their covariance."""
    signal = float(np.sum(each.mean(axis=0) ** 2))
    return signal, float(np.mean(np.sum(each**2, axis=1)) - signal)


def flat_step(layers: Net, flat: Floats, eta: float) -> Net:
    """A step along a row of `each_gradient`, or a mean of rows."""
    moved, place = [], 0
    for weights, biases in layers:
        end = place + weights.size
        moved.append(
            (
                weights - eta * flat[place:end].reshape(weights.shape),
                biases - eta * flat[end : end + biases.size],
            )
        )
        place = end + biases.size
    return moved


def train(epochs: int, seed: int = 0, batch: int = 64, eta: float = 0.1) -> list[Net]:
    """The net at the start and after each epoch; every epoch shuffled, the rest left out."""
    images, labels, _, _ = split()
    rng = np.random.default_rng(seed)
    layers = net(WIDTHS, rng)
    path = [layers]
    for _ in range(epochs):
        order = rng.permutation(len(labels))
        for start in range(0, len(labels) - batch + 1, batch):
            some = order[start : start + batch]
            layers = step(layers, gradients(layers, images[some], labels[some]), eta)
        path.append(layers)
    return path
