"""Elige la η que anula la dirección más curvada.

fails: igualar-extremos
hint: uno-entre
"""

import numpy as np


def factor(eta, curvaturas):
    return float(np.max(np.abs(1 - eta * curvaturas)))


def mejor_eta(curvaturas):
    return float(1 / np.max(curvaturas))
