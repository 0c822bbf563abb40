"""Divide por la raíz sin nada que la sujete: con un gradiente nulo sale 0/0.

fails: bordes, perfil, ninguno-atras
hint: nulo, perfil, peor
"""

import numpy as np


def optimiza(grad, pesos, T, formas):
    w = np.array(pesos)
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t in range(1, T + 1):
        g = grad(w)
        m = 0.9 * m + 0.1 * g
        v = 0.95 * v + 0.05 * g**2
        w = w - 0.05 * (1 - (t - 1) / T) * (m / (1 - 0.9**t)) / np.sqrt(v / (1 - 0.95**t))
    return w
