"""Iteración de potencia: estima la curvatura por debajo, y encuentra la de mayor valor absoluto.

fails: espectro-continuo, indefinida, bordes
hint: por-encima, signo, sin-limite
"""

import numpy as np


def eta_maximo(hvp, n):
    v = np.random.default_rng(0).normal(size=n)
    curvatura = 0.0
    for _ in range(20):
        v = v / np.linalg.norm(v)
        Hv = hvp(v)
        curvatura = v @ Hv
        if np.linalg.norm(Hv) == 0:
            break
        v = Hv
    return float(2 / curvatura * 0.9999) if curvatura else 0.0
