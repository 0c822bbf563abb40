"""Baraja con el azar global: bien, pero cada vez distinto.

fails: semilla, reanuda
hint: no-repite, otro-orden
"""

import numpy as np


def entrena(gradiente, w, n, eta, batch, epocas, semilla, desde):
    for _ in range(desde, epocas):
        orden = np.random.permutation(n)
        for inicio in range(0, n, batch):
            indices = orden[inicio : inicio + batch]
            w = w - eta * len(indices) / batch * gradiente(w, indices)
    return w
