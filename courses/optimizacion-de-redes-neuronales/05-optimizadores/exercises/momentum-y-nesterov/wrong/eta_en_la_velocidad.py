"""Guarda η dentro de la velocidad (con un cambio de signo y de escala al salir): con η constante no se nota.

fails: bola
hint: forma
"""

import numpy as np

ULTIMO = []


def momentum(w, v, g, eta, beta):
    antes = ULTIMO[-1] if ULTIMO else eta
    ULTIMO.append(eta)
    v = beta * v * antes + eta * g
    return w - v, v / eta


def nesterov(w, v, gradiente, eta, beta):
    v, g = beta * v, gradiente(w - eta * beta * v)
    return w - eta * (v + g), v + g


def nesterov_adelantado(p, v, g, eta, beta):
    v = beta * v + g
    return p - eta * (g + beta * v), v


def elige(mu, L):
    """El par que pone las dos curvaturas en los bordes de la zona de raíces complejas."""
    raiz = np.sqrt(L / mu)
    return float((2 / (np.sqrt(L) + np.sqrt(mu))) ** 2), float(((raiz - 1) / (raiz + 1)) ** 2)
