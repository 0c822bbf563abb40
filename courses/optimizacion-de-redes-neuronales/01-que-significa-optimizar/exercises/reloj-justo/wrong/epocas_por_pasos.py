"""Cuenta épocas dividiendo los pasos, y no los ejemplos, entre el tamaño del conjunto.

fails: relojes
hint: epocas
"""

import math


def coste(ejecucion, objetivo, reloj):
    unidad = (
        ejecucion["cada"]
        * {
            "pasos": 1,
            "ejemplos": ejecucion["batch"],
            "epocas": 1 / ejecucion["ejemplos"],
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
    coste_a, cortada_a = coste(a, objetivo, reloj)
    coste_b, cortada_b = coste(b, objetivo, reloj)
    if cortada_a and cortada_b:
        return None
    if cortada_a:
        return 1 if coste_b <= coste_a else None
    if cortada_b:
        return -1 if coste_a <= coste_b else None
    return (coste_a > coste_b) - (coste_a < coste_b)
