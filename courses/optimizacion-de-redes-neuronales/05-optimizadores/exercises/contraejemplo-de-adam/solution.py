import math


def contraejemplo(beta1, beta2):
    """Una pendiente grande tan rara que, cuando vuelve, Adam ya ha olvidado la anterior."""
    espera = max(10, math.ceil(10 / (1 - beta2)))  # diez memorias de los cuadrados
    return [(1 / espera, 2.0 * espera), (1 - 1 / espera, -1.0)]  # media 1 + 1/espera > 0
