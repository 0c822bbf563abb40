"""The digits and the small ReLU nets that this unit's figures train. Only numpy; seeds fix everything."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from sklearn.datasets import load_digits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Net = list[tuple[Floats, Floats]]


def split(train: int = 1297) -> tuple[Floats, Ints, Floats, Ints]:
    """Images in 0..1 minus the training mean: `train` to learn from, the rest to test."""
    digits = load_digits()
    images, labels = digits.data / 16, digits.target
    order = np.random.default_rng(0).permutation(len(labels))
    learn, test = order[:train], order[train:]
    mean = images[learn].mean(axis=0)
    return images[learn] - mean, labels[learn], images[test] - mean, labels[test]


def net(widths: Sequence[int], rng: np.random.Generator) -> Net:
    """He's weights, biases zero."""
    return [
        (rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in), np.zeros(fan_out))
        for fan_in, fan_out in pairwise(widths)
    ]


def activations(layers: Net, images: Floats) -> list[Floats]:
    """The input, every hidden layer after its ReLU, and the scores at the end."""
    seen = [images]
    for weights, biases in layers[:-1]:
        seen.append(np.maximum(seen[-1] @ weights + biases, 0))
    weights, biases = layers[-1]
    return [*seen, seen[-1] @ weights + biases]


def loss(layers: Net, images: Floats, labels: Ints) -> float:
    """Mean cross-entropy."""
    scores = activations(layers, images)[-1]
    top = scores.max(axis=1)
    total = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top
    return float(np.mean(total - scores[np.arange(len(labels)), labels]))


def error(layers: Net, images: Floats, labels: Ints) -> float:
    """Fraction of images that are put in the wrong class."""
    return float(np.mean(activations(layers, images)[-1].argmax(axis=1) != labels))


def gradients(layers: Net, images: Floats, labels: Ints) -> Net:
    """Gradient of the loss for each weight matrix and bias, by backpropagation."""
    seen = activations(layers, images)
    back = np.exp(seen[-1] - seen[-1].max(axis=1, keepdims=True))
    back /= back.sum(axis=1, keepdims=True)
    back[np.arange(len(labels)), labels] -= 1
    back /= len(labels)
    found: Net = []
    for depth in range(len(layers) - 1, -1, -1):
        found.append((seen[depth].T @ back, back.sum(axis=0)))
        if depth:
            back = (back @ layers[depth][0].T) * (seen[depth] > 0)
    return found[::-1]


def step(layers: Net, found: Net, eta: float) -> Net:
    """One step of gradient descent."""
    return [
        (weights - eta * g_weights, biases - eta * g_biases)
        for (weights, biases), (g_weights, g_biases) in zip(layers, found, strict=True)
    ]


def interval(values: Sequence[float] | Floats) -> tuple[float, float]:
    """Mean, and half the width of its 95 % Student interval."""
    array = np.asarray(values, dtype=float)
    half = stats.t.ppf(0.975, len(array) - 1) * array.std(ddof=1) / np.sqrt(len(array))
    return float(array.mean()), float(half)
