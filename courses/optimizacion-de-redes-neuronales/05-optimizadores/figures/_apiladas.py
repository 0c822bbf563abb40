"""Many small ReLU nets trained at once: the first axis of an array is the run. Only numpy, seeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

np.seterr(over="ignore", invalid="ignore", divide="ignore")  # some of these runs diverge on purpose

Array = NDArray[np.float32]
Ints = NDArray[np.int64]
Stack = list[Array]
"""Weights (R, inputs, outputs) and biases (R, 1, outputs), layer by layer."""


def split() -> tuple[Array, Ints, Array, Ints]:
    """Images in 0..1 minus the training mean: 1297 to learn from, 500 to test."""
    digits = load_digits()
    images, labels = (digits.data / 16).astype(np.float32), digits.target
    order = np.random.default_rng(0).permutation(len(labels))
    learn, test = order[:1297], order[1297:]
    mean = images[learn].mean(axis=0)
    return images[learn] - mean, labels[learn], images[test] - mean, labels[test]


def start(widths: Sequence[int], seeds: Sequence[int]) -> tuple[Stack, list[np.random.Generator]]:
    """He's weights and zero biases, one net a seed, and the generator that goes on to draw its batches."""
    rngs = [np.random.default_rng(seed) for seed in seeds]
    stack: Stack = []
    for fan_in, fan_out in pairwise(widths):
        weights = [rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in) for rng in rngs]
        stack.append(np.array(weights, dtype=np.float32))
        stack.append(np.zeros((len(seeds), 1, fan_out), dtype=np.float32))
    return stack, rngs


def scores(stack: Stack, images: Array) -> list[Array]:
    """The input, every hidden layer after its ReLU, and the scores at the end."""
    seen = [images]
    for weights, biases in zip(stack[:-2:2], stack[1:-2:2], strict=True):
        seen.append(np.maximum(seen[-1] @ weights + biases, 0))
    return [*seen, seen[-1] @ stack[-2] + stack[-1]]


def losses(stack: Stack, images: Array, labels: Ints) -> Array:
    """Mean cross-entropy of each run."""
    z = scores(stack, images)[-1]
    z = z - z.max(axis=-1, keepdims=True)
    right = np.take_along_axis(z, np.broadcast_to(labels, z.shape[:-1])[..., None], axis=-1)[..., 0]
    return np.mean(np.log(np.exp(z).sum(axis=-1)) - right, axis=-1)


def errors(stack: Stack, images: Array, labels: Ints) -> Array:
    """Per cent of images that each run puts in the wrong class."""
    return 100 * np.mean(scores(stack, images)[-1].argmax(axis=-1) != labels, axis=-1)


def gradients(stack: Stack, images: Array, labels: Ints) -> tuple[Stack, Array]:
    """By backpropagation, with the loss of each run on its batch (R, B)."""
    seen = scores(stack, images)
    z = seen[-1] - seen[-1].max(axis=-1, keepdims=True)
    back = np.exp(z)
    back /= back.sum(axis=-1, keepdims=True)
    chosen = np.take_along_axis(back, labels[..., None], axis=-1)
    loss = -np.mean(np.log(chosen + 1e-30), axis=(1, 2))
    np.put_along_axis(back, labels[..., None], chosen - 1, axis=-1)
    back /= labels.shape[-1]
    found: Stack = []
    for depth in range(len(stack) // 2 - 1, -1, -1):
        found += [back.sum(axis=1, keepdims=True), np.swapaxes(seen[depth], 1, 2) @ back]
        if depth:
            back = (back @ np.swapaxes(stack[2 * depth], 1, 2)) * (seen[depth] > 0)
    return found[::-1], loss


def train(
    stack: Stack,
    rngs: list[np.random.Generator],
    images: Array,
    labels: Ints,
    move: Callable[[int, Stack, Stack], Stack],
    *,
    steps: int,
    batch: int = 64,
    watch: Callable[[int, Stack, Array], None] | None = None,
) -> Stack:
    """`move(t, weights, gradients)` is what step t = 1, 2… takes from the weights; reshuffled every epoch."""
    per_epoch = len(labels) // batch
    for t in range(1, steps + 1):
        turn = (t - 1) % per_epoch
        if turn == 0:
            orders = np.array([rng.permutation(len(labels)) for rng in rngs])
        chosen = orders[:, turn * batch : (turn + 1) * batch]
        found, loss = gradients(stack, images[chosen], labels[chosen])
        stack = [w - u for w, u in zip(stack, move(t, stack, found), strict=True)]
        if watch:
            watch(t, stack, loss)
    return stack


def per_run(values: Sequence[float]) -> Array:
    """One number a run, shaped so that it multiplies its weights."""
    return np.array(values, dtype=np.float32)[:, None, None]
