"""Baraja antes de empezar y repite ese orden en todas las épocas.

fails: epocas
hint: mismo-orden
"""

import numpy as np


def entrena(gradiente, w, n, eta, batch, epocas, semilla, desde):
    orden = np.random.default_rng(semilla).permutation(n)
    for _ in range(desde, epocas):
        for inicio in range(0, n, batch):
            indices = orden[inicio : inicio + batch]
            w = w - eta * len(indices) / batch * gradiente(w, indices)
    return w
