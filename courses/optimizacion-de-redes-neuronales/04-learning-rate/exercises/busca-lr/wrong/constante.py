"""Devuelve la η de siempre, sin preguntar nada.

fails: ejemplos
hint: corta
"""


def busca_lr(f, w):
    return 1e-3
