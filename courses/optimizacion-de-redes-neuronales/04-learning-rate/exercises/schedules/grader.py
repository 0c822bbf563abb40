"""Every η of hidden schedules against the formula; the borders one by one, then the whole curve."""

import math

import numpy as np

from grading.judge.author import Float, group

# One formula of a handful of operations in float64: another order of them moves the last digits only.
RTOL, ATOL = 1e-9, 1e-12


def lengths(total, warmup, cycles):
    """Steps of each cycle: the first ones have one more where it does not divide."""
    short, extra = divmod(total - warmup, cycles)
    return [short + 1] * extra + [short] * (cycles - extra)


def expected(total, top, warmup, cycles, bottom):
    """η of every step."""
    etas = [top * (k + 1) / warmup for k in range(warmup)]
    for steps in lengths(total, warmup, cycles) if total > warmup else []:
        etas += [
            top if steps == 1 else bottom + (top - bottom) / 2 * (1 + math.cos(math.pi * i / (steps - 1)))
            for i in range(steps)
        ]
    return np.array(etas)


def ask(attempt, k, setting):
    return attempt.call("schedule", int(k), *setting, returns=Float())


def curve(attempt, setting, draw=False):
    got = np.array([ask(attempt, k, setting) for k in range(setting[0])])
    want = expected(*setting)
    if draw:
        attempt.axes(x="paso", y="η", log=False)
        attempt.reference("la pedida", list(range(len(want))), [float(one) for one in want])
        attempt.curve("tú", list(range(len(got))), [float(one) for one in got])
    return got, want, np.isclose(got, want, rtol=RTOL, atol=ATOL)


def drawn(rng, *, warmup=True, cycles=1):
    """A hidden schedule whose steps do not divide among its cycles."""
    up = int(rng.integers(4, 15)) if warmup else 0
    rest = cycles * int(rng.integers(7, 15)) + (int(rng.integers(1, cycles)) if cycles > 1 else 0)
    top = float(10 ** rng.uniform(-3, 0))
    return up + rest, top, up, cycles, float(top * rng.uniform(0.02, 0.3))


@group("ejemplos")
def ejemplos(attempt):
    _, _, right = curve(attempt, (12, 1.0, 3, 2, 0.0), draw=True)
    attempt.check(
        bool(right.all()), hint="valor", message="Alguno de los doce valores no coincide con la tabla."
    )


@group("calentamiento")
def calentamiento(attempt):
    for draw in (True, False, False):
        setting = drawn(attempt.rng)
        warmup = setting[2]
        got, want, right = curve(attempt, setting, draw)
        if right[:warmup].all():
            continue
        bottom = setting[4]
        if got[0] == 0:
            attempt.fail(hint="cero", message="El paso 0 tiene η = 0.")
        from_bottom = bottom + (want[:warmup] / setting[1]) * (setting[1] - bottom)
        if np.allclose(got[:warmup], from_bottom, rtol=1e-6):
            attempt.fail(hint="suelo", message="Tu subida parte del suelo de la bajada.")
        attempt.fail(hint="subida", message="La subida no tiene las η pedidas.")


@group("bajada")
def bajada(attempt):
    for draw in (True, False, False):
        setting = drawn(attempt.rng)
        warmup = setting[2]
        _, _, right = curve(attempt, setting, draw)
        attempt.check(bool(right[warmup]), hint="principio", message="La bajada no empieza en η máxima.")
        attempt.check(bool(right[-1]), hint="final", message="La bajada no acaba en η mínima.")
        attempt.check(
            bool(right[warmup:].all()),
            hint="medio",
            message="Entre las puntas, la bajada se aparta del coseno.",
        )


@group("reinicios")
def reinicios(attempt):
    for cycles in (3, 4, 5):
        setting = drawn(attempt.rng, cycles=cycles)
        warmup = setting[2]
        got, _, right = curve(attempt, setting, draw=cycles == 3)
        starts = warmup + np.concatenate([[0], np.cumsum(lengths(setting[0], warmup, cycles))[:-1]])
        if right[warmup:].all():
            continue
        peaks = int(np.isclose(got[warmup:], setting[1]).sum())
        restarted = bool(right[starts].all()) or peaks < cycles
        attempt.fail(
            hint="reinicio" if restarted else "reparto",
            message="Los ciclos no empiezan y acaban en los pasos pedidos.",
        )


@group("sin-memoria")
def sin_memoria(attempt):
    settings = [drawn(attempt.rng, cycles=3), drawn(attempt.rng, cycles=2)]
    firsts = [
        curve(attempt, setting)[0] for setting in settings
    ]  # what this code says in order, right or wrong
    asked = [(which, k) for which, first in enumerate(firsts) for k in range(len(first))]
    for at in attempt.rng.permutation(len(asked)):
        which, k = asked[at]
        got = ask(attempt, k, settings[which])
        attempt.check(
            bool(np.isclose(got, firsts[which][k], rtol=RTOL, atol=ATOL)),
            hint="orden",
            message="El mismo paso, preguntado en otro orden, tiene otra η.",
        )


@group("bordes")
def bordes(attempt):
    rng = attempt.rng
    top = float(rng.uniform(0.1, 1))
    bottom = 0.1 * top
    with attempt.hinting("sin-subida"):
        _, _, right = curve(attempt, (int(rng.integers(6, 12)), top, 0, 1, bottom))
    attempt.check(
        bool(right.all()), hint="sin-subida", message="Sin calentamiento, las η no son las de la bajada."
    )
    cycles = int(rng.integers(3, 6))
    with attempt.hinting("un-paso"):
        for rest in (cycles, cycles + 1):  # all of one step; one of two and the others of one
            _, _, right = curve(attempt, (2 + rest, top, 2, cycles, bottom))
            attempt.check(
                bool(right[2:].all()),
                hint="un-paso",
                message="Con ciclos de un paso, alguna η no es la pedida.",
            )
    with attempt.hinting("sin-subida"):
        _, _, right = curve(attempt, (5, top, 5, 1, 0.0))
    attempt.check(
        bool(right.all()),
        hint="sin-subida",
        message="Cuando todo es calentamiento, las η no son las de la subida.",
    )
    setting = drawn(rng, cycles=2)
    with attempt.hinting("fuera"):
        for beyond in (0, 1, int(rng.integers(2, 500))):
            got = ask(attempt, setting[0] + beyond, setting)
            attempt.close(
                got,
                setting[4],
                rtol=RTOL,
                hint="fuera",
                message="Más allá del presupuesto no devuelves la η mínima.",
            )
        attempt.raises("schedule", -int(rng.integers(1, 9)), *setting, of=("ValueError",))
