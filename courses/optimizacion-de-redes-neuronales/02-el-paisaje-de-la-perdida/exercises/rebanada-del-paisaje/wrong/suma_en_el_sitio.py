"""Mueve una copia de los pesos de casilla en casilla y no vuelve al punto de partida.

fails: plano, bordes
hint: acumula, infinita
"""

import numpy as np


def normaliza(direccion, pesos):
    """Cada columna con la norma de la columna de los pesos; los sesgos, a cero."""
    salida = []
    for d, w in zip(direccion, pesos, strict=True):
        if d.ndim == 1:
            salida.append(np.zeros_like(d, dtype=float))
            continue
        mide = np.linalg.norm(d, axis=0)
        factor = np.where(mide > 0, np.linalg.norm(w, axis=0) / np.where(mide > 0, mide, 1), 0)
        salida.append(d * factor)
    return salida


def rebanada(perdida, pesos, u, v, radios):
    """Siempre desde los pesos de partida, sin escribir en ellos."""
    alturas = np.empty((len(radios), len(radios)))
    pesos = [w.copy() for w in pesos]
    for i, a in enumerate(radios):
        for j, b in enumerate(radios):
            for w, p, q in zip(pesos, u, v, strict=True):
                w += a * p + b * q
            alturas[i, j] = perdida(pesos)
    return alturas
