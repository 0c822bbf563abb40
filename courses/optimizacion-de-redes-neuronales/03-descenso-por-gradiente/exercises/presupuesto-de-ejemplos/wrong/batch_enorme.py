"""Gradientes casi exactos: batches de 2000, y el presupuesto da para tres pasos.

fails: ejemplos, escalas, oculta, ruido, bordes
hint: lejos, escala, oculta, suelo, uno
"""

import numpy as np


def entrena(f, d):
    w = np.zeros(d)
    perdida, gradiente = f.batch(w, 2000)
    eta = 0.1 * perdida / max(gradiente @ gradiente, 1e-300)
    for _ in range(f.budget // 2000 - 1):
        w = w - eta * gradiente
        _, gradiente = f.batch(w, 2000)
    return w
