"""Pairs of ReLU nets that differ in the seed, and the ways from one to the other."""

import numpy as np
from _red import HIDDEN, flat, gradient, layers, start, train
from scipy.optimize import linear_sum_assignment

EPOCHS = 40


def permuted(w, order):
    """The same function with its hidden neurons in another order."""
    first, bias, last, scores = layers(w)
    return flat(first[:, order], bias[order], last[order], scores)


def matched(w, other):
    """`other` with its neurons in the order in which they look most like those of `w`."""
    first, bias, last, _ = layers(w)
    first_o, bias_o, last_o, _ = layers(other)
    alike = first.T @ first_o + np.outer(bias, bias_o) + last @ last_o.T
    return permuted(other, linear_sum_assignment(-alike)[1])


def pair(number, images, labels):
    """Two nets from different seeds, the first with its neurons shuffled, the second matched to the first."""
    nets = []
    for seed in (2 * number, 2 * number + 1):
        before, rng = start(seed, tanh=False)
        nets.append(train(before, rng, images, labels, tanh=False, epochs=EPOCHS))
    rng = np.random.default_rng(number)
    return {
        "net": nets[0],
        "other": nets[1],
        "shuffled": permuted(nets[0], rng.permutation(HIDDEN)),
        "matched": matched(*nets),
    }, rng


def bend(w, other, rng, images, labels, steps=1500, eta=0.5, batch=128):
    """The middle of a quadratic Bézier curve, trained for a low loss at a random place of the curve."""
    middle = (w + other) / 2
    for _ in range(steps):
        t, some = rng.uniform(), rng.integers(0, len(labels), batch)
        here = gradient(on_curve(w, middle, other, t), images[some], labels[some], tanh=False)
        middle = middle - eta * 2 * t * (1 - t) * here
    return middle


def on_curve(w, middle, other, t):
    return (1 - t) ** 2 * w + 2 * t * (1 - t) * middle + t**2 * other
