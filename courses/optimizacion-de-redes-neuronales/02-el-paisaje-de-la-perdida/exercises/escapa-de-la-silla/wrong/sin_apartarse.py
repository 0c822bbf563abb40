"""Descenso por gradiente desde la propia silla: ahí el gradiente es cero y no hay a dónde ir.

fails: ejemplos
hint: quieto
"""


def escapa(f, x, meta):
    for _ in range(f.budget):
        valor, g = f.evalua(x)
        if valor <= meta:
            break
        x = x - 0.05 * g
    return x
