"""Da todos los pasos que sobran al último ciclo; en el ejemplo coincide solo si no sobra ninguno.

fails: ejemplos
hint: valor
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
    corto = (total - calentamiento) // ciclos
    cual = min(dentro // corto, ciclos - 1)
    pasos = corto if cual < ciclos - 1 else total - calentamiento - corto * (ciclos - 1)
    i = dentro - cual * corto
    if pasos == 1:
        return float(eta_max)
    return eta_min + 0.5 * (eta_max - eta_min) * (1 + math.cos(math.pi * i / (pasos - 1)))
