import math


def schedule(k, total, eta_max, calentamiento, ciclos, eta_min):
    """El learning rate del paso k (desde 0): subida lineal y después ciclos de coseno."""
    if k < 0:
        raise ValueError("k no puede ser negativo")
    if k >= total:
        return float(eta_min)
    if k < calentamiento:
        return eta_max * (k + 1) / calentamiento
    dentro = k - calentamiento
    corto, sobran = divmod(total - calentamiento, ciclos)
    en_largos = sobran * (corto + 1)  # los primeros ciclos, con un paso más
    if dentro < en_largos:
        pasos, i = corto + 1, dentro % (corto + 1)
    else:
        pasos, i = corto, (dentro - en_largos) % corto
    if pasos == 1:
        return float(eta_max)
    return eta_min + 0.5 * (eta_max - eta_min) * (1 + math.cos(math.pi * i / (pasos - 1)))
