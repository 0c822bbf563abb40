"""Cree que manda siempre la dirección más curvada.

fails: peor-direccion
hint: solo-la-rigida
"""

import numpy as np


def factor(eta, curvaturas):
    return float(abs(1 - eta * np.max(curvaturas)))


def mejor_eta(curvaturas):
    return float(2 / (np.min(curvaturas) + np.max(curvaturas)))
