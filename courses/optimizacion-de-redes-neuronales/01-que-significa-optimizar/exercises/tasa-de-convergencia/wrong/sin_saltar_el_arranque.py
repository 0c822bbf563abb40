"""Ajusta toda la curva con el óptimo libre: el arranque rápido entra en el ajuste.

fails: arranque-rapido
hint: arranque
"""

import numpy as np


def residuo(perdidas, rho):
    k = np.arange(len(perdidas))
    potencia = rho ** (k - (k[-1] if rho > 1 else 0))
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
    taus = np.geomspace(0.3, 10 * len(perdidas), 600)
    candidatas = np.concatenate([np.exp(-1 / taus), np.exp(1 / taus)])
    return float(min(candidatas, key=lambda rho: residuo(perdidas, rho)))
