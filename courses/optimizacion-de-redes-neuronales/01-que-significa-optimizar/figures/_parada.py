"""Training that stops at a value of the training loss, so that nets of one loss can be compared."""

import numpy as np
from _digitos import Floats, Ints, Net, gradients, loss, step

GOAL, BATCH, NEAR = 0.02, 64, 0.026


def until(layers: Net, images: Floats, labels: Ints, rng: np.random.Generator, eta: float) -> tuple[int, Net]:
    """Steps and net at the first look with a training loss under GOAL: every 10 steps once it is near."""
    steps, next_look = 0, 0
    while True:
        order = rng.permutation(len(labels))
        for start in range(0, len(labels) - BATCH + 1, BATCH):
            if steps == next_look:
                now = loss(layers, images, labels)
                if now < GOAL:
                    return steps, layers
                next_look += 10 if now < NEAR else 50
            some = order[start : start + BATCH]
            layers = step(layers, gradients(layers, images[some], labels[some]), eta)
            steps += 1
