import numpy as np


def optimiza(grad, pesos, T, formas):
    """SGD con un η cualquiera. Funciona en algún problema."""
    w = np.array(pesos)
    for _ in range(T):
        w = w - 0.01 * grad(w)
    return w
