import numpy as np

DECADAS = 4.0  # ancho de la prueba, alrededor de la cuenta de una sola medida


def busca_lr(f, w):
    """Prueba de rango con η creciente; devuelve la del mínimo de la curva suavizada entre 4."""
    n = f.budget - 1
    perdida, g = f.evalua(w)
    inicial = perdida
    centro = inicial / (g @ g)  # unidades de η: las de una curvatura inversa
    etas = centro * 10 ** np.linspace(-DECADAS / 2, DECADAS / 2, n)
    olvido = max(0.5, 1 - 8 / n)  # el retraso de la media, siempre la misma parte de la prueba
    w, media, mejor, elegida = w.copy(), 0.0, np.inf, etas[0]
    for k, eta in enumerate(etas):
        w = w - eta * g
        perdida, g = f.evalua(w)
        if not np.isfinite(perdida) or perdida > 4 * inicial:
            break
        media = olvido * media + (1 - olvido) * perdida
        suave = media / (1 - olvido ** (k + 1))
        if suave < mejor:
            mejor, elegida = suave, eta
    return float(elegida / 4)
