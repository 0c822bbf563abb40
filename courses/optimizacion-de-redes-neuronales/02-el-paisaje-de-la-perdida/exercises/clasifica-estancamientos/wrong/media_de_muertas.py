"""Promedia las muertas de todas las capas: una sola capa muerta se le escapa.

fails: sin-gradiente, mezcla
hint: una-capa, orden
"""

import math


def diagnostica(traza):
    if traza["perdida"][-1] < 0.5 * math.log(traza["clases"]):
        return "sana"
    if sum(traza["muertas"]) / len(traza["muertas"]) > 0.9:
        return "muertas"
    if max(traza["planas"]) > 0.5:
        return "saturada"
    if traza["senal"][-1] < 0.08 * traza["senal"][0]:
        return "meseta"
    return "condicion" if traza["eta"] * traza["curvatura"] > 0.2 else "eta-pequena"
