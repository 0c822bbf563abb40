"""Curves with a known rate; the error is counted in log ρ, and the hint comes from how it is wrong."""

import numpy as np

from grading.judge.author import Float, group

RATES = (0.5, 0.8, 0.9, 0.97, 0.99)
TOLERANCE = 0.10  # of log ρ
ENOUGH = 0.9  # of the noisy curves of a group


def curve(rng, rate, optimum=0.0, noise=0.02, floor=0.0, steps=None):
    """`optimum + rate^k (1 + noise N) + floor |N|`, long enough to reach 3e-4 of the start."""
    n = steps or int(8 / (1 - rate)) + 30
    k = np.arange(n)
    gap = rate**k * (1 + noise * rng.normal(size=n))
    return optimum + gap + floor * np.abs(rng.normal(size=n))


def error(got, rate):
    """Relative error of log ρ, with its sign: positive means too close to 1 (too slow)."""
    return 1.0 - np.log(max(got, 1e-300)) / np.log(rate)


def ask(attempt, losses):
    return attempt.call("tasa", losses, returns=Float())


def misses(attempt, curves):
    """Signed errors, one a curve, in the order given."""
    return np.array([error(ask(attempt, losses), rate) for rate, losses in curves])


@group("ejemplos")
def ejemplos(attempt):
    for rate in (0.5, 0.9, 0.97):
        losses = curve(attempt.rng, rate, noise=0.0, steps=60)
        if rate == 0.9:
            attempt.axes(x="paso", y="pérdida")
            attempt.curve("la curva que recibes", np.arange(60), losses)
        got = ask(attempt, losses)
        wrong = abs(error(got, rate)) > TOLERANCE if got > 0 else True
        if wrong:
            hint = "inverso" if got > 1 else "por-paso" if got < rate**2 else "cociente"
            attempt.fail(
                hint=hint,
                message="En una curva limpia, sin ruido y con óptimo cero, la tasa no sale.",
            )


@group("optimo-distinto-de-cero")
def optimo_distinto_de_cero(attempt):
    curves = [
        (rate, curve(attempt.rng, rate, optimum=optimum))
        for rate in attempt.rng.permutation(RATES)
        for optimum in attempt.rng.permutation([0.3, 5.0, -2.0])
    ]
    judge_noisy(attempt, curves, too_slow="sin-optimo")


@group("suelo-de-ruido")
def suelo_de_ruido(attempt):
    curves = []
    for rate in attempt.rng.permutation(RATES * 3):
        steps = int(16 / (1 - rate)) + 30
        floor = rate ** (steps * attempt.rng.uniform(0.5, 0.7))  # reached half-way or a little later
        curves.append((rate, curve(attempt.rng, rate, floor=floor, steps=steps)))
    judge_noisy(attempt, curves, too_slow="sin-optimo")


def judge_noisy(attempt, curves, too_slow):
    errors = misses(attempt, curves)
    bad = np.abs(errors) > TOLERANCE
    attempt.note(curves=len(curves), within_tolerance=int((~bad).sum()))
    if bad.mean() <= 1 - ENOUGH:
        return
    slow = np.median(errors[bad]) > 0.25 and (errors[bad] > 0).mean() > 0.8
    hint = too_slow if slow else "ruido" if np.abs(errors[bad]).max() > 0.3 else "precision"
    attempt.fail(hint=hint, message=f"Acertaste {int((~bad).sum())} de {len(curves)} curvas.")


@group("arranque-rapido")
def arranque_rapido(attempt):
    errors = []
    for rate in attempt.rng.permutation((0.9, 0.95, 0.97, 0.98) * 2):
        fast = rate ** attempt.rng.uniform(9, 12)
        n = int(8 / (1 - rate)) + 30
        k = np.arange(n)
        gap = (8 * fast**k + rate**k) * (1 + 0.005 * attempt.rng.normal(size=n))
        losses = attempt.rng.uniform(0.5, 2) + gap
        errors.append(error(ask(attempt, losses), rate))
    errors = np.array(errors)
    bad = np.abs(errors) > TOLERANCE
    if bad.mean() > 1 - ENOUGH:
        hint = "sin-optimo" if np.median(errors[bad]) > 0 else "arranque"
        attempt.fail(hint=hint, message=f"Acertaste {int((~bad).sum())} de {len(errors)} curvas.")


@group("bordes")
def bordes(attempt):
    for level in (0.0, 2.5):
        got = ask(attempt, np.full(40, level))
        if abs(got - 1) > 1e-6:
            attempt.fail(hint="constante", message="Con una pérdida constante no devolviste 1.")
    for rate in attempt.rng.uniform(1.02, 1.3, size=4):
        losses = attempt.rng.uniform(-1, 1) + 1e-3 * rate ** np.arange(80)
        got = ask(attempt, losses)
        if got <= 1 or abs(error(got, rate)) > TOLERANCE:
            attempt.fail(hint="divergente", message="En una curva que crece devolviste otra tasa.")
