"""Una η de otro problema, con su media y todo.

fails: escalas, oculta
hint: escala, oculta
"""

import numpy as np


def entrena(f, d):
    w, suma = np.zeros(d), np.zeros(d)
    pasos = f.budget // 8
    for paso in range(pasos):
        _, gradiente = f.batch(w, 8)
        w = np.clip(w - 0.05 * gradiente, -1e6, 1e6)
        if paso >= pasos // 2:
            suma += w
    return suma / (pasos - pasos // 2)
