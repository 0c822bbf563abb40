"""Resuelve bien las cuatro familias, pero empieza a explorar sin mirar si el punto de partida ya servía.

fails: bordes
hint: ya-esta
"""

import numpy as np


class Agotado(Exception):
    """No quedan preguntas, o ya no hacen falta."""


def escapa(f, x, meta):
    """Mide a qué distancia empieza a moverse f, se aparta eso, y baja con L-BFGS; si se para, repite."""
    rng = np.random.default_rng(0)
    mejor = [np.inf, x.copy()]
    quedan = [f.budget]

    def pregunta(punto):
        if quedan[0] == 0:
            raise Agotado
        quedan[0] -= 1
        valor, gradiente = f.evalua(punto)
        if valor < mejor[0]:
            mejor[:] = valor, punto.copy()
        if valor <= meta and quedan[0] < f.budget - 1:
            raise Agotado
        return valor, gradiente

    try:
        inicial, _ = pregunta(x)
        radio = tamano(pregunta, x, inicial, inicial - meta, rng)
        while True:
            u = rng.normal(size=len(x))
            lbfgs(pregunta, mejor[1] + radio * u / np.linalg.norm(u), radio)
    except Agotado:
        return mejor[1]


def tamano(pregunta, x, inicial, desnivel, rng):
    """La distancia a la que f cambia en una centésima de lo que hay que bajar, en una dirección al azar."""
    u = rng.normal(size=len(x))
    u /= np.linalg.norm(u)
    radio, factor = 1.0, 10.0
    valor, _ = pregunta(x + radio * u)
    lejos = abs(valor - inicial) > 0.01 * desnivel
    for _ in range(12):
        siguiente = radio / factor if lejos else radio * factor
        valor, _ = pregunta(x + siguiente * u)
        if (abs(valor - inicial) > 0.01 * desnivel) != lejos:
            return max(radio, siguiente) if not lejos else radio
        radio = siguiente
    return radio


def lbfgs(pregunta, x, radio, memoria=10):
    """Hasta que el gradiente se hace pequeño o la búsqueda lineal no avanza."""
    valor, g = pregunta(x)
    pares, primera = [], np.linalg.norm(g)
    while np.linalg.norm(g) > 1e-4 * primera:
        d = -direccion(g, pares)
        if d @ g >= 0:
            pares, d = [], -g
        paso = 1.0 if pares else radio / np.linalg.norm(g)
        bajo, alto = 0.0, np.inf
        for _ in range(25):  # Wolfe por bisección
            nuevo, gn = pregunta(x + paso * d)
            if not nuevo <= valor + 1e-4 * paso * (d @ g):
                alto = paso
            elif d @ gn < 0.9 * (d @ g):
                bajo = paso
            else:
                break
            paso = (bajo + alto) / 2 if np.isfinite(alto) else 4 * paso
        else:
            return
        s, y = paso * d, gn - g
        if s @ y > 1e-12 * np.linalg.norm(s) * np.linalg.norm(y):
            pares = [*pares, (s, y)][-memoria:]
        x, valor, g = x + s, nuevo, gn


def direccion(g, pares):
    q, alfas = g.copy(), []
    for s, y in reversed(pares):
        a = (s @ q) / (s @ y)
        alfas.append(a)
        q = q - a * y
    if pares:
        s, y = pares[-1]
        q = q * (s @ y) / (y @ y)
    for (s, y), a in zip(pares, reversed(alfas), strict=True):
        q = q + s * (a - (y @ q) / (s @ y))
    return q
