"""Gradientes casi exactos: batches de 800, y el presupuesto da para diez pasos.

fails: ejemplos, escalas, oculta, ruido, bordes
hint: lejos, escala, oculta, suelo, uno
"""

import numpy as np


def entrena(f, d):
    w = np.zeros(d)
    perdida, gradiente = f.batch(w, 800)
    eta = 0.2 * perdida / max(gradiente @ gradiente, 1e-300)
    for _ in range(f.budget // 800 - 1):
        w = w - eta * gradiente
        _, gradiente = f.batch(w, 800)
    return w
