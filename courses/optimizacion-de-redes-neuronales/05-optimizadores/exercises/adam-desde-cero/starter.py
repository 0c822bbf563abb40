import numpy as np


def adam(pesos, gradiente, estado, eta, beta1, beta2, eps, decay, variante):
    """Un paso. Devuelve (pesos_nuevos, estado_nuevo) sin tocar lo que recibe."""
    m = beta1 * estado["m"] + (1 - beta1) * gradiente
    # Falta v, la corrección de las dos medias, y las variantes.
    nuevos = pesos - eta * m
    return nuevos, {"t": estado["t"] + 1, "m": m, "v": estado["v"], "tope": estado["tope"]}
