"""Evita dividir por cero con un suelo para la norma, y el suelo cambia las neuronas pequeñas.

fails: normas, reescalado, bordes
hint: cambia, nula
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
        factor = np.where(
            mide > 0, np.maximum(np.linalg.norm(w, axis=0), 1.0) / np.where(mide > 0, mide, 1), 0
        )
        salida.append(d * factor)
    return salida


def rebanada(perdida, pesos, u, v, radios):
    """Siempre desde los pesos de partida, sin escribir en ellos."""
    alturas = np.empty((len(radios), len(radios)))
    for i, a in enumerate(radios):
        for j, b in enumerate(radios):
            alturas[i, j] = perdida([w + a * p + b * q for w, p, q in zip(pesos, u, v, strict=True)])
    return alturas
