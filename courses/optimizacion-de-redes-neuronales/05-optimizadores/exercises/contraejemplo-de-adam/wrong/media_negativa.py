"""Para que Adam vaya a +1 le da pendientes cuya media es negativa: +1 es entonces el mejor punto.

fails: ejemplos
hint: optimo
"""

import math


def contraejemplo(beta1, beta2):
    espera = max(10, math.ceil(10 / (1 - beta2)))
    return [(1 / espera, 0.5 * espera), (1 - 1 / espera, -1.0)]
