"""Cuenta sus propias llamadas en vez de usar k, como un scheduler con step(): en orden acierta.

fails: sin-memoria
hint: orden
"""

import math

llamadas = 0


def schedule(k, total, eta_max, calentamiento, ciclos, eta_min):
    global llamadas
    if k < 0:
        raise ValueError("k no puede ser negativo")
    if k >= total:
        return float(eta_min)
    llamadas = 0 if k == 0 else llamadas + 1
    k = llamadas % total
    if k < calentamiento:
        return eta_max * (k + 1) / calentamiento
    dentro = k - calentamiento
    corto, sobran = divmod(total - calentamiento, ciclos)
    en_largos = sobran * (corto + 1)
    if dentro < en_largos:
        pasos, i = corto + 1, dentro % (corto + 1)
    else:
        pasos, i = corto, (dentro - en_largos) % corto
    if pasos == 1:
        return float(eta_max)
    return eta_min + 0.5 * (eta_max - eta_min) * (1 + math.cos(math.pi * i / (pasos - 1)))
