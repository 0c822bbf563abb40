"""Softmax regression on 1297 digits, with L2: convex, smooth, and its L is known before training."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DECAY = 1e-3


def load() -> tuple[Floats, Ints]:
    """Images in 0..1 minus their mean, with a column of ones at the end, and the labels; 1297 to train."""
    digits = load_digits()
    chosen = np.random.default_rng(0).permutation(len(digits.target))[:1297]
    images = digits.data[chosen] / 16
    images = images - images.mean(axis=0)
    return np.column_stack([images, np.ones(len(images))]), digits.target[chosen]


IMAGES, LABELS = load()
ONE_HOT = np.eye(10)[LABELS]
SMOOTHNESS = 0.5 * float(np.linalg.eigvalsh(IMAGES.T @ IMAGES / len(IMAGES))[-1]) + DECAY


def start() -> Floats:
    """All the weights zero: the loss is ln 10."""
    return np.zeros((IMAGES.shape[1], 10))


def loss(weights: Floats) -> float:
    """Mean cross-entropy plus half DECAY times the squared norm."""
    scores = IMAGES @ weights
    top = scores.max(axis=1)
    total = np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top
    right = scores[np.arange(len(LABELS)), LABELS]
    return float(np.mean(total - right) + 0.5 * DECAY * np.sum(weights**2))


def gradient(weights: Floats, some: Ints | slice = slice(None)) -> Floats:
    """Gradient of the loss on all the images, or on `some` of them."""
    images = IMAGES[some]
    scores = images @ weights
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    odds /= odds.sum(axis=1, keepdims=True)
    return images.T @ (odds - ONE_HOT[some]) / len(images) + DECAY * weights


def descend(eta: float, steps: int) -> tuple[Floats, Floats, list[Floats]]:
    """Loss and squared gradient norm before each step and after the last, and the weights at each."""
    weights, losses, norms, path = start(), [], [], []
    for _ in range(steps + 1):
        found = gradient(weights)
        losses.append(loss(weights))
        norms.append(float(np.sum(found**2)))
        path.append(weights)
        weights = weights - eta * found
    return np.array(losses), np.array(norms), path
