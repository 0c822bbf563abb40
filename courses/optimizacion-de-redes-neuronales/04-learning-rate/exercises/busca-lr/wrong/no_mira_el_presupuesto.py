"""La prueba de rango con cien preguntas siempre, haya las que haya.

fails: bordes
hint: presupuesto
"""

import numpy as np


def busca_lr(f, w):
    inicial, g = f.evalua(w)
    etas = inicial / (g @ g) * np.geomspace(1e-2, 1e2, 99)
    media, mejor, elegida = 0.0, np.inf, etas[0]
    for k, eta in enumerate(etas):
        w = w - eta * g
        perdida, g = f.evalua(w)
        if not np.isfinite(perdida) or perdida > 4 * inicial:
            break
        media = 0.92 * media + 0.08 * perdida
        suave = media / (1 - 0.92 ** (k + 1))
        if suave < mejor:
            mejor, elegida = suave, eta
    return float(elegida / 4)
