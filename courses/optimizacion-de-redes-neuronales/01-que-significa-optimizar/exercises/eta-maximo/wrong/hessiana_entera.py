"""Reconstruye la hessiana columna a columna: en cuanto n pasa de 20, el presupuesto no llega.

fails: hueco-grande, espectro-continuo, indefinida
hint:
"""

import numpy as np


def eta_maximo(hvp, n):
    hessiana = np.stack([hvp(e) for e in np.eye(n)])
    mayor = np.linalg.eigvalsh(hessiana)[-1]
    return float(2 / mayor * 0.999) if mayor > 1e-12 else float("inf")
