"""What the student of the pictures hands in: one real source for each way to end."""

from __future__ import annotations

from tests.browser.site import EXERCISES

ETA = EXERCISES / "eta-maximo"

SLOW = '''\
import time

import numpy as np


def eta_maximo(hvp, n):
    """Iteración de potencia, sin prisa."""
    v = np.random.default_rng(3).normal(size=n)
    for paso in range(20):
        v = v / np.linalg.norm(v)
        v = hvp(v)
        print(f"paso {paso + 1:2d}   |Hv| = {np.linalg.norm(v):.6f}")
        time.sleep(0.12)
    return 1.97 / np.linalg.norm(v)
'''

DIVERGED = '''\
import numpy as np


def eta_maximo(hvp, n):
    """Prueba con un η enorme y mira si el descenso se aleja."""
    w = np.ones(n)
    eta = 1e20
    for _ in range(20):
        w = w - eta * hvp(w)
        if not np.isfinite(w).all():
            return eta / 2
    return eta
'''

EXCEPTION = """\
import numpy as np


def curvatura(hvp, v):
    Hv = hvp(v)
    return v @ Hv[1:] / (v @ v)


def eta_maximo(hvp, n):
    v = np.random.default_rng(0).normal(size=n)
    for _ in range(20):
        mayor = curvatura(hvp, v / np.linalg.norm(v))
    return 2 / mayor
"""

SYNTAX = """\
import numpy as np


def eta_maximo(hvp, n):
    v = np.ones(n)
    for _ in range(20)
        v = hvp(v) / np.linalg.norm(v)
    return 2 / np.linalg.norm(v)
"""

OVER_BUDGET = '''\
import numpy as np


def eta_maximo(hvp, n):
    """Iteración de potencia hasta que no cambie."""
    v = np.random.default_rng(0).normal(size=n)
    antes, ahora = 0.0, 1.0
    while abs(ahora - antes) > 1e-12:
        v = v / np.linalg.norm(v)
        Hv = hvp(v)
        antes, ahora = ahora, v @ Hv
        v = Hv
    return 1.97 / ahora
'''

TIME_LIMIT = """\
import numpy as np


def eta_maximo(hvp, n):
    v = np.random.default_rng(0).normal(size=n)
    mayor = 0.0
    while mayor <= 0:
        v = v / np.linalg.norm(v)
        mayor = min(0.0, v @ v)
    return 2 / mayor
"""

MEMORY_LIMIT = '''\
import numpy as np


def eta_maximo(hvp, n):
    """Reúne la hessiana de una red de diez mil pesos."""
    hessiana = np.ones((10_000, 10_000))
    for i, v in enumerate(np.eye(n)):
        hessiana[i, :n] = hvp(v)
    return 2 / np.linalg.eigvalsh(hessiana[:n, :n])[-1]
'''

OUTPUT_LIMIT = """\
import numpy as np


def eta_maximo(hvp, n):
    v = np.random.default_rng(0).normal(size=n)
    while True:
        print(f"probando v = {np.round(v, 3)}")
"""

FORBIDDEN = '''\
import socket

import numpy as np


def eta_maximo(hvp, n):
    """Pregunta la respuesta a otra máquina."""
    with socket.create_connection(("192.0.2.1", 80), timeout=1) as otra:
        otra.sendall(b"lambda max?")
    return 0.1
'''

BAD_VALUE = """\
import numpy as np


def eta_maximo(hvp, n):
    H = np.array([hvp(v) for v in np.eye(n)])
    return 2 / np.linalg.eigvalsh(H)
"""


def without_note(source: str) -> str:
    """A wrong solution of the course without its first words, which say to the author what is wrong."""
    return source.split('"""', 2)[2].lstrip()


ENDINGS = {
    "failed": without_note((ETA / "wrong" / "potencia.py").read_text(encoding="utf-8")),
    "diverged": DIVERGED,
    "exception": EXCEPTION,
    "syntax-error": SYNTAX,
    "over-budget": OVER_BUDGET,
    "time-limit": TIME_LIMIT,
    "memory-limit": MEMORY_LIMIT,
    "output-limit": OUTPUT_LIMIT,
    "forbidden": FORBIDDEN,
    "bad-value": BAD_VALUE,
    "passed": (ETA / "solution.py").read_text(encoding="utf-8"),
}
