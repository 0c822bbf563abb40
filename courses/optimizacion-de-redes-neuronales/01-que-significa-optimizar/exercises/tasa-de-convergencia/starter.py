import numpy as np


def tasa(perdidas):
    """Tasa asintótica rho: lo que falta para el óptimo se multiplica por rho en cada paso."""
    # Un primer intento: el cociente de las dos últimas pérdidas.
    return float(perdidas[-1] / perdidas[-2])
