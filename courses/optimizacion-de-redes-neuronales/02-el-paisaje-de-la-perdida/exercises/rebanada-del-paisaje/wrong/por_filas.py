"""Toma como neurona las filas de la matriz: lo que sale de una entrada.

fails: ejemplos
hint: salida
"""

import numpy as np


def normaliza(direccion, pesos):
    """Cada columna con la norma de la columna de los pesos; los sesgos, a cero."""
    salida = []
    for d, w in zip(direccion, pesos, strict=True):
        if d.ndim == 1:
            salida.append(np.zeros_like(d, dtype=float))
            continue
        mide = np.linalg.norm(d, axis=1, keepdims=True)
        factor = np.where(mide > 0, np.linalg.norm(w, axis=1, keepdims=True) / np.where(mide > 0, mide, 1), 0)
        salida.append(d * factor)
    return salida


def rebanada(perdida, pesos, u, v, radios):
    """Siempre desde los pesos de partida, sin escribir en ellos."""
    alturas = np.empty((len(radios), len(radios)))
    for i, a in enumerate(radios):
        for j, b in enumerate(radios):
            alturas[i, j] = perdida([w + a * p + b * q for w, p, q in zip(pesos, u, v, strict=True)])
    return alturas
