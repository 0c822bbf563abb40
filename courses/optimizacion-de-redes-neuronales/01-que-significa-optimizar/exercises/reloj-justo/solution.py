import math


def en_reloj(ejecucion, pasos, reloj):
    """Lo que marca el reloj tras tantos pasos."""
    if reloj == "pasos":
        return pasos
    if reloj == "segundos":
        return pasos * ejecucion["segundos_por_paso"]
    ejemplos = pasos * ejecucion["batch"]
    return ejemplos if reloj == "ejemplos" else ejemplos / ejecucion["ejemplos"]


def coste(ejecucion, objetivo, reloj):
    for indice, perdida in enumerate(ejecucion["perdidas"]):
        if math.isnan(perdida):
            return math.inf, False
        if perdida <= objetivo:
            return en_reloj(ejecucion, indice * ejecucion["cada"], reloj), False
    ultima = len(ejecucion["perdidas"]) - 1
    return en_reloj(ejecucion, ultima * ejecucion["cada"], reloj), True


def compara(a, b, objetivo, reloj):
    coste_a, censurada_a = coste(a, objetivo, reloj)
    coste_b, censurada_b = coste(b, objetivo, reloj)
    if censurada_a and censurada_b:
        return None
    if censurada_a:
        # a necesita más de coste_a: solo se sabe que pierde si b llegó ya para entonces
        return 1 if coste_b <= coste_a else None
    if censurada_b:
        return -1 if coste_a <= coste_b else None
    return (coste_a > coste_b) - (coste_a < coste_b)
