"""Descenso con búsqueda por retroceso: acierta con las unidades, y el mal condicionamiento lo para.

fails: ejemplos, rosenbrock, cuencos, paredes, conjunto
hint: lento, condicion
"""

import numpy as np


def minimiza(f, x0):
    x = np.array(x0, dtype=float)
    valor, g = f.evalua(x)
    if not np.any(g):
        return x
    eta = 1 / np.linalg.norm(g)
    for _ in range(f.budget - 1):
        nuevo, g_nuevo = f.evalua(x - eta * g)
        if nuevo <= valor - 0.5 * eta * (g @ g):
            x, valor, g, eta = x - eta * g, nuevo, g_nuevo, 1.5 * eta
        else:
            eta /= 2
    return x
