"""Usa un batch de cada tamaño y deja los demás.

fails: todos
hint: dispersa
"""

import numpy as np


def separa(norma_b, norma_B, b, B):
    """Ruido y señal de las dos normas medias al cuadrado: dos ecuaciones, dos incógnitas."""
    ruido = (norma_b - norma_B) / (1 / b - 1 / B)
    return ruido, (B * norma_B - b * norma_b) / (B - b)


def estima(chicos, grandes, b, B):
    """Primero se promedian las normas de cada tamaño; después se despeja; al final se divide."""
    norma_b = np.sum(chicos[0] ** 2)
    norma_B = np.sum(grandes[0] ** 2)
    ruido, senal = separa(norma_b, norma_B, b, B)
    escala = ruido / senal if senal > 0 else np.inf
    return float(ruido), float(senal), float(escala)


def en_marcha(normas_b, normas_B, b, B, beta):
    """Dos medias exponenciales desde cero: el factor que les falta es el mismo y se va al dividir."""
    ruidos, senales = separa(normas_b, normas_B, b, B)
    ruido = senal = 0.0
    escalas = np.full(len(normas_b), np.inf)
    for t in range(len(normas_b)):
        ruido = beta * ruido + ruidos[t]
        senal = beta * senal + senales[t]
        if senal > 0:
            escalas[t] = ruido / senal
    return escalas
