"""The digits and the small dense nets of this half of the unit. Only numpy; seeds fix everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

np.seterr(over="ignore", invalid="ignore")  # some of these runs diverge on purpose

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Parts = list[Floats]  # weights and biases of each layer, in turn


def split(train: int = 1297) -> tuple[Floats, Ints, Floats, Ints]:
    """Images in 0..1 minus the training mean: the first `train` to learn from, the last 500 to test."""
    digits = load_digits()
    images, labels = digits.data / 16, digits.target
    order = np.random.default_rng(0).permutation(len(labels))
    learn, test = order[:1297], order[1297:]
    mean = images[learn].mean(axis=0)
    return (images - mean)[learn[:train]], labels[learn[:train]], (images - mean)[test], labels[test]


def start(widths: Sequence[int], rng: np.random.Generator, *, tanh: bool = False) -> Parts:
    """Weights N(0, gain/inputs), gain 2 for ReLU and 1 for tanh; biases zero."""
    gain, parts = (1.0 if tanh else 2.0), []
    for fan_in, fan_out in pairwise(widths):
        parts += [rng.standard_normal((fan_in, fan_out)) * np.sqrt(gain / fan_in), np.zeros(fan_out)]
    return parts


def forward(parts: Parts, images: Floats, *, tanh: bool = False) -> list[Floats]:
    """The input, every hidden layer after its non-linearity, and the scores."""
    seen = [images]
    for at in range(0, len(parts), 2):
        before = seen[-1] @ parts[at] + parts[at + 1]
        last = at == len(parts) - 2
        seen.append(before if last else np.tanh(before) if tanh else np.maximum(before, 0))
    return seen


def look(parts: Parts, images: Floats, labels: Ints, *, tanh: bool = False) -> tuple[float, Parts]:
    """Mean cross-entropy and its gradient."""
    seen, rows = forward(parts, images, tanh=tanh), np.arange(len(labels))
    top = seen[-1].max(axis=1, keepdims=True)
    odds = np.exp(seen[-1] - top)
    total = odds.sum(axis=1, keepdims=True)
    value = float(np.mean(np.log(total) + top) - np.mean(seen[-1][rows, labels]))
    back = odds / total
    back[rows, labels] -= 1
    back /= len(labels)
    found: Parts = []
    for at in range(len(parts) - 2, -1, -2):
        depth = at // 2
        found = [seen[depth].T @ back, back.sum(axis=0), *found]
        if depth:
            back = (back @ parts[at].T) * (1 - seen[depth] ** 2 if tanh else seen[depth] > 0)
    return value, found


def loss(parts: Parts, images: Floats, labels: Ints, *, tanh: bool = False) -> float:
    """Mean cross-entropy alone."""
    scores = forward(parts, images, tanh=tanh)[-1]
    top = scores.max(axis=1)
    total = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top
    return float(np.mean(total - scores[np.arange(len(labels)), labels]))


def error(parts: Parts, images: Floats, labels: Ints, *, tanh: bool = False) -> float:
    """Percentage of images in the wrong class; 90 where the net is no longer finite."""
    scores = forward(parts, images, tanh=tanh)[-1]
    if not np.isfinite(scores).all():
        return 90.0
    return float(100 * np.mean(scores.argmax(axis=1) != labels))


def batches(rng: np.random.Generator, n: int, size: int, epochs: int) -> Iterator[Ints]:
    """Every example once an epoch, in a new order each time."""
    for _ in range(epochs):
        order = rng.permutation(n)
        for at in range(0, n, size):
            yield order[at : at + size]


class Adam:
    """Adam with the usual constants; `move` is what it takes from the weights for η = 1."""

    def __init__(self, parts: Parts, epsilon: float = 1e-8) -> None:
        self.mean = [np.zeros_like(part) for part in parts]
        self.square = [np.zeros_like(part) for part in parts]
        self.steps, self.epsilon = 0, epsilon

    def move(self, gradient: Parts) -> Parts:
        self.steps += 1
        moved: Parts = []
        for at, part in enumerate(gradient):
            self.mean[at] = 0.9 * self.mean[at] + 0.1 * part
            self.square[at] = 0.999 * self.square[at] + 0.001 * part**2
            mean = self.mean[at] / (1 - 0.9**self.steps)
            moved.append(mean / (np.sqrt(self.square[at] / (1 - 0.999**self.steps)) + self.epsilon))
        return moved
