"""Toma la mediana de los cocientes de diferencias: cancela el óptimo, pero divide ruido entre ruido.

fails: optimo-distinto-de-cero, suelo-de-ruido, arranque-rapido
hint: ruido, sin-optimo, arranque
"""

import numpy as np


def tasa(perdidas):
    pasos = np.diff(perdidas)
    pasos = pasos[len(pasos) // 4 :]
    vivos = np.abs(pasos[:-1]) > 0
    if not vivos.any():
        return 1.0
    return float(np.median(np.abs(pasos[1:][vivos] / pasos[:-1][vivos])))
