import numpy as np

PRODUCTOS = 20
MARGEN = 0.985  # Lanczos estima por debajo: el límite real está un poco antes


def eta_maximo(hvp, n):
    """Lanczos con reortogonalización completa: la mayor curvatura vista desde todos los productos."""
    rng = np.random.default_rng(7)
    q = rng.normal(size=n)
    q /= np.linalg.norm(q)
    base, diagonal, fuera = [q], [], []
    for _ in range(min(PRODUCTOS, n)):
        w = np.asarray(hvp(base[-1]), dtype=float)
        diagonal.append(base[-1] @ w)
        for u in base:  # dos veces: la primera deja restos de redondeo
            w = w - (u @ w) * u
        for u in base:
            w = w - (u @ w) * u
        norma = np.linalg.norm(w)
        if norma < 1e-10 * max(1.0, abs(diagonal[0])):
            break
        fuera.append(norma)
        base.append(w / norma)
    m = len(diagonal)
    tridiagonal = np.diag(diagonal) + np.diag(fuera[: m - 1], 1) + np.diag(fuera[: m - 1], -1)
    mayor = np.linalg.eigvalsh(tridiagonal)[-1]
    if mayor <= 1e-9 * max(1.0, np.abs(tridiagonal).max()):
        return float("inf")
    exacto = m < PRODUCTOS or m == n  # el espacio entero, o uno invariante
    return float(2 / mayor * (0.995 if exacto else MARGEN))
