"""Adam con su η por defecto, constante: no llega a ninguna parte en 200 pasos.

fails: ejemplo
hint: no-baja
"""

import numpy as np


def optimiza(grad, pesos, T, formas):
    w = np.array(pesos)
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t in range(1, T + 1):
        g = grad(w)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        w = w - 0.001 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w
