"""Confunde la mejor η con la mayor que no se escapa.

fails: una-direccion, igualar-extremos
hint: uno-entre, limite
"""

import numpy as np


def factor(eta, curvaturas):
    return float(np.max(np.abs(1 - eta * curvaturas)))


def mejor_eta(curvaturas):
    return float(2 / np.max(curvaturas))
