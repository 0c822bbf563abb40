"""Lanczos bien hecho, pero se queda con la curvatura de mayor valor absoluto.

fails: indefinida, bordes
hint: signo, sin-limite
"""

import numpy as np


def eta_maximo(hvp, n):
    q = np.random.default_rng(7).normal(size=n)
    base, diagonal, fuera = [q / np.linalg.norm(q)], [], []
    for _ in range(min(20, n)):
        w = np.asarray(hvp(base[-1]))
        diagonal.append(base[-1] @ w)
        for u in base + base:
            w = w - (u @ w) * u
        norma = np.linalg.norm(w)
        if norma < 1e-10 * max(1.0, abs(diagonal[0])):
            break
        fuera.append(norma)
        base.append(w / norma)
    m = len(diagonal)
    t = np.diag(diagonal) + np.diag(fuera[: m - 1], 1) + np.diag(fuera[: m - 1], -1)
    mayor = np.abs(np.linalg.eigvalsh(t)).max()
    return float(2 / mayor * 0.985) if mayor > 1e-12 else float("inf")
