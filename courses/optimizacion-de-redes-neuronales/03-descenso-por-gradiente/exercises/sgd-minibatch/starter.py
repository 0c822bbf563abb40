import numpy as np


def entrena(gradiente, w, n, eta, batch, epocas, semilla, desde):
    """SGD por mini-batches. De momento: sin barajar, sin el resto y sin hacer caso de la semilla."""
    for _ in range(epocas):
        for inicio in range(0, n - batch + 1, batch):
            indices = np.arange(inicio, inicio + batch)
            w = w - eta * gradiente(w, indices)
    return w
