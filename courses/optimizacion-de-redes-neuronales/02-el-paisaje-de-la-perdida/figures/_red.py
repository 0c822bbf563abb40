"""The digits, and a net with one hidden layer as a function of one flat vector of weights. Only numpy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
INPUTS, HIDDEN, CLASSES = 64, 32, 10
SIZES = (INPUTS * HIDDEN, HIDDEN, HIDDEN * CLASSES, CLASSES)
WEIGHTS = sum(SIZES)


def layers(w: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """First weights (64, 32) and biases (32,), last weights (32, 10) and biases (10,): views of `w`."""
    first, bias, last, scores = np.split(w, np.cumsum(SIZES)[:-1])
    return first.reshape(INPUTS, HIDDEN), bias, last.reshape(HIDDEN, CLASSES), scores


def flat(first: Floats, bias: Floats, last: Floats, scores: Floats) -> Floats:
    """The four arrays of a net as one vector."""
    return np.concatenate([first.ravel(), bias, last.ravel(), scores])


def start(seed: int, *, tanh: bool) -> tuple[Floats, np.random.Generator]:
    """Glorot's variance 1/inputs for tanh, He's 2/inputs for ReLU; biases zero."""
    rng = np.random.default_rng(seed)
    gain = 1.0 if tanh else 2.0
    first = rng.standard_normal((INPUTS, HIDDEN)) * np.sqrt(gain / INPUTS)
    last = rng.standard_normal((HIDDEN, CLASSES)) * np.sqrt(gain / HIDDEN)
    return flat(first, np.zeros(HIDDEN), last, np.zeros(CLASSES)), rng


def forward(w: Floats, images: Floats, *, tanh: bool) -> tuple[Floats, Floats]:
    """Hidden activations and the scores of every class."""
    first, bias, last, scores = layers(w)
    before = images @ first + bias
    hidden = np.tanh(before) if tanh else np.maximum(before, 0)
    return hidden, hidden @ last + scores


def loss(w: Floats, images: Floats, labels: Ints, *, tanh: bool) -> float:
    """Mean cross-entropy."""
    z = forward(w, images, tanh=tanh)[1]
    z = z - z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels]))


def error(w: Floats, images: Floats, labels: Ints, *, tanh: bool) -> float:
    """Per cent of images in the wrong class."""
    return float(100 * np.mean(forward(w, images, tanh=tanh)[1].argmax(axis=1) != labels))


def gradient(w: Floats, images: Floats, labels: Ints, *, tanh: bool) -> Floats:
    """Gradient of `loss`, flat as `w`."""
    hidden, z = forward(w, images, tanh=tanh)
    back = np.exp(z - z.max(axis=1, keepdims=True))
    back /= back.sum(axis=1, keepdims=True)
    back[np.arange(len(labels)), labels] -= 1
    back /= len(labels)
    before = (back @ layers(w)[2].T) * (1 - hidden**2 if tanh else hidden > 0)
    return flat(images.T @ before, before.sum(axis=0), hidden.T @ back, back.sum(axis=0))


def train(
    w: Floats,
    rng: np.random.Generator,
    images: Floats,
    labels: Ints,
    *,
    tanh: bool,
    epochs: int,
    eta: float = 0.3,
    batch: int = 64,
    watch: Callable[[Floats], None] | None = None,
) -> Floats:
    """Plain SGD, reshuffled every epoch; `watch` sees the weights after each."""
    for _ in range(epochs):
        order = rng.permutation(len(labels))
        for at in range(0, len(labels), batch):
            some = order[at : at + batch]
            w = w - eta * gradient(w, images[some], labels[some], tanh=tanh)
        if watch:
            watch(w)
    return w


def hessian_product(w: Floats, v: Floats, images: Floats, labels: Ints) -> Floats:
    """Hv of a tanh net by a central difference of the gradient."""
    h = 1e-4 / np.linalg.norm(v)
    ahead = gradient(w + h * v, images, labels, tanh=True)
    return (ahead - gradient(w - h * v, images, labels, tanh=True)) / (2 * h)


def by_neuron(direction: Floats, w: Floats) -> Floats:
    """Filter-normalised: what enters a neuron is as long as the weights that enter it; biases stay."""
    scaled = []
    for change, weights in zip(layers(direction), layers(w), strict=True):
        if weights.ndim == 1:
            scaled.append(np.zeros_like(weights))
        else:
            scaled.append(change * np.linalg.norm(weights, axis=0) / np.linalg.norm(change, axis=0))
    return flat(*scaled)
