"""The digits and the small dense nets that the figures train. Only numpy; seeds fix everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from sklearn.datasets import load_digits

np.seterr(over="ignore", invalid="ignore")  # some of these runs diverge on purpose

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Layer = tuple[Floats, Floats]
Net = list[Layer]


def split(train: int = 1297) -> tuple[Floats, Ints, Floats, Ints]:
    """Images in 0..1 minus the training mean: `train` to learn from, the rest to test."""
    digits = load_digits()
    images, labels = digits.data / 16, digits.target
    order = np.random.default_rng(0).permutation(len(labels))
    learn, test = order[:train], order[train:]
    mean = images[learn].mean(axis=0)
    return images[learn] - mean, labels[learn], images[test] - mean, labels[test]


def net(widths: Sequence[int], rng: np.random.Generator, *, scale: float = 1.0, gain: float = 2.0) -> Net:
    """Weights N(0, scale² gain / inputs), biases zero: `gain` 2 is He's, 1 is for tanh."""
    return [
        (rng.standard_normal((fan_in, fan_out)) * (scale * np.sqrt(gain / fan_in)), np.zeros(fan_out))
        for fan_in, fan_out in pairwise(widths)
    ]


def activations(layers: Net, images: Floats, *, tanh: bool = False) -> list[Floats]:
    """The input, every hidden layer after its non-linearity, and the scores; for many nets at once too."""
    seen = [images]
    for weights, biases in layers[:-1]:
        before = seen[-1] @ weights + biases
        seen.append(np.tanh(before) if tanh else np.maximum(before, 0))
    weights, biases = layers[-1]
    return [*seen, seen[-1] @ weights + biases]


def loss(layers: Net, images: Floats, labels: Ints, *, tanh: bool = False) -> float:
    """Mean cross-entropy."""
    scores = activations(layers, images, tanh=tanh)[-1]
    top = scores.max(axis=1)
    total = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top
    return float(np.mean(total - scores[np.arange(len(labels)), labels]))


def predicted(layers: Net, images: Floats, *, tanh: bool = False) -> Ints:
    """The class with the highest score."""
    return activations(layers, images, tanh=tanh)[-1].argmax(axis=1)


def error(layers: Net, images: Floats, labels: Ints, *, tanh: bool = False) -> float:
    """Fraction of images that are put in the wrong class."""
    return float(np.mean(predicted(layers, images, tanh=tanh) != labels))


def gradients(layers: Net, images: Floats, labels: Ints, *, tanh: bool = False) -> Net:
    """Gradient of the loss for each weight matrix and bias, by backpropagation."""
    seen = activations(layers, images, tanh=tanh)
    back = np.exp(seen[-1] - seen[-1].max(axis=1, keepdims=True))
    back /= back.sum(axis=1, keepdims=True)
    back[np.arange(len(labels)), labels] -= 1
    back /= len(labels)
    found: Net = []
    for depth in range(len(layers) - 1, -1, -1):
        found.append((seen[depth].T @ back, back.sum(axis=0)))
        if depth:
            slope = 1 - seen[depth] ** 2 if tanh else seen[depth] > 0
            back = (back @ layers[depth][0].T) * slope
    return found[::-1]


def step(layers: Net, found: Net, eta: float, *, decay: float = 0.0) -> Net:
    """One step of gradient descent; `decay` is the λ of L2 on the weights, not on the biases."""
    return [
        (weights - eta * (g_weights + decay * weights), biases - eta * g_biases)
        for (weights, biases), (g_weights, g_biases) in zip(layers, found, strict=True)
    ]


def train(
    layers: Net,
    images: Floats,
    labels: Ints,
    rng: np.random.Generator,
    *,
    eta: float,
    epochs: int,
    batch: int = 64,
    tanh: bool = False,
    watch: Callable[[int, Net], None] | None = None,
) -> Net:
    """Plain SGD, reshuffled every epoch; `watch` sees the net after each epoch."""
    for epoch in range(epochs):
        order = rng.permutation(len(labels))
        for start in range(0, len(labels), batch):
            chosen = order[start : start + batch]
            layers = step(layers, gradients(layers, images[chosen], labels[chosen], tanh=tanh), eta)
        if watch:
            watch(epoch + 1, layers)
    return layers


def dead(layers: Net, images: Floats) -> float:
    """Fraction of hidden ReLUs that are zero on every image."""
    return float(
        np.mean(np.concatenate([seen.max(axis=0) <= 0 for seen in activations(layers, images)[1:-1]]))
    )


def interval(values: Sequence[float] | Floats) -> tuple[float, float]:
    """Mean, and half the width of its 95 % Student interval."""
    array = np.asarray(values, dtype=float)
    half = stats.t.ppf(0.975, len(array) - 1) * array.std(ddof=1) / np.sqrt(len(array))
    return float(array.mean()), float(half)
