import numpy as np

ETA, BETA1, BETA2, CALIENTA = 0.05, 0.9, 0.95, 15


def optimiza(grad, pesos, T, formas):
    """Adam con calentamiento y un η que baja en línea recta hasta cero."""
    w = np.array(pesos)
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t in range(1, T + 1):
        g = grad(w)
        m = BETA1 * m + (1 - BETA1) * g
        v = BETA2 * v + (1 - BETA2) * g**2
        eta = ETA * min(1, t / CALIENTA) * (1 - (t - 1) / T)
        w = w - eta * (m / (1 - BETA1**t)) / (np.sqrt(v / (1 - BETA2**t)) + 1e-12)
    return w
