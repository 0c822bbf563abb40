"""A run and what a careful log keeps of it: loss, size of the gradient, step over weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from _redes import Adam, Floats, Parts, batches, error, look, loss, split, start

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = split()
WIDTHS, BATCH, EPOCHS, MIDDLE = (64, 64, 64, 10), 64, 15, 2


@dataclass(frozen=True)
class Log:
    """One number a step, and the net at the end."""

    loss: Floats
    norm: Floats
    ratio: Floats
    parts: Parts

    def end(self, *, tanh: bool = False) -> float:
        value = loss(self.parts, IMAGES, LABELS, tanh=tanh)
        return value if np.isfinite(value) else 1e3

    def error(self, *, tanh: bool = False) -> float:
        return error(self.parts, TEST_IMAGES, TEST_LABELS, tanh=tanh)


def train(
    eta: float,
    seed: int,
    *,
    adam: bool = False,
    widths: tuple[int, ...] = WIDTHS,
    tanh: bool = False,
    epochs: int = EPOCHS,
) -> Log:
    """Constant η; `ratio` is that of the second weight matrix."""
    rng = np.random.default_rng(seed)
    parts = start(widths, rng, tanh=tanh)
    rule, rows = Adam(parts), []
    for some in batches(rng, len(LABELS), BATCH, epochs):
        value, gradient = look(parts, IMAGES[some], LABELS[some], tanh=tanh)
        move = rule.move(gradient) if adam else gradient
        norm = float(np.sqrt(sum(float(np.sum(part**2)) for part in gradient)))
        ratio = eta * float(np.linalg.norm(move[MIDDLE]) / np.linalg.norm(parts[MIDDLE]))
        rows.append((value, norm, ratio))
        parts = [part - eta * moved for part, moved in zip(parts, move, strict=True)]
    table = np.array(rows)
    return Log(table[:, 0], table[:, 1], table[:, 2], parts)
