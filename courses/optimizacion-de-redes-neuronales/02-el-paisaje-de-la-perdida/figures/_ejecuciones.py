"""Digits, dense nets that may be sick on purpose, and what one can measure in them while they train."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

np.seterr(over="ignore", invalid="ignore", divide="ignore")  # some of these runs diverge on purpose

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Layers = list[tuple[Floats, Floats]]
FLAT = 0.97  # a tanh beyond this is in its flat zone: its slope is below 6 %


@dataclass
class Net:
    """Weights and biases, and the non-linearity of the hidden layers."""

    layers: Layers
    tanh: bool = False


@dataclass
class Pass:
    """One look at some images: activations (input first, scores last), loss, gradients."""

    seen: list[Floats]
    loss: float
    grads: Layers

    @property
    def norm(self) -> float:
        """Length of the whole gradient."""
        return length(self.grads)


def split(train: int = 1297) -> tuple[Floats, Ints, Floats, Ints]:
    """Images in 0..1 minus the training mean: the first `train` of a fixed order, and the last 500."""
    digits = load_digits()
    images, labels = digits.data / 16, digits.target
    order = np.random.default_rng(0).permutation(len(labels))
    learn, test = order[:train], order[-500:]
    mean = images[learn].mean(axis=0)
    return images[learn] - mean, labels[learn], images[test] - mean, labels[test]


def build(
    widths: Sequence[int],
    rng: np.random.Generator,
    *,
    gain: float = 2.0,
    bias: float = 0.0,
    tanh: bool = False,
) -> Net:
    """Weights N(0, gain / inputs); `bias` in the hidden layers, zero in the last."""
    last = len(widths) - 2
    return Net(
        [
            (
                rng.standard_normal((rows, columns)) * np.sqrt(gain / rows),
                np.full(columns, bias if k < last else 0.0),
            )
            for k, (rows, columns) in enumerate(pairwise(widths))
        ],
        tanh,
    )


def activations(net: Net, images: Floats) -> list[Floats]:
    """The input, every hidden layer after its non-linearity, and the scores."""
    seen = [images]
    for weights, biases in net.layers[:-1]:
        before = seen[-1] @ weights + biases
        seen.append(np.tanh(before) if net.tanh else np.maximum(before, 0))
    weights, biases = net.layers[-1]
    return [*seen, seen[-1] @ weights + biases]


def cross_entropy(scores: Floats, labels: Ints) -> tuple[float, Floats]:
    """Mean loss, and the probabilities."""
    top = scores.max(axis=1, keepdims=True)
    odds = np.exp(scores - top)
    total = odds.sum(axis=1, keepdims=True)
    here = scores[np.arange(len(labels)), labels]
    return float(np.mean(np.log(total[:, 0]) + top[:, 0] - here)), odds / total


def look(net: Net, images: Floats, labels: Ints) -> Pass:
    """Forward and backward."""
    seen = activations(net, images)
    value, back = cross_entropy(seen[-1], labels)
    back[np.arange(len(labels)), labels] -= 1
    back /= len(labels)
    grads: Layers = []
    for depth in range(len(net.layers) - 1, -1, -1):
        grads.append((seen[depth].T @ back, back.sum(axis=0)))
        if depth:
            slope = 1 - seen[depth] ** 2 if net.tanh else seen[depth] > 0
            back = (back @ net.layers[depth][0].T) * slope
    return Pass(seen, value, grads[::-1])


def moved(net: Net, direction: Layers, amount: float) -> Net:
    """The net displaced by `amount` times a direction."""
    return Net(
        [
            (weights + amount * dw, biases + amount * db)
            for (weights, biases), (dw, db) in zip(net.layers, direction, strict=True)
        ],
        net.tanh,
    )


def length(layers: Layers) -> float:
    """Euclidean norm of all of it."""
    return float(np.sqrt(sum((w**2).sum() + (b**2).sum() for w, b in layers)))


def dead(seen: list[Floats]) -> float:
    """Fraction of hidden units that are zero on every image."""
    return float(np.mean(np.concatenate([h.max(axis=0) <= 0 for h in seen[1:-1]])))


def saturated(seen: list[Floats]) -> float:
    """Fraction of hidden activations of a tanh net in the flat zone."""
    return float(np.mean(np.concatenate([(np.abs(h) > FLAT).ravel() for h in seen[1:-1]])))


def sharpness(net: Net, images: Floats, labels: Ints, rounds: int = 25, reach: float = 1e-4) -> float:
    """Largest curvature of the loss, by power iteration on differences of gradients."""
    rng = np.random.default_rng(7)
    guess = [(rng.standard_normal(w.shape), rng.standard_normal(b.shape)) for w, b in net.layers]
    largest = 0.0
    for _ in range(rounds):
        size = length(guess)
        guess = [(w / size, b / size) for w, b in guess]
        ahead = look(moved(net, guess, reach), images, labels).grads
        behind = look(moved(net, guess, -reach), images, labels).grads
        product = [
            ((aw - bw) / (2 * reach), (ab - bb) / (2 * reach))
            for (aw, ab), (bw, bb) in zip(ahead, behind, strict=True)
        ]
        largest = sum(
            float((gw * pw).sum() + (gb * pb).sum())
            for (gw, gb), (pw, pb) in zip(guess, product, strict=True)
        )
        guess = product
    return largest
