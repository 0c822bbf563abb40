import numpy as np


def normaliza(direccion, pesos):
    """La dirección con la vara de los pesos: una lista de arrays como `pesos`."""
    return [d / np.linalg.norm(d) for d in direccion]  # ¿con qué vara?


def rebanada(perdida, pesos, u, v, radios):
    """Array (m, m) con la pérdida en pesos + radios[i]·u + radios[j]·v."""
    return np.full((len(radios), len(radios)), perdida(pesos))
