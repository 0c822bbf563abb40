"""Full-batch gradient descent on 200 digits with the largest curvature of the loss measured on the way.

Net 64-32-32-10 of tanh: curvature comes from differences of gradients, and a ReLU's kinks spoil those.
"""

from collections.abc import Callable

import numpy as np
from _digitos import split
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SHAPES = ((64, 32), (32, 32), (32, 10))
IMAGES, LABELS = (part[:200] for part in split()[:2])
ONE_HOT = np.eye(10)[LABELS]


def start(seed: int) -> Floats:
    """All the weights in one vector: N(0, 0.7²/inputs), biases zero."""
    rng = np.random.default_rng(seed)
    return np.concatenate(
        [
            np.concatenate(
                [(rng.standard_normal(shape) * 0.7 / np.sqrt(shape[0])).ravel(), np.zeros(shape[1])]
            )
            for shape in SHAPES
        ]
    )


def loss_and_gradient(
    weights: Floats, *, crossed: bool = False, some: NDArray[np.int64] | slice = slice(None)
) -> tuple[float, Floats]:
    """Half the mean squared error to the one-hot labels; the mean cross-entropy when `crossed`.

    Over all the images, or over `some` of them.
    """
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
    if crossed:
        top = seen[-1].max(axis=1, keepdims=True)
        odds = np.exp(seen[-1] - top)
        total = odds.sum(axis=1, keepdims=True)
        value = float(np.mean(np.log(total) + top) - np.sum(seen[-1] * wanted) / len(images))
        back = (odds / total - wanted) / len(images)
    else:
        miss = seen[-1] - wanted
        value = 0.5 * float(np.sum(miss**2)) / len(images)
        back = miss / len(images)
    parts: list[Floats] = []
    for depth in reversed(range(len(SHAPES))):
        parts.append(np.concatenate([(seen[depth].T @ back).ravel(), back.sum(axis=0)]))
        if depth:
            back = (back @ layers[depth][0].T) * (1 - seen[depth] ** 2)
    return value, np.concatenate(parts[::-1])


def sharpness(weights: Floats, guess: Floats, rounds: int, *, crossed: bool = False) -> tuple[float, Floats]:
    """Largest eigenvalue of the Hessian by power iteration from `guess`, and its direction."""
    reach, largest = 1e-4, 0.0
    for _ in range(rounds):
        guess = guess / np.linalg.norm(guess)
        ahead = loss_and_gradient(weights + reach * guess, crossed=crossed)[1]
        behind = loss_and_gradient(weights - reach * guess, crossed=crossed)[1]
        product = (ahead - behind) / (2 * reach)
        largest, guess = float(guess @ product), product
    return largest, guess / np.linalg.norm(guess)


def descend(
    eta: Callable[[int], float],
    seed: int,
    steps: int,
    *,
    crossed: bool = False,
    every: int = 50,
    batch: int = 0,
) -> tuple[Floats, Floats]:
    """The loss that each step saw, and λmax on all the images every `every` steps.

    Steps look at all the images, or at `batch` of them drawn anew each time.
    """
    rng = np.random.default_rng(1000 + seed)
    weights = start(seed)
    guess = np.random.default_rng(99).standard_normal(len(weights))
    losses, curvatures = [], []
    for now in range(steps + 1):
        if now % every == 0:
            largest, guess = sharpness(weights, guess, 60 if now == 0 else 15, crossed=crossed)
            curvatures.append(largest)
        some = rng.permutation(len(IMAGES))[:batch] if batch else slice(None)
        value, gradient = loss_and_gradient(weights, crossed=crossed, some=some)
        losses.append(value)
        weights = weights - eta(now) * gradient
    return np.array(losses), np.array(curvatures)
