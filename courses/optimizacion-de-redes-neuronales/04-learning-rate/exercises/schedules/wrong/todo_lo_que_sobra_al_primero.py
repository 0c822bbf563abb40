"""Da todos los pasos que sobran al primer ciclo: con dos ciclos no se distingue de repartirlos.

fails: reinicios
hint: reparto
"""

import math


def schedule(k, total, eta_max, calentamiento, ciclos, eta_min):
    if k < 0:
        raise ValueError("k no puede ser negativo")
    if k >= total:
        return float(eta_min)
    if k < calentamiento:
        return eta_max * (k + 1) / calentamiento
    dentro = k - calentamiento
    corto, sobran = divmod(total - calentamiento, ciclos)
    if dentro < corto + sobran:
        pasos, i = corto + sobran, dentro
    else:
        pasos, i = corto, (dentro - corto - sobran) % corto
    if pasos == 1:
        return float(eta_max)
    return eta_min + 0.5 * (eta_max - eta_min) * (1 + math.cos(math.pi * i / (pasos - 1)))
