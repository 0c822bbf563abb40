"""Toma el mayor factor con su signo, y no ve a la dirección que rebota.

fails: peor-direccion
hint: signo
"""

import numpy as np


def factor(eta, curvaturas):
    return float(np.max(1 - eta * curvaturas))


def mejor_eta(curvaturas):
    return float(2 / (np.min(curvaturas) + np.max(curvaturas)))
