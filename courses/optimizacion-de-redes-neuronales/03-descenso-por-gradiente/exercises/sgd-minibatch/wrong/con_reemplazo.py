"""Sortea cada batch por su cuenta: unos ejemplos salen dos veces y otros ninguna.

fails: epocas
hint: con-reemplazo
"""

import numpy as np


def entrena(gradiente, w, n, eta, batch, epocas, semilla, desde):
    for epoca in range(desde, epocas):
        rng = np.random.default_rng([semilla, epoca])
        for inicio in range(0, n, batch):
            indices = rng.integers(n, size=min(batch, n - inicio))
            w = w - eta * len(indices) / batch * gradiente(w, indices)
    return w
