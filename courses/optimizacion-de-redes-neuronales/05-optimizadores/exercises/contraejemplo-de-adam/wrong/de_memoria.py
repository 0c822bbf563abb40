"""El problema estocástico del artículo, 1010 una de cada ciento una veces y −10 las demás, para cualquier β.

fails: ejemplos
hint: amsgrad-no-llega
"""


def contraejemplo(beta1, beta2):
    return [(1 / 101, 1010.0), (100 / 101, -10.0)]
