"""Actualiza las medias en el sitio: el estado que le pasaron cambia bajo los pies de quien lo guardó.

fails: sin-tocar
hint: argumentos
"""

import numpy as np


def adam(pesos, gradiente, estado, eta, beta1, beta2, eps, decay, variante):
    t = estado["t"] + 1
    m, v = estado["m"], estado["v"]
    m *= beta1
    m += (1 - beta1) * gradiente
    v *= beta2
    v += (1 - beta2) * gradiente**2
    m_corregida = m / (1 - beta1**t)
    v_corregida = v / (1 - beta2**t)
    tope = np.maximum(estado["tope"], v_corregida)
    divisor = np.sqrt(tope if variante == "amsgrad" else v_corregida) + eps
    encoge = eta * decay * pesos if variante == "adamw" else 0.0
    nuevos = pesos - encoge - eta * m_corregida / divisor
    return nuevos, {"t": t, "m": m, "v": v, "tope": tope}
