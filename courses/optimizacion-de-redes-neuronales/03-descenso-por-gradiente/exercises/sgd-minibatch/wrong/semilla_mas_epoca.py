"""Suma semilla y época: la semilla 8 repite las épocas de la 7, corridas una.

fails: semilla
hint: semillas-vecinas
"""

import numpy as np


def entrena(gradiente, w, n, eta, batch, epocas, semilla, desde):
    for epoca in range(desde, epocas):
        orden = np.random.default_rng(semilla + epoca).permutation(n)
        for inicio in range(0, n, batch):
            indices = orden[inicio : inicio + batch]
            w = w - eta * len(indices) / batch * gradiente(w, indices)
    return w
