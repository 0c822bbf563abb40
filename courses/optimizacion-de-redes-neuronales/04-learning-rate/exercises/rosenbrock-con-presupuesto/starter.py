import numpy as np


def minimiza(f, x0):
    """Baja lo que puedas con f.budget preguntas; cuenta el mejor punto que hayas preguntado."""
    x = np.array(x0, dtype=float)
    eta = 1e-3  # la misma para todas: ¿y si la función viene en otras unidades?
    for _ in range(f.budget):
        _, gradiente = f.evalua(x)
        x = x - eta * gradiente
    return x
