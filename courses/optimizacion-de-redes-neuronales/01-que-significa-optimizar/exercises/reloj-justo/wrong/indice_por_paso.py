"""Toma el índice de la medida por el número de pasos.

fails: ejemplos
hint: indice
"""

import math


def coste(ejecucion, objetivo, reloj):
    unidad = {
        "pasos": 1,
        "ejemplos": ejecucion["batch"],
        "epocas": ejecucion["batch"] / ejecucion["ejemplos"],
        "segundos": ejecucion["segundos_por_paso"],
    }[reloj]
    for indice, perdida in enumerate(ejecucion["perdidas"]):
        if math.isnan(perdida):
            return math.inf, False
        if perdida <= objetivo:
            return indice * unidad, False
    return (len(ejecucion["perdidas"]) - 1) * unidad, True


def compara(a, b, objetivo, reloj):
    return -1
