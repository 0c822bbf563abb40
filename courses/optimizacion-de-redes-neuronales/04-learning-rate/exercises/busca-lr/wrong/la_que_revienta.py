"""Sube η hasta que la pérdida se dispara y se queda con esa: la mayor que ha visto, no la que sirve.

fails: ejemplos
hint: pared
"""

import numpy as np


def busca_lr(f, w):
    inicial, g = f.evalua(w)
    eta = 1e-2 * inicial / (g @ g)
    for _ in range(f.budget - 1):
        w = w - eta * g
        perdida, g = f.evalua(w)
        if not np.isfinite(perdida) or perdida > 4 * inicial:
            break
        eta *= 1.1
    return float(2 * eta)
