"""One net in other units: its loss, its inputs or its layers multiplied by something. Who needs which η."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from _redes import Adam, Floats, Parts, batches, look, loss, split, start

IMAGES, LABELS, _, _ = split()
EPOCHS, SEEDS = 5, 3


@dataclass(frozen=True)
class Units:
    """`loss` multiplies the loss, `inputs` the pixels; `layers` multiplies W1 and divides W2."""

    loss: float = 1.0
    inputs: float = 1.0
    layers: float = 1.0
    widths: tuple[int, ...] = (64, 32, 10)
    batch: int = 64


CASES = {
    "base": Units(),
    "sum": Units(loss=64.0),
    "cent": Units(loss=0.01),
    "pixels": Units(inputs=16.0),
    "layers": Units(layers=5.0),
    "deep": Units(widths=(64, 64, 64, 64, 10)),
}
BATCHES = {"b8": Units(batch=8), "b256": Units(batch=256)}


def measured_step(before: float, after: float, slope: float) -> float:
    """Length of a step in units of the curvature that it met: 1 ends at the bottom, 2 as high as it began."""
    return 2 * (1 - (before - after) / slope) if slope else np.nan


def train(units: Units, eta: float, seed: int, *, adam: bool = False) -> tuple[Parts, Floats]:
    """The net after EPOCHS, and the measured length of each step."""
    rng = np.random.default_rng(seed)
    parts = start(units.widths, rng)
    parts[0], parts[2] = parts[0] * units.layers, parts[2] / units.layers
    rule, images, lengths = Adam(parts), IMAGES * units.inputs, []
    for some in batches(rng, len(LABELS), units.batch, EPOCHS):
        value, gradient = look(parts, images[some], LABELS[some])
        gradient = [units.loss * part for part in gradient]
        move = rule.move(gradient) if adam else gradient
        new = [part - eta * moved for part, moved in zip(parts, move, strict=True)]
        slope = eta * sum(float(np.sum(g * m)) for g, m in zip(gradient, move, strict=True))
        after = loss(new, images[some], LABELS[some])
        lengths.append(measured_step(units.loss * value, units.loss * after, slope))
        parts = new
        if not np.isfinite(after):
            break
    return parts, np.array(lengths)


def sweep(units: Units, etas: Floats, *, adam: bool = False) -> dict[str, object]:
    """Final loss without its factor, and median length in the first epoch, for each η; the best of them."""
    losses, lengths, epoch = [], [], -(-len(LABELS) // units.batch)
    for eta in etas:
        ends, early = [], []
        for seed in range(SEEDS):
            parts, steps = train(units, float(eta), seed, adam=adam)
            end = loss(parts, IMAGES * units.inputs, LABELS)
            ends.append(end if np.isfinite(end) else 1e3)
            early.append(float(np.median(steps[:epoch])))
        losses.append(float(np.mean(ends)))
        lengths.append(float(np.median(early)))
    best = int(np.argmin(losses))
    return {
        "etas": etas,
        "loss": losses,
        "length": lengths,
        "best": {"eta": etas[best], "loss": losses[best], "length": lengths[best]},
    }
