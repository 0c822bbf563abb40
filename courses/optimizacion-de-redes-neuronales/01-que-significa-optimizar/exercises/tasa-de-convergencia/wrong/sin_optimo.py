"""Ajusta una recta al logaritmo de la pérdida, como si el óptimo valiera cero.

fails: optimo-distinto-de-cero, suelo-de-ruido, arranque-rapido, bordes
hint: sin-optimo, divergente
"""

import numpy as np


def tasa(perdidas):
    k = np.arange(len(perdidas))
    pendiente = np.polyfit(k, np.log(np.maximum(perdidas, 1e-300)), 1)[0]
    return float(np.exp(pendiente))
