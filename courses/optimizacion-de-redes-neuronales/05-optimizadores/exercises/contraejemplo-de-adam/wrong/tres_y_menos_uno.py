"""El 3, −1, −1 de los apuntes, valga β₂ lo que valga: con más memoria Adam no lo olvida.

fails: memoria-corta, con-momentum, memoria-larga
hint: adam-llega
"""


def contraejemplo(beta1, beta2):
    return [(1 / 3, 3.0), (2 / 3, -1.0)]
