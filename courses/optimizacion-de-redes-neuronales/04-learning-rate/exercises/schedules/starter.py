import math


def schedule(k, total, eta_max, calentamiento, ciclos, eta_min):
    """El learning rate del paso k (desde 0): subida lineal y después ciclos de coseno."""
    if k < calentamiento:
        return eta_max * (k + 1) / calentamiento
    # ¿En qué ciclo cae k? ¿Cuántos pasos tiene ese ciclo?
    return eta_max
