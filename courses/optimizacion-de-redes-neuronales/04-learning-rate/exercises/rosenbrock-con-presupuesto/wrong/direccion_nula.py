"""No mira si el gradiente es cero: sigue buscando en una dirección nula.

fails: bordes
hint: ya-esta
"""

import numpy as np

MEMORIA = 10


def minimiza(f, x0):
    """L-BFGS: la curvatura sale de los gradientes ya pagados, y una búsqueda en la recta decide cada paso."""
    quedan = [f.budget]

    def pregunta(x):
        quedan[0] -= 1
        valor, g = f.evalua(x)
        return float(valor), np.asarray(g, dtype=float)

    x = np.array(x0, dtype=float)
    valor, g = pregunta(x)
    pares = []  # (cambio de x, cambio de gradiente)
    while quedan[0] > 0:
        d = direccion(g, pares)
        if not d @ g < 0:  # la memoria ya no describe este sitio
            pares, d = [], -g
        primero = 1.0 if pares else min(1.0, 1.0 / (np.linalg.norm(g) or 1.0))
        paso = busca(pregunta, quedan, x, valor, g, d, primero)
        if paso is None:
            if not pares:
                break
            pares = []
            continue
        nuevo, valor, g_nuevo = paso
        s, y = nuevo - x, g_nuevo - g
        if s @ y > 1e-12 * np.linalg.norm(s) * np.linalg.norm(y):
            pares = [*pares, (s, y)][-MEMORIA:]
        x, g = nuevo, g_nuevo
    return x


def direccion(g, pares):
    """−H·g, con H la inversa de la hessiana que los pares describen."""
    q, alfas = g.copy(), []
    for s, y in reversed(pares):
        alfa = (s @ q) / (s @ y)
        alfas.append(alfa)
        q = q - alfa * y
    if pares:
        s, y = pares[-1]
        q = q * (s @ y) / (y @ y)
    for (s, y), alfa in zip(pares, reversed(alfas), strict=True):
        q = q + (alfa - (y @ q) / (s @ y)) * s
    return -q


def busca(pregunta, quedan, x, valor, g, d, t):
    """Un paso que baja de verdad y no es demasiado corto (Wolfe débil), por bisección."""
    pendiente, corto, largo, mejor = d @ g, 0.0, np.inf, None
    while quedan[0] > 0:
        nuevo = x + t * d
        f_nuevo, g_nuevo = pregunta(nuevo)
        if not f_nuevo <= valor + 1e-4 * t * pendiente:  # también si no es finito
            largo = t
        else:
            if mejor is None or f_nuevo < mejor[1]:
                mejor = (nuevo, f_nuevo, g_nuevo)
            if d @ g_nuevo >= 0.9 * pendiente:
                return nuevo, f_nuevo, g_nuevo
            corto = t
        t = 2 * t if np.isinf(largo) else 0.5 * (corto + largo)
        if largo < 1e-14 or t > 1e14:
            break
    return mejor
