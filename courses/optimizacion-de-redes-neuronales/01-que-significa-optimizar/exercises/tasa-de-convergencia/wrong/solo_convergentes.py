"""Busca la tasa solo entre 0 y 1: para él, divergir no existe.

fails: bordes
hint: divergente
"""

import numpy as np


def residuo(perdidas, rho):
    potencia = rho ** np.arange(len(perdidas))
    centrada = potencia - potencia.mean()
    y = perdidas - perdidas.mean()
    norma = centrada @ centrada
    if norma < 1e-300:
        return np.inf
    resto = y - (centrada @ y) / norma * centrada
    return float(resto @ resto)


def tasa(perdidas):
    if np.ptp(perdidas) == 0:
        return 1.0
    cola = perdidas[len(perdidas) // 4 :]
    taus = np.geomspace(0.3, 10 * len(perdidas), 600)
    return float(min(np.exp(-1 / taus), key=lambda rho: residuo(cola, rho)))
