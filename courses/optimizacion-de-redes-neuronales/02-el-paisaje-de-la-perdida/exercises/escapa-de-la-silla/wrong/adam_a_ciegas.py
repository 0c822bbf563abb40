"""Un poco de ruido y Adam con η = 0,1: no mira en qué unidades está x.

fails: pozo, factores, mono, cadena
hint: unidades, lento
"""

import numpy as np


def escapa(f, x, meta):
    x = x + 1e-2 * np.random.default_rng(0).normal(size=len(x))
    m, v = np.zeros(len(x)), np.zeros(len(x))
    for t in range(1, f.budget + 1):
        valor, g = f.evalua(x)
        if valor <= meta:
            break
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        x = x - 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-12)
    return x
