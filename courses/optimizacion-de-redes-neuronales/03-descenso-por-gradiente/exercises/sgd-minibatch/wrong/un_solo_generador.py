"""Un generador para todas las épocas: la época 3 solo se puede conocer pasando por las anteriores.

fails: reanuda
hint: otro-orden
"""

import numpy as np


def entrena(gradiente, w, n, eta, batch, epocas, semilla, desde):
    rng = np.random.default_rng(semilla)
    for _ in range(desde, epocas):
        orden = rng.permutation(n)
        for inicio in range(0, n, batch):
            indices = orden[inicio : inicio + batch]
            w = w - eta * len(indices) / batch * gradiente(w, indices)
    return w
