"""Many seeds of one small net trained at once, float32: seeds are the first axis of every array."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from _digitos import split
from numpy.typing import NDArray

Single = NDArray[np.float32]
Ints = NDArray[np.int64]
Nets = list[tuple[Single, Single]]


def digits(train: int = 1297) -> tuple[Single, Ints, Single, Ints]:
    """The unit's digits, in single precision."""
    images, labels, test_images, test_labels = split(train)
    return images.astype(np.float32), labels, test_images.astype(np.float32), test_labels


def nets(widths: Sequence[int], seeds: Sequence[int]) -> Nets:
    """He's weights and biases zero, one net a seed."""
    sources = [np.random.default_rng(seed) for seed in seeds]
    return [
        (
            np.stack([rng.standard_normal((into, out)) * np.sqrt(2 / into) for rng in sources]).astype("f4"),
            np.zeros((len(seeds), 1, out), np.float32),
        )
        for into, out in pairwise(widths)
    ]


def _activations(layers: Nets, images: Single) -> list[Single]:
    seen = [images]
    for weights, biases in layers[:-1]:
        seen.append(np.maximum(seen[-1] @ weights + biases, 0))
    weights, biases = layers[-1]
    return [*seen, seen[-1] @ weights + biases]


def step(layers: Nets, images: Single, labels: Ints, eta: float) -> None:
    """A step of every net, in place; its own images (seed, B, 64) and labels (seed, B)."""
    seen = _activations(layers, images)
    back = np.exp(seen[-1] - seen[-1].max(axis=-1, keepdims=True))
    back /= back.sum(axis=-1, keepdims=True)
    np.put_along_axis(
        back, labels[..., None], np.take_along_axis(back, labels[..., None], axis=-1) - 1, axis=-1
    )
    back *= np.float32(eta / labels.shape[-1])
    for depth in range(len(layers) - 1, -1, -1):
        weights, biases = layers[depth]
        behind = (back @ weights.swapaxes(-1, -2)) * (seen[depth] > 0) if depth else back
        weights -= seen[depth].swapaxes(-1, -2) @ back
        biases -= back.sum(axis=-2, keepdims=True)
        back = behind


def losses(layers: Nets, images: Single, labels: Ints) -> NDArray[np.float64]:
    """Mean cross-entropy of each net on the same images."""
    scores = _activations(layers, images)[-1].astype(float)
    top = scores.max(axis=-1)
    total = np.log(np.exp(scores - top[..., None]).sum(axis=-1)) + top
    return np.asarray((total - scores[:, np.arange(len(labels)), labels]).mean(axis=-1))


def errors(layers: Nets, images: Single, labels: Ints) -> NDArray[np.float64]:
    """Per cent of the images that each net puts in the wrong class."""
    return np.asarray(100 * (_activations(layers, images)[-1].argmax(axis=-1) != labels).mean(axis=-1))
