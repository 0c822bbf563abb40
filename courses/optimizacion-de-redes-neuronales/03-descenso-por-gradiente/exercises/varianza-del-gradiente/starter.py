import numpy as np


def estima(chicos, grandes, b, B):
    """Ruido, señal y escala a partir de los gradientes de batches de dos tamaños."""
    norma_b = np.sum(chicos.mean(axis=0) ** 2)
    norma_B = np.sum(grandes.mean(axis=0) ** 2)
    ruido = b * (norma_b - norma_B)  # ¿y si el batch grande también tiene ruido?
    senal = norma_B
    return float(ruido), float(senal), float(ruido / senal)


def en_marcha(normas_b, normas_B, b, B, beta):
    """La escala de ruido tras cada paso, con memoria beta."""
    return np.ones(len(normas_b))
