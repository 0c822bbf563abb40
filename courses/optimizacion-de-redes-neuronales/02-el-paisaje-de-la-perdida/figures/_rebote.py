"""The tanh net of the edge of stability, its last steps, and how they part among the stiff directions.

Net 64-32-32-10, half the mean squared error on 200 digits, all the weights in one vector.
"""

import numpy as np
from _ejecuciones import Floats, Ints, split

SHAPES = ((64, 32), (32, 32), (32, 10))
IMAGES, LABELS = split()[0][:200], split()[1][:200]
ONE_HOT = np.eye(10)[LABELS]
WINDOW, STIFF = 60, 6
SEEDS = 5
RUNS = {  # η, batch (0 is all the images), steps
    "liso": (0.1, 0, 1000),
    "rebote": (0.4, 0, 1000),
    "ruido": (0.4, 8, 3000),
}


def start(seed: int) -> Floats:
    """N(0, 0.7²/inputs), biases zero."""
    rng = np.random.default_rng(seed)
    return np.concatenate(
        [
            np.concatenate(
                [(rng.standard_normal(shape) * 0.7 / np.sqrt(shape[0])).ravel(), np.zeros(shape[1])]
            )
            for shape in SHAPES
        ]
    )


def loss_and_gradient(weights: Floats, some: Ints | slice = slice(None)) -> tuple[float, Floats]:
    """Over all the images, or over `some`."""
    images, wanted = IMAGES[some], ONE_HOT[some]
    layers, at = [], 0
    for rows, columns in SHAPES:
        end = at + rows * columns
        layers.append((weights[at:end].reshape(rows, columns), weights[end : end + columns]))
        at = end + columns
    seen = [images]
    for depth, (matrix, bias) in enumerate(layers):
        before = seen[-1] @ matrix + bias
        seen.append(np.tanh(before) if depth < len(SHAPES) - 1 else before)
    miss = seen[-1] - wanted
    back = miss / len(images)
    parts: list[Floats] = []
    for depth in reversed(range(len(SHAPES))):
        parts.append(np.concatenate([(seen[depth].T @ back).ravel(), back.sum(axis=0)]))
        if depth:
            back = (back @ layers[depth][0].T) * (1 - seen[depth] ** 2)
    return 0.5 * float(np.sum(miss**2)) / len(images), np.concatenate(parts[::-1])


def loss(weights: Floats) -> float:
    """On all the images."""
    return loss_and_gradient(weights)[0]


def stiffest(weights: Floats, rounds: int = 60, reach: float = 1e-4) -> tuple[Floats, Floats]:
    """The STIFF largest curvatures and their directions (columns), by block power iteration."""

    def products(basis: Floats) -> Floats:
        ahead = [loss_and_gradient(weights + reach * v)[1] for v in basis.T]
        behind = [loss_and_gradient(weights - reach * v)[1] for v in basis.T]
        return (np.stack(ahead, 1) - np.stack(behind, 1)) / (2 * reach)

    random = np.random.default_rng(0).standard_normal((len(weights), STIFF + 2))
    basis = np.linalg.qr(random)[0]
    for _ in range(rounds):
        basis = np.linalg.qr(products(basis))[0]
    small = basis.T @ products(basis)
    curvatures, turns = np.linalg.eigh((small + small.T) / 2)
    order = np.argsort(-curvatures)[:STIFF]
    return curvatures[order], (basis @ turns)[:, order]


def last_steps(kind: str, seed: int) -> tuple[Floats, Floats]:
    """The loss that each step saw, and the weights of the last WINDOW steps (one row more)."""
    eta, batch, steps = RUNS[kind]
    rng = np.random.default_rng(1000 + seed)
    weights, losses, trail = start(seed), [], []
    for now in range(steps):
        if now >= steps - WINDOW:
            trail.append(weights)
        some = rng.permutation(len(IMAGES))[:batch] if batch else slice(None)
        value, gradient = loss_and_gradient(weights, some)
        losses.append(value)
        weights = weights - eta * gradient
    return np.array(losses), np.array([*trail, weights])


def cosines(trail: Floats) -> Floats:
    """Between each step and the next."""
    steps = np.diff(trail, axis=0)
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    return (steps[1:] * steps[:-1]).sum(axis=1)
