def diagnostica(traza):
    """El nombre de la causa: sana, meseta, muertas, saturada, condicion o eta-pequena."""
    # Un primer intento: si la última pérdida es pequeña, va bien; si no, alguna meseta será.
    if traza["perdida"][-1] < 1:
        return "sana"
    return "meseta"
