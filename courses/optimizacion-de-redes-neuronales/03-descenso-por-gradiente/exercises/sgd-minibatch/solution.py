import numpy as np


def entrena(gradiente, w, n, eta, batch, epocas, semilla, desde):
    """SGD por mini-batches, cada ejemplo con el mismo peso y cada época con su propio generador."""
    for epoca in range(desde, epocas):
        orden = np.random.default_rng([semilla, epoca]).permutation(n)
        for inicio in range(0, n, batch):
            indices = orden[inicio : inicio + batch]
            w = w - eta * len(indices) / batch * gradiente(w, indices)
    return w
