"""Normaliza cada matriz entera, no cada neurona.

fails: ejemplos
hint: por-capa
"""

import numpy as np


def normaliza(direccion, pesos):
    """Cada columna con la norma de la columna de los pesos; los sesgos, a cero."""
    salida = []
    for d, w in zip(direccion, pesos, strict=True):
        if d.ndim == 1:
            salida.append(np.zeros_like(d, dtype=float))
            continue
        mide = np.linalg.norm(d)
        factor = np.linalg.norm(w) / mide if mide > 0 else 0
        salida.append(d * factor)
    return salida


def rebanada(perdida, pesos, u, v, radios):
    """Siempre desde los pesos de partida, sin escribir en ellos."""
    alturas = np.empty((len(radios), len(radios)))
    for i, a in enumerate(radios):
        for j, b in enumerate(radios):
            alturas[i, j] = perdida([w + a * p + b * q for w, p, q in zip(pesos, u, v, strict=True)])
    return alturas
