"""Runs with a known moment of arrival; the hint comes from the kind of mistake."""

import math

import numpy as np

from grading.judge.author import Bool, Float, Int, Maybe, Tuple, group

CLOCKS = ("pasos", "ejemplos", "epocas", "segundos")
A = {"perdidas": [2.3, 1.1, 0.4], "cada": 10, "batch": 8, "ejemplos": 100, "segundos_por_paso": 0.01}
B = {"perdidas": [2.3, 1.6, 0.9], "cada": 10, "batch": 64, "ejemplos": 100, "segundos_por_paso": 0.02}


def make_run(rng, arrives, measures, nan_at=None):
    """A run of `measures` losses that first reaches 0.5 at index `arrives` (None: never)."""
    losses = 0.6 + 2 * np.exp(-np.linspace(0, 4, measures)) + 0.05 * rng.uniform(size=measures)
    if arrives is not None:
        losses[arrives:] = rng.uniform(0.1, 0.5, size=measures - arrives)
        # a loss may rise again after the first arrival
        losses[arrives + 1 :: 3] = 0.8
    if nan_at is not None:
        losses[nan_at:] = np.nan
    return {
        "perdidas": losses.tolist(),
        "cada": int(rng.integers(2, 40)),
        "batch": int(rng.integers(2, 300)),
        "ejemplos": int(rng.integers(500, 5000)),
        "segundos_por_paso": float(rng.uniform(1e-4, 1e-2)),
    }


def reading(run, steps, clock):
    examples = steps * run["batch"]
    return {
        "pasos": steps,
        "ejemplos": examples,
        "epocas": examples / run["ejemplos"],
        "segundos": steps * run["segundos_por_paso"],
    }[clock]


def cost(run, target, clock):
    for index, loss in enumerate(run["perdidas"]):
        if math.isnan(loss):
            return math.inf, False
        if loss <= target:
            return reading(run, index * run["cada"], clock), False
    return reading(run, (len(run["perdidas"]) - 1) * run["cada"], clock), True


def compare(a, b, target, clock):
    (ca, cut_a), (cb, cut_b) = cost(a, target, clock), cost(b, target, clock)
    if cut_a and cut_b:
        return None
    if cut_a:
        return 1 if cb <= ca else None
    if cut_b:
        return -1 if ca <= cb else None
    return (ca > cb) - (ca < cb)


def ask_cost(attempt, run, target, clock):
    return attempt.call("coste", run, target, clock, returns=Tuple(Float(finite=False), Bool()))


def same(got, expected):
    return got == expected or math.isclose(got, expected, rel_tol=1e-9)


def ask_compare(attempt, a, b, target, clock):
    return attempt.call("compara", a, b, target, clock, returns=Maybe(Int(low=-1, high=1)))


@group("ejemplos")
def ejemplos(attempt):
    for run, clock in ((A, "pasos"), (B, "ejemplos")):
        value, cut = ask_cost(attempt, run, 0.5, clock)
        expected, expected_cut = cost(run, 0.5, clock)
        if cut != expected_cut:
            attempt.fail(hint="censura", message="La segunda posición dice si la ejecución está censurada.")
        if not same(value, expected):
            steps = expected / reading(run, 1, clock)
            index = steps / run["cada"]
            attempt.fail(
                hint="indice" if value in (index, index + 1, steps / run["cada"] * run["batch"]) else "valor",
                message=f"En el reloj de {clock}, el coste del ejemplo no sale.",
            )
    visible = dict(A, perdidas=[2.3, 0.4])  # both arrive: nothing here is about runs that did not
    if ask_compare(attempt, A, visible, 0.5, "pasos") != 1:
        attempt.fail(hint="valor", message="De dos ejecuciones que llegan, gana la que llega antes.")


@group("relojes")
def relojes(attempt):
    rng = attempt.rng
    for _ in range(6):
        measures = int(rng.integers(20, 60))
        run = make_run(rng, int(rng.integers(3, measures)), measures)
        for clock in rng.permutation(CLOCKS):
            value, cut = ask_cost(attempt, run, 0.5, str(clock))
            expected, _ = cost(run, 0.5, str(clock))
            if cut or not same(value, expected):
                hint = {"pasos": "ejemplos"}.get(str(clock), str(clock))
                attempt.fail(hint=hint, message=f"En el reloj de {clock} el coste no sale.")


@group("censura")
def censura(attempt):
    rng = attempt.rng
    for _ in range(24):
        measures = rng.integers(8, 40, size=2)
        arrives = [int(rng.integers(1, m)) if rng.uniform() < 0.5 else None for m in measures]
        a, b = (make_run(rng, at, int(m)) for at, m in zip(arrives, measures, strict=True))
        clock = str(rng.choice(["pasos", "segundos"]))
        got, expected = ask_compare(attempt, a, b, 0.5, clock), compare(a, b, 0.5, clock)
        if got == expected:
            continue
        (_, cut_a), (_, cut_b) = cost(a, 0.5, clock), cost(b, 0.5, clock)
        if got is None:
            hint = "decidible"
        elif cut_a and cut_b:
            hint = "dos-cortadas"
        elif got == (1 if cut_a else -1):
            hint = "siempre-pierde"
        else:
            hint = "corte-como-meta"
        attempt.fail(hint=hint, message="Ordenaste mal dos ejecuciones, una de ellas sin llegar.")


@group("bordes")
def bordes(attempt):
    rng = attempt.rng
    diverged = make_run(rng, None, 30, nan_at=int(rng.integers(5, 20)))
    value, cut = ask_cost(attempt, diverged, 0.5, "pasos")
    if not math.isinf(value):
        attempt.fail(hint="divergio" if cut else "nan", message="Una ejecución con NaN no llegó al objetivo.")
    if cut:
        attempt.fail(hint="divergio", message="Una ejecución que divergió no está censurada.")
    arrived, cut_run = make_run(rng, 12, 30), make_run(rng, None, 30)
    for a, b in ((diverged, arrived), (arrived, diverged), (diverged, cut_run), (diverged, diverged)):
        if ask_compare(attempt, a, b, 0.5, "segundos") != compare(a, b, 0.5, "segundos"):
            attempt.fail(hint="divergio", message="Ordenaste mal una ejecución que divergió.")
    twin = dict(arrived)
    if ask_compare(attempt, arrived, twin, 0.5, "epocas") != 0:
        attempt.fail(hint="empate", message="Dos ejecuciones iguales no empatan.")
    value, cut = ask_cost(attempt, arrived, 50.0, "ejemplos")
    if cut or value != 0:
        attempt.fail(hint="ya-cumplido", message="El objetivo estaba cumplido antes de entrenar.")
