"""Pide también el gradiente en w, como si la bola y Nesterov se promediaran; usa solo el adelantado.

fails: mira
hint: veces
"""

import numpy as np


def momentum(w, v, g, eta, beta):
    v = beta * v + g
    return w - eta * v, v


def nesterov(w, v, gradiente, eta, beta):
    gradiente(w)
    return momentum(w, v, gradiente(w - eta * beta * v), eta, beta)


def nesterov_adelantado(p, v, g, eta, beta):
    v = beta * v + g
    return p - eta * (g + beta * v), v


def elige(mu, L):
    """El par que pone las dos curvaturas en los bordes de la zona de raíces complejas."""
    raiz = np.sqrt(L / mu)
    return float((2 / (np.sqrt(L) + np.sqrt(mu))) ** 2), float(((raiz - 1) / (raiz + 1)) ** 2)
