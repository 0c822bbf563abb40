"""Runs that diverge, each for a planted cause, with what a log would have seen at each step."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from _ejecuciones import Floats, Net, activations, build, cross_entropy, length, look, moved, split

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = split()
WIDTHS, DEEP = (64, 64, 64, 10), (64, 64, 64, 64, 64, 10)
ETA, BATCH, BAD_STEP, LOUD = 0.2, 64, 150, 1000.0
SINGLE_MAX = float(np.finfo(np.float32).max)


@dataclass
class Row:
    """One step: loss of the batch, gradient norm, update over weights, and whether it was skipped."""

    loss: float
    norm: float
    ratio: float
    skipped: bool = False


def run(
    net: Net,
    eta: float,
    steps: int,
    rng: np.random.Generator,
    *,
    clip: float = np.inf,
    spoil: Callable[[Floats, np.ndarray], None] | None = None,
    loss_scale: float = 0.0,
) -> tuple[Net, list[Row]]:
    """SGD until `steps`, or until the loss is no number of 32 bits.

    `spoil` may change the batch of step BAD_STEP; with a `loss_scale` gradients go through 16 bits.
    """
    rows: list[Row] = []
    order = np.array([], dtype=int)
    for now in range(steps):
        if len(order) < BATCH:
            order = rng.permutation(len(LABELS))
        some, order = order[:BATCH], order[BATCH:]
        images, labels = IMAGES[some], LABELS[some]
        if spoil and now == BAD_STEP:
            spoil(images, labels)
        seen = look(net, images, labels)
        grads = seen.grads
        if loss_scale:
            grads = [
                (in_half(w * loss_scale) / loss_scale, in_half(b * loss_scale) / loss_scale) for w, b in grads
            ]
        norm = length(grads)
        shorter = min(1.0, clip / norm) if norm > 0 else 1.0
        skipped = bool(loss_scale) and not np.isfinite(norm)
        ratio = 0.0 if skipped else eta * shorter * norm / length(net.layers)
        rows.append(Row(seen.loss, norm, ratio, skipped))
        if not seen.loss < SINGLE_MAX:
            break
        if not skipped:
            net = moved(net, grads, -eta * shorter)
    return net, rows


def in_half(values: Floats) -> Floats:
    """Rounded to 16 bits and back."""
    return values.astype(np.float16).astype(np.float64)


def half_pass(net: Net, images: Floats, labels: np.ndarray) -> Row:
    """One look with the activations in 16 bits; the gradient is that of the last matrix."""
    h = images
    for depth, (weights, biases) in enumerate(net.layers):
        before = h
        h = in_half(h @ weights + biases)
        if depth < len(net.layers) - 1:
            h = np.maximum(h, 0)
    value, back = cross_entropy(h, labels)
    back[np.arange(len(labels)), labels] -= 1
    norm = float(np.linalg.norm(before.T @ back) / len(labels))
    return Row(value, norm, ETA * norm / length(net.layers))


def shout(images: Floats, labels: np.ndarray) -> None:
    """One image a thousand times brighter, with another's label."""
    images[0] *= LOUD
    labels[0] = (labels[0] + 1) % 10


def shout_well(images: Floats, labels: np.ndarray) -> None:
    """One image a thousand times brighter, with its own label."""
    images[0] *= LOUD


def error(net: Net) -> float:
    """Per cent of test images in the wrong class."""
    return 100 * float(np.mean(activations(net, TEST_IMAGES)[-1].argmax(axis=1) != TEST_LABELS))


def planted(cause: str, seed: int, steps: int, clip: float = np.inf) -> tuple[Net, list[Row]]:
    """A run with one thing wrong, or with none (`sana`)."""
    rng = np.random.default_rng(seed)
    if cause == "eta":
        return run(build(WIDTHS, rng), 12.0, steps, rng, clip=clip)
    if cause == "eta4":
        return run(build(WIDTHS, rng), 4.0, steps, rng, clip=clip)
    if cause == "inicio":
        return run(build(DEEP, rng, gain=200.0), ETA, steps, rng, clip=clip)
    if cause == "seis":
        return run(build(WIDTHS, rng, gain=72.0), ETA, steps, rng, clip=clip)
    if cause == "activacion":
        net = build((64,) * 9 + (10,), rng, gain=2 * 4.0**2)
        return net, [half_pass(net, IMAGES[:BATCH], LABELS[:BATCH])]
    if cause == "escala":
        return run(build(WIDTHS, rng), ETA, steps, rng, clip=clip, loss_scale=2.0**20)
    if cause == "ejemplo":
        return run(build(WIDTHS, rng), ETA, steps, rng, clip=clip, spoil=shout)
    if cause == "ejemplo_bien":
        return run(build(WIDTHS, rng), ETA, steps, rng, clip=clip, spoil=shout_well)
    return run(build(WIDTHS, rng), ETA, steps, rng, clip=clip)
