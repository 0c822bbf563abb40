"""A trained tanh net and its stiffest direction: what the figures of 2.1.1 cut through."""

import numpy as np
from _red import WEIGHTS, by_neuron, hessian_product, start, train

EPOCHS = 30


def trained(seed, images, labels):
    """Weights before and after thirty epochs of SGD, and the generator, further on."""
    before, rng = start(seed, tanh=True)
    return before, train(before, rng, images, labels, tanh=True, epochs=EPOCHS), rng


def stiffest(w, images, labels, rng, products=100):
    """Largest curvature and its unit direction, by power iteration."""
    v = rng.standard_normal(WEIGHTS)
    largest = 0.0
    for _ in range(products):
        v = v / np.linalg.norm(v)
        ahead = hessian_product(w, v, images, labels)
        largest, v = float(v @ ahead), ahead
    return largest, v / np.linalg.norm(v)


def random_direction(w, rng):
    """Gaussian, then filter-normalised: as long as the weights of the net."""
    return by_neuron(rng.standard_normal(WEIGHTS), w)
