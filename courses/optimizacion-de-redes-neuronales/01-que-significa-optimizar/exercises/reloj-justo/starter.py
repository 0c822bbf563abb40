def coste(ejecucion, objetivo, reloj):
    """Devuelve (valor, censurada): el reloj al llegar al objetivo, o una cota si no llegó."""
    for indice, perdida in enumerate(ejecucion["perdidas"]):
        if perdida <= objetivo:
            return indice, False
    return len(ejecucion["perdidas"]), True


def compara(a, b, objetivo, reloj):
    """-1 si a fue más rápida, 1 si lo fue b, 0 si empatan, None si no se puede saber."""
    coste_a, _ = coste(a, objetivo, reloj)
    coste_b, _ = coste(b, objetivo, reloj)
    return -1 if coste_a < coste_b else 1
