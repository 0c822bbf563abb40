"""Mira lo que hay en cualquier registro, pérdida y norma del gradiente: sin gradiente, meseta.

fails: ejemplos
hint: una-de-cada
"""

import math


def diagnostica(traza):
    if traza["perdida"][-1] < 0.5 * math.log(traza["clases"]):
        return "sana"
    if traza["norma"][-1] < 0.05:
        return "meseta"
    if max(traza["planas"]) > 0.5:
        return "saturada"
    return "condicion"
