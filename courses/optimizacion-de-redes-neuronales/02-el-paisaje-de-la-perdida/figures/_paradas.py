"""A healthy run and four that stall, each for a cause that was planted."""

import numpy as np
from _ejecuciones import Floats, Layers, Net, Pass, build, look, moved, split

WIDTHS = (64, 32, 32, 32, 32, 10)
STEPS, SEEDS, ETA = 300, 3, 0.1
COLUMN, SPREAD, SMALL_ETA = 0, 30.0, 0.003  # a pixel that is 0 in every image; 0.01 is already jagged
IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = split(400)
NAMES = {
    "sana": "sana",
    "meseta": "meseta",
    "muertas": "muertas",
    "saturada": "saturada",
    "condicion": "columna",
}


def descend(net: Net, images: Floats, eta: float, steps: int) -> tuple[Net, list[Pass]]:
    """Full-batch gradient descent; what each step saw, and one look more at the end."""
    passes = []
    for _ in range(steps):
        passes.append(look(net, images, LABELS))
        net = moved(net, passes[-1].grads, -eta)
    return net, [*passes, look(net, images, LABELS)]


def start(cause: str, seed: int) -> tuple[Net, Floats, float]:
    """The net, the images that it sees and the η that it takes."""
    rng = np.random.default_rng(seed)
    if cause == "meseta":
        return build(WIDTHS, rng, gain=2 * 0.2**2), IMAGES, ETA
    if cause == "muertas":
        return build(WIDTHS, rng, bias=-6.0), IMAGES, ETA
    if cause == "saturada":
        return descend(build(WIDTHS, rng, gain=1.0, tanh=True), IMAGES, 4.0, 10)[0], IMAGES, ETA
    net = build(WIDTHS, rng)
    if cause == "condicion":
        images = IMAGES.copy()
        images[:, COLUMN] = SPREAD * rng.standard_normal(len(images))
        return net, images, SMALL_ETA
    return net, IMAGES, ETA


def slopes(net: Net, seen: list[Floats]) -> list[float]:
    """Mean slope of the non-linearity in each hidden layer."""
    return [float(np.mean(1 - h**2 if net.tanh else h > 0)) for h in seen[1:-1]]


def size(values: Floats) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(values**2)))


def weight_gradients(grads: Layers) -> list[float]:
    """Length of the gradient of each weight matrix, first to last."""
    return [float(np.linalg.norm(g)) for g, _ in grads]
