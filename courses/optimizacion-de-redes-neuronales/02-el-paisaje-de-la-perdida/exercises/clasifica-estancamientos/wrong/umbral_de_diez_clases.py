"""Se sabe la pérdida de diez clases y la usa con cualquier número de ellas.

fails: otras-clases
hint: escala
"""


def diagnostica(traza):
    if traza["perdida"][-1] < 1.05:
        return "sana"
    if max(traza["muertas"]) > 0.95:
        return "muertas"
    if max(traza["planas"]) > 0.5:
        return "saturada"
    if traza["senal"][-1] < 0.08 * traza["senal"][0]:
        return "meseta"
    return "condicion" if traza["eta"] * traza["curvatura"] > 0.2 else "eta-pequena"
