"""Espera doce memorias en vez de diez: sirve casi siempre y se sale de lo permitido con la más larga.

fails: bordes
hint: rara
"""

import math


def contraejemplo(beta1, beta2):
    espera = max(10, math.ceil(12 / (1 - beta2)))
    return [(1 / espera, 2.0 * espera), (1 - 1 / espera, -1.0)]
