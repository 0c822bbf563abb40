"""Many small dense nets side by side on the digits: the first axis is the net. Seeds fix everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from _digitos import activations
from numpy.typing import NDArray

np.seterr(all="ignore")  # some of these nets diverge on purpose

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Herd = list[tuple[Floats, Floats]]  # each layer: weights (nets, in, out) and biases (nets, 1, out)


def herd(widths: Sequence[int], seeds: Sequence[int], *, scale: float = 1.0, gain: float = 2.0) -> Herd:
    """One net a seed, weights N(0, scale² gain / inputs) and biases zero; equal seeds give equal nets."""
    rngs = [np.random.default_rng(seed) for seed in seeds]
    return [
        (
            np.stack([rng.standard_normal((a, b)) for rng in rngs]) * (scale * np.sqrt(gain / a)),
            np.zeros((len(rngs), 1, b)),
        )
        for a, b in pairwise(widths)
    ]


def losses(nets: Herd, images: Floats, labels: Ints, *, tanh: bool = False) -> Floats:
    """Mean cross-entropy of each net on the same images."""
    scores = activations(nets, images[None], tanh=tanh)[-1]
    top = scores.max(axis=-1, keepdims=True)
    total = np.log(np.exp(scores - top).sum(axis=-1)) + top[..., 0]
    return (total - scores[:, np.arange(len(labels)), labels]).mean(axis=1)


def errors(nets: Herd, images: Floats, labels: Ints, *, tanh: bool = False) -> Floats:
    """Percentage of images that each net puts in the wrong class."""
    return 100 * (activations(nets, images[None], tanh=tanh)[-1].argmax(axis=-1) != labels).mean(axis=1)


def gradients(nets: Herd, x: Floats, y: Ints, *, tanh: bool = False) -> tuple[Floats, Herd]:
    """The loss of each net on its own batch (nets, examples), and its gradient."""
    seen = activations(nets, x, tanh=tanh)
    top = seen[-1].max(axis=-1, keepdims=True)
    powers = np.exp(seen[-1] - top)
    total = powers.sum(axis=-1, keepdims=True)
    right = np.take_along_axis(seen[-1] - top, y[..., None], axis=-1)
    loss = (np.log(total) - right).mean(axis=(1, 2))
    back = powers / total
    np.put_along_axis(back, y[..., None], np.take_along_axis(back, y[..., None], axis=-1) - 1, axis=-1)
    back /= x.shape[1]
    found: Herd = []
    for depth in range(len(nets) - 1, -1, -1):
        found.append((seen[depth].swapaxes(1, 2) @ back, back.sum(axis=1, keepdims=True)))
        if depth:
            slope = 1 - seen[depth] ** 2 if tanh else seen[depth] > 0
            back = (back @ nets[depth][0].swapaxes(1, 2)) * slope
    return loss, found[::-1]


def step(nets: Herd, found: Herd, eta: Floats | float) -> Herd:
    """One step of descent, with one η for each net or the same for all."""
    eta = np.asarray(eta, dtype=float).reshape(-1, 1, 1)
    return [(w - eta * dw, b - eta * db) for (w, b), (dw, db) in zip(nets, found, strict=True)]


def batches(seeds: Sequence[int], examples: int, batch: int, steps: int) -> Iterator[Ints]:
    """Indices (nets, batch) for each step, reshuffled every epoch; equal seeds see equal batches."""
    rngs = {seed: np.random.default_rng(10_000 + seed) for seed in sorted(set(seeds))}
    names, each = list(rngs), examples // batch
    where = [names.index(seed) for seed in seeds]
    for k in range(steps):
        if k % each == 0:
            orders = np.stack([rng.permutation(examples) for rng in rngs.values()])
        place = k % each * batch
        yield orders[where, place : place + batch]
