"""Pérdida entre gradiente al cuadrado, una sola medida: tiene las unidades de η y no mira la curvatura.

fails: filo
hint: pared
"""


def busca_lr(f, w):
    perdida, g = f.evalua(w)
    return float(perdida / (g @ g) / 1.5)
