"""Adam con un η prudente y constante: el ruido y la prisa que falta lo dejan lejos del fondo.

fails: perfil, ninguno-atras
hint: perfil, peor
"""

import numpy as np


def optimiza(grad, pesos, T, formas):
    w = np.array(pesos)
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t in range(1, T + 1):
        g = grad(w)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        w = w - 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-12)
    return w
