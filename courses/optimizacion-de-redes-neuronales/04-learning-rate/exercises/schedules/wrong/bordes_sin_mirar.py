"""El coseno con reinicios está bien, pero no mira ciclos de un paso ni qué pasa fuera del presupuesto.

fails: bordes
hint: un-paso
"""

import math


def schedule(k, total, eta_max, calentamiento, ciclos, eta_min):
    if k < calentamiento:
        return eta_max * (k + 1) / calentamiento
    dentro = k - calentamiento
    corto, sobran = divmod(total - calentamiento, ciclos)
    en_largos = sobran * (corto + 1)
    if dentro < en_largos:
        pasos, i = corto + 1, dentro % (corto + 1)
    else:
        pasos, i = corto, (dentro - en_largos) % corto
    return eta_min + 0.5 * (eta_max - eta_min) * (1 + math.cos(math.pi * i / (pasos - 1)))
