import numpy as np


def entrena(f, d):
    """Pesos de exceso pequeño, con f.budget ejemplos en total."""
    w = np.zeros(d)
    B = 100
    eta = 0.01  # ¿para qué problema?
    for _ in range(f.budget // B):
        _, gradiente = f.batch(w, B)
        w = w - eta * gradiente
    return w
