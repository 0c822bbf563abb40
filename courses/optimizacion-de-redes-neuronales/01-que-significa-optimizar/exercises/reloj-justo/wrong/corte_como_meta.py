"""Trata el corte de una ejecución como si hubiera llegado ahí.

fails: censura, bordes
hint: corte-como-meta, dos-cortadas, divergio
"""

import math


def coste(ejecucion, objetivo, reloj):
    unidad = (
        ejecucion["cada"]
        * {
            "pasos": 1,
            "ejemplos": ejecucion["batch"],
            "epocas": ejecucion["batch"] / ejecucion["ejemplos"],
            "segundos": ejecucion["segundos_por_paso"],
        }[reloj]
    )
    for indice, perdida in enumerate(ejecucion["perdidas"]):
        if math.isnan(perdida):
            return math.inf, False
        if perdida <= objetivo:
            return indice * unidad, False
    return (len(ejecucion["perdidas"]) - 1) * unidad, True


def compara(a, b, objetivo, reloj):
    coste_a, _ = coste(a, objetivo, reloj)
    coste_b, _ = coste(b, objetivo, reloj)
    return (coste_a > coste_b) - (coste_a < coste_b)
