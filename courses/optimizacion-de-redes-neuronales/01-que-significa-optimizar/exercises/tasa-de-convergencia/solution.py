import numpy as np


def residuo(perdidas, rho):
    """Suma de cuadrados que queda al ajustar f = a + c·rho^k por mínimos cuadrados en a y c."""
    k = np.arange(len(perdidas))
    potencia = rho ** (k - (k[-1] if rho > 1 else 0))  # la mayor vale 1: nada se desborda
    centrada = potencia - potencia.mean()
    y = perdidas - perdidas.mean()
    norma = centrada @ centrada
    if norma < 1e-300:
        return np.inf
    c = (centrada @ y) / norma
    resto = y - c * centrada
    return float(resto @ resto)


def tasa(perdidas):
    perdidas = np.asarray(perdidas, dtype=float)
    if np.ptp(perdidas) <= 1e-12 * max(1.0, np.abs(perdidas).max()):
        return 1.0
    # el arranque no es la asíntota: se deja fuera el primer cuarto
    cola = perdidas[len(perdidas) // 4 :]
    # rho = exp(∓1/tau), con tau en pasos: de medio paso a cien veces la curva
    taus = np.geomspace(0.3, 10 * len(perdidas), 240)
    candidatas = np.concatenate([np.exp(-1 / taus), np.exp(1 / taus)])
    mejor = min(candidatas, key=lambda rho: residuo(cola, rho))
    # y se afina alrededor de la mejor
    for ancho in (0.06, 0.01, 0.002):
        vecinas = mejor ** (1 + np.linspace(-ancho, ancho, 31))
        mejor = min(vecinas, key=lambda rho: residuo(cola, rho))
    return float(mejor)
