"""The digits and the dense ReLU nets that SGD and momentum train here; seeds fix everything."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

np.seterr(over="ignore", invalid="ignore", divide="ignore")  # some of these runs diverge on purpose

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Net = list[Floats]  # weights and biases, by turns


def net(widths: Sequence[int], rng: np.random.Generator) -> Net:
    """He weights, zero biases."""
    made: Net = []
    for fan_in, fan_out in pairwise(widths):
        made += [rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in), np.zeros(fan_out)]
    return made


def scores(layers: Net, images: Floats) -> tuple[Floats, list[Floats]]:
    """Scores of each class, and what entered each layer."""
    seen = [images]
    last = len(layers) - 2
    for depth in range(0, last, 2):
        seen.append(np.maximum(seen[-1] @ layers[depth] + layers[depth + 1], 0))
    return seen[-1] @ layers[last] + layers[last + 1], seen


def loss_gradient(layers: Net, images: Floats, labels: Ints) -> tuple[float, Net]:
    """Mean cross-entropy, and its gradient in the shape of the net."""
    out, seen = scores(layers, images)
    rows = np.arange(len(labels))
    out = out - out.max(axis=1, keepdims=True)
    total = np.log(np.exp(out).sum(axis=1))
    loss = float(np.mean(total - out[rows, labels]))
    back = np.exp(out - total[:, None])
    back[rows, labels] -= 1
    back /= len(labels)
    found: Net = []
    for depth in range(len(layers) - 2, -1, -2):
        found += [back.sum(axis=0), seen[depth // 2].T @ back]
        if depth:
            back = (back @ layers[depth].T) * (seen[depth // 2] > 0)
    return loss, found[::-1]


def loss(layers: Net, images: Floats, labels: Ints) -> float:
    """Mean cross-entropy; infinite where the net is no longer finite."""
    out, _ = scores(layers, images)
    out = out - out.max(axis=1, keepdims=True)
    value = np.mean(np.log(np.exp(out).sum(axis=1)) - out[np.arange(len(labels)), labels])
    return float(value) if np.isfinite(value) else float("inf")


def error(layers: Net, images: Floats, labels: Ints) -> float:
    """Fraction of images that are put in the wrong class."""
    return float(np.mean(scores(layers, images)[0].argmax(axis=1) != labels))


def norm(found: Net) -> float:
    """Length of the gradient of the whole net."""
    return float(np.sqrt(sum((part**2).sum() for part in found)))
