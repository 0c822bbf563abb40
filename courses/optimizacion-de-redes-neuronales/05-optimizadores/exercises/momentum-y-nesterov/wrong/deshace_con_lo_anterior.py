"""Para adelantar, deshace el adelanto con el η y el β de la llamada anterior: solo coincide si no cambian.

fails: adelantado, bordes
hint: paso, forma
"""

import numpy as np


def momentum(w, v, g, eta, beta):
    v = beta * v + g
    return w - eta * v, v


def nesterov(w, v, gradiente, eta, beta):
    return momentum(w, v, gradiente(w - eta * beta * v), eta, beta)


ANTES = []


def nesterov_adelantado(p, v, g, eta, beta):
    eta_antes, beta_antes = ANTES[-1] if ANTES else (eta, beta)
    ANTES.append((eta, beta))
    w, v = p + eta_antes * beta_antes * v, beta * v + g
    return w - eta * v - eta * beta * v, v


def elige(mu, L):
    """El par que pone las dos curvaturas en los bordes de la zona de raíces complejas."""
    raiz = np.sqrt(L / mu)
    return float((2 / (np.sqrt(L) + np.sqrt(mu))) ** 2), float(((raiz - 1) / (raiz + 1)) ** 2)
