"""Juzga η por su tamaño, sin la curvatura al lado.

fails: con-gradiente
hint: producto
"""

import math


def diagnostica(traza):
    if traza["perdida"][-1] < 0.5 * math.log(traza["clases"]):
        return "sana"
    if max(traza["muertas"]) > 0.95:
        return "muertas"
    if max(traza["planas"]) > 0.5:
        return "saturada"
    if traza["senal"][-1] < 0.08 * traza["senal"][0]:
        return "meseta"
    return "eta-pequena" if traza["eta"] < 1e-3 else "condicion"
