"""Mide en el punto adelantado y sale desde él: el avance de la velocidad se aplica dos veces.

fails: ejemplos
hint: paso
"""

import numpy as np


def momentum(w, v, g, eta, beta):
    v = beta * v + g
    return w - eta * v, v


def nesterov(w, v, gradiente, eta, beta):
    x = w - eta * beta * v
    return momentum(x, v, gradiente(x), eta, beta)


def nesterov_adelantado(p, v, g, eta, beta):
    v = beta * v + g
    return p - eta * (g + beta * v), v


def elige(mu, L):
    """El par que pone las dos curvaturas en los bordes de la zona de raíces complejas."""
    raiz = np.sqrt(L / mu)
    return float((2 / (np.sqrt(L) + np.sqrt(mu))) ** 2), float(((raiz - 1) / (raiz + 1)) ** 2)
