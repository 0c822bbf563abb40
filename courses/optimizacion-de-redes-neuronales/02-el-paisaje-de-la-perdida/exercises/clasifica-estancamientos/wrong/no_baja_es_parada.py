"""Llama parada a toda pérdida que ya no baja, y no pregunta si es porque ha llegado.

fails: no-es-parada
hint: ha-llegado
"""

import math


def diagnostica(traza):
    azar = math.log(traza["clases"])
    baja = traza["perdida"][0] - traza["perdida"][-1] > 0.3 * azar
    if baja and traza["perdida"][-1] < 0.5 * azar:
        return "sana"
    if max(traza["muertas"]) > 0.95:
        return "muertas"
    if max(traza["planas"]) > 0.5:
        return "saturada"
    if traza["senal"][-1] < 0.08 * traza["senal"][0]:
        return "meseta"
    return "condicion" if traza["eta"] * traza["curvatura"] > 0.2 else "eta-pequena"
