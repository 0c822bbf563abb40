"""Elige bien el empujón y baja por descenso por gradiente: salir le cuesta todas las preguntas.

fails: pozo, mono, cadena
hint: lento, quieto
"""

import numpy as np


def escapa(f, x, meta):
    rng = np.random.default_rng(0)
    u = rng.normal(size=len(x))
    u /= np.linalg.norm(u)
    inicial, _ = f.evalua(x)
    if inicial <= meta:
        return x
    quedan, radio = f.budget - 1, 1e-6
    while quedan:
        valor, g = f.evalua(x + radio * u)
        quedan -= 1
        if abs(valor - inicial) > 0.01 * (inicial - meta):
            break
        radio *= 10
    radio /= 10
    x, paso = x + radio * u, radio / (np.linalg.norm(g) + 1e-300)
    valor, g = f.evalua(x)
    quedan -= 1
    while quedan > 0 and valor > meta:
        nuevo, gn = f.evalua(x - paso * g)
        quedan -= 1
        if nuevo <= valor - 0.5 * paso * (g @ g):
            x, valor, g, paso = x - paso * g, nuevo, gn, 2 * paso
        else:
            paso /= 2
    return x
