"""Symmetric matrices with a chosen spectrum; each product is counted and its Rayleigh quotient drawn."""

import numpy as np

from grading.judge.author import Array, Float, group

BUDGET = 20
LOW, HIGH = 0.95, 1.0


def rotated(rng, eigenvalues):
    """A symmetric matrix with these eigenvalues and random eigenvectors."""
    n = len(eigenvalues)
    basis, _ = np.linalg.qr(rng.normal(size=(n, n)))
    return (basis * eigenvalues) @ basis.T


def ask(attempt, hessian, draw=False):
    n = len(hessian)
    largest = float(np.linalg.eigvalsh(hessian)[-1])

    def rayleigh(v):
        """Curvature along `v`, in units of the largest."""
        norm = v @ v
        return float(v @ hessian @ v / norm) / (abs(largest) or 1.0) if norm else 0.0

    hvp = attempt.function(
        lambda v: hessian @ v,
        arguments=(Array((n,)),),
        budget=BUDGET,
        record=rayleigh if draw else None,
        name="hvp",
        noun="el producto Hv",
        label="tú",
    )
    if draw:
        attempt.axes(x="producto Hv", y="cociente de Rayleigh ÷ λmax", log=False)
        attempt.target(1.0, label="λmax")
    return attempt.call("eta_maximo", hvp, n, returns=Float(finite=False)), largest


def judge(attempt, hessian, draw=False):
    got, largest = ask(attempt, hessian, draw)
    ratio = got * largest / 2  # 1 is the exact limit
    if LOW <= ratio <= HIGH:
        return
    smallest = float(np.linalg.eigvalsh(hessian)[0])
    if smallest < 0 and (got <= 0 or abs(got * abs(smallest) / 2 - 1) < 0.06):
        hint, message = "signo", "Tu η sale de la curvatura equivocada."
    elif abs(ratio - 0.5) < 0.03 or abs(ratio - 2) < 0.06:
        hint, message = "la-mitad", "Tu η difiere del límite en un factor 2."
    elif 1 < ratio < 1.5:
        hint, message = "por-encima", "Con tu η el descenso diverge en esta matriz."
    else:
        hint, message = "limite", "Tu η no está cerca del límite de estabilidad."
    if hint == "la-mitad" and smallest < 0:
        hint = "limite"
    attempt.fail(hint=hint, message=message)


@group("ejemplos")
def ejemplos(attempt):
    judge(attempt, np.diag([1.0, 2.0, 10.0]), draw=True)
    judge(attempt, rotated(attempt.rng, np.array([0.1, 0.5, 1.0, 4.0])))


@group("hueco-grande")
def hueco_grande(attempt):
    for draw in (True, False, False):
        largest = attempt.rng.uniform(5, 50)
        rest = attempt.rng.uniform(0, 0.1 * largest, size=int(attempt.rng.integers(30, 100)))
        judge(attempt, rotated(attempt.rng, np.append(rest, largest)), draw)


@group("espectro-continuo")
def espectro_continuo(attempt):
    for draw in (True, False, False):
        largest = attempt.rng.uniform(1, 20)
        judge(attempt, rotated(attempt.rng, np.linspace(0.01, 1, 200) * largest), draw)


@group("indefinida")
def indefinida(attempt):
    for draw in (True, False, False):
        largest = attempt.rng.uniform(5, 15)
        lowest = -1.2 * largest
        n = int(attempt.rng.integers(120, 200))
        inner = attempt.rng.uniform(
            0.9 * lowest, 0.8 * largest, size=n - 2
        )  # 20 products must do, for any seed
        judge(attempt, rotated(attempt.rng, np.concatenate([[lowest, largest], inner])), draw)


@group("bordes")
def bordes(attempt):
    for curvature in attempt.rng.uniform(0.1, 5, size=2):
        got, largest = ask(attempt, np.array([[curvature]]))
        if not LOW <= got * largest / 2 <= HIGH:
            attempt.fail(hint="pequena", message="En una dimensión el límite no sale.")
    got, largest = ask(attempt, 3.0 * np.eye(2))
    if not LOW <= got * largest / 2 <= HIGH:
        attempt.fail(hint="pequena", message="Con todas las curvaturas iguales el límite no sale.")
    for hessian in (np.zeros((4, 4)), rotated(attempt.rng, -attempt.rng.uniform(1, 2, size=6))):
        got, _ = ask(attempt, hessian)
        if not np.isposinf(got):
            attempt.fail(hint="sin-limite", message="Sin curvatura positiva devolviste un límite finito.")
