"""Da la alarma por las activaciones planas antes de preguntar si la pérdida baja.

fails: no-es-parada
hint: baja
"""

import math


def diagnostica(traza):
    if max(traza["planas"]) > 0.5:
        return "saturada"
    if traza["perdida"][-1] < 0.5 * math.log(traza["clases"]):
        return "sana"
    if max(traza["muertas"]) > 0.95:
        return "muertas"
    if traza["senal"][-1] < 0.08 * traza["senal"][0]:
        return "meseta"
    return "condicion" if traza["eta"] * traza["curvatura"] > 0.2 else "eta-pequena"
