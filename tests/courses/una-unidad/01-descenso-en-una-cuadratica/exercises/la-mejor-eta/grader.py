"""Random spectra on both sides of the best η; each known mistake is told by what it would have answered."""

import numpy as np

from grading.judge.author import Float, group


def same(got, expected):
    return abs(got - expected) <= 1e-9 * max(1.0, abs(expected))


def spectrum(rng):
    """From two to fifty curvatures, their ratio between 3 and 30, in no order."""
    flat = rng.uniform(0.2, 2.0)
    stiff = flat * rng.uniform(3, 30)
    inner = rng.uniform(flat, stiff, size=int(rng.integers(0, 49)))
    return rng.permutation(np.concatenate([[flat, stiff], inner]))


@group("una-direccion")
def una_direccion(attempt):
    curvature = np.array([10.0])
    attempt.close(attempt.call("factor", 0.05, curvature, returns=Float()), 0.5)
    got = attempt.call("mejor_eta", curvature, returns=Float())
    attempt.close(got, 0.1, hint="uno-entre")


@group("peor-direccion")
def peor_direccion(attempt):
    for share in (0.4, 0.9, 1.0, 1.02, 1.05):
        for _ in range(2):
            curvatures = spectrum(attempt.rng)
            eta = share * 2 / (curvatures.min() + curvatures.max())
            got = attempt.call("factor", float(eta), curvatures, returns=Float())
            factors = 1 - eta * curvatures
            if same(got, np.abs(factors).max()):
                continue
            hint = "factor"
            if same(got, factors.max()):
                hint = "signo"
            elif same(got, abs(1 - eta * curvatures.max())):
                hint = "solo-la-rigida"
            attempt.fail(hint=hint, message="El factor no es el de la dirección que más tarda.")


@group("igualar-extremos")
def igualar_extremos(attempt):
    for drawn in (True, False, False, False):
        curvatures = spectrum(attempt.rng)
        flat, stiff = curvatures.min(), curvatures.max()
        got = attempt.call("mejor_eta", curvatures, returns=Float())
        if drawn:
            etas = np.linspace(0, 2.2 / stiff, 60)
            worst = np.abs(1 - etas[:, None] * curvatures).max(axis=1)
            attempt.axes(x="η", y="factor", log=False)
            attempt.reference("factor de cada η", etas, worst)
            at = float(np.clip(got, 0, etas[-1]))
            attempt.curve("tu η", [at, at], [0, float(np.abs(1 - at * curvatures).max())])
        if same(got, 2 / (flat + stiff)):
            continue
        hint = "uno-entre" if same(got, 1 / stiff) else "limite" if same(got, 2 / stiff) else "eta"
        attempt.fail(hint=hint, message="Con tu η la peor dirección tarda más de lo necesario.")
