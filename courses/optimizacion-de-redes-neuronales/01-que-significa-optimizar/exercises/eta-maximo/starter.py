import numpy as np


def eta_maximo(hvp, n):
    """El mayor learning rate estable, con 20 productos H·v como mucho."""
    rng = np.random.default_rng(0)
    v = rng.normal(size=n)
    Hv = hvp(v)
    curvatura = (v @ Hv) / (v @ v)  # una dirección al azar: ¿por qué no basta?
    return float(2 / curvatura)
