"""Da por perdedora a toda ejecución que no llegó.

fails: censura, bordes
hint: siempre-pierde, dos-cortadas, divergio
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
    coste_a, cortada_a = coste(a, objetivo, reloj)
    coste_b, cortada_b = coste(b, objetivo, reloj)
    if cortada_a != cortada_b:
        return 1 if cortada_a else -1
    return (coste_a > coste_b) - (coste_a < coste_b)
