import math


def diagnostica(traza):
    azar = math.log(traza["clases"])
    # ¿Se ha parado? Lo dice la pérdida, contada en partes de lo que paga quien no sabe nada.
    if traza["perdida"][-1] < 0.5 * azar:
        return "sana"
    # ¿Qué factor del gradiente falta? Primero el que vale cero; basta una capa.
    if max(traza["muertas"]) > 0.95:
        return "muertas"
    if max(traza["planas"]) > 0.5:
        return "saturada"
    if traza["senal"][-1] < 0.08 * traza["senal"][0]:
        return "meseta"
    # Hay gradiente: ¿la η es la mayor que deja la curvatura, o se puede subir?
    if traza["eta"] * traza["curvatura"] > 0.2:
        return "condicion"
    return "eta-pequena"
