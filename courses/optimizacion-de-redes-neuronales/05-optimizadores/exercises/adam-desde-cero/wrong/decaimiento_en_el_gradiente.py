"""Suma el decaimiento al gradiente: L2 y no AdamW.

fails: adamw
hint: acoplado
"""

import numpy as np


def adam(pesos, gradiente, estado, eta, beta1, beta2, eps, decay, variante):
    t = estado["t"] + 1
    if variante == "adamw":
        gradiente = gradiente + decay * pesos
    m = beta1 * estado["m"] + (1 - beta1) * gradiente
    v = beta2 * estado["v"] + (1 - beta2) * gradiente**2
    m_corregida = m / (1 - beta1**t)
    v_corregida = v / (1 - beta2**t)
    tope = np.maximum(estado["tope"], v_corregida)
    divisor = np.sqrt(tope if variante == "amsgrad" else v_corregida) + eps
    nuevos = pesos - eta * m_corregida / divisor
    return nuevos, {"t": t, "m": m, "v": v, "tope": tope}
