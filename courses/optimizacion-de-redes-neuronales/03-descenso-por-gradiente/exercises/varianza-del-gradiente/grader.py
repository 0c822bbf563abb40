"""Gaussian gradients with known signal and noise; estimators are judged by their mean over many calls."""

import numpy as np

from grading.judge.author import Array, Float, Tuple, group

ANSWER = Tuple(Float(), Float(), Float(finite=False))
# A mean may miss by this many of its own standard errors: by chance once in 1.7 million checks if it were
# normal; the squared norms have some skew, which over hundreds of calls leaves it under one in 10⁵.
ERRORS = 5.0


class World:
    """Gradients of one example are normal, with this mean and these variances by coordinate."""

    def __init__(self, rng, dim, signal, noise):
        self.rng = rng
        direction = rng.normal(size=dim)
        self.mean = direction / np.linalg.norm(direction) * np.sqrt(signal)
        variances = rng.exponential(size=dim) + 0.2
        self.deviations = np.sqrt(variances / variances.sum() * noise)
        self.signal, self.noise = signal, noise

    def batches(self, count, size):
        """Mean gradients of `count` batches: rows."""
        return self.mean + self.rng.normal(size=(count, len(self.mean))) * self.deviations / np.sqrt(size)


def ours(small, large, b, big):
    norms = np.mean(np.sum(small**2, axis=1)), np.mean(np.sum(large**2, axis=1))
    noise = (norms[0] - norms[1]) / (1 / b - 1 / big)
    return noise, norms[1] - noise / big


def ask(attempt, small, large, b, big):
    return attempt.call("estima", small, large, b, big, returns=ANSWER, unchanged=True)


def many(attempt, world, b, big, small, large, calls):
    """The student's answers and ours for the same batches: one row a call."""
    theirs, reference = [], []
    for _ in range(calls):
        some, more = world.batches(small, b), world.batches(large, big)
        theirs.append(ask(attempt, some, more, b, big))
        reference.append(ours(some, more, b, big))
    return np.array(theirs), np.array(reference)


def misses(values, truth):
    """How many standard errors their mean is away from the truth."""
    error = values.std(ddof=1) / np.sqrt(len(values))
    return float((values.mean() - truth) / error) if error > 0 else np.inf


@group("ejemplos")
def ejemplos(attempt):
    cases = [([[3.0, 4.0]], [[2.0, 3.0]], 2, 8), ([[1.0, -2.0, 2.0]], [[0.0, -2.0, 2.0]], 4, 16)]
    for small, large, b, big in cases:
        small, large = np.array(small), np.array(large)
        noise, signal = ours(small, large, b, big)
        got = ask(attempt, small, large, b, big)
        if np.allclose(got[:2], (signal, noise), rtol=1e-9):
            attempt.fail(hint="cruzados")
        attempt.close(got[0], noise, rtol=1e-9, hint="despeja")
        attempt.close(got[1], signal, rtol=1e-9, hint="despeja")
        attempt.close(got[2], noise / signal, rtol=1e-9, hint="despeja")


@group("insesgada")
def insesgada(attempt):
    # signal is a third of what two batches of 8 and 64 show: a good third of the answers must be negative
    for number in range(2):
        noise = attempt.rng.uniform(50, 200)
        world = World(attempt.rng, int(attempt.rng.integers(6, 15)), noise / 250, noise)
        theirs, _ = many(attempt, world, b=8, big=64, small=3, large=3, calls=600)
        means = np.cumsum(theirs[:, 1]) / np.arange(1, len(theirs) + 1)
        if number == 0:
            attempt.axes(x="llamadas", y="tu señal media ÷ la verdadera", log=False)
            attempt.target(1.0, label="sin sesgo")
            attempt.curve("tú", np.arange(20, len(theirs)), means[20:] / world.signal)
        if misses(theirs[:, 1], world.signal) > ERRORS:
            clipped = np.mean(theirs[:, 1] == 0) > 0.05 and theirs[:, 1].min() == 0
            attempt.fail(
                hint="recortada" if clipped else "senal-inflada",
                message="Tu señal, promediada sobre cientos de llamadas, queda por encima de la verdadera.",
            )
        if misses(theirs[:, 1], world.signal) < -ERRORS:
            attempt.fail(
                hint="senal-inflada",
                message="Tu señal, promediada sobre cientos de llamadas, queda por debajo de la verdadera.",
            )
        if abs(misses(theirs[:, 0], world.noise)) > ERRORS:
            attempt.fail(
                hint="ruido-sesgado",
                message="Tu ruido, promediado sobre cientos de llamadas, no es el verdadero.",
            )


@group("todos")
def todos(attempt):
    for small, large in ((12, 3), (4, 16)):
        noise = attempt.rng.uniform(20, 100)
        world = World(attempt.rng, 8, noise / 20, noise)
        theirs, reference = many(attempt, world, b=4, big=32, small=small, large=large, calls=300)
        for column, truth in ((0, world.noise), (1, world.signal)):
            # deviations of 300 answers are known within 5 %; both see the same batches; one row gives ×1.7
            if theirs[:, column].std() > 1.25 * reference[:, column].std():
                attempt.fail(
                    hint="dispersa",
                    message="Tu estimación varía más de lo que deberían dejar tantos batches.",
                )
            if abs(misses(theirs[:, column], truth)) > ERRORS:
                attempt.fail(
                    hint="sesgo",
                    message="Con distinto número de batches de cada tamaño no aciertas de media.",
                )


@group("cociente")
def cociente(attempt):
    for _ in range(20):
        noise = attempt.rng.uniform(20, 100)
        world = World(attempt.rng, 6, noise / 12, noise)
        got = ask(attempt, world.batches(6, 8), world.batches(6, 64), 8, 64)
        if got[1] > 0 and not np.isclose(
            got[2] * got[1], got[0], rtol=1e-6
        ):  # rounding is 1e-16; a mean, 1e-2
            attempt.fail(hint="cociente", message="Tu escala no es tu ruido dividido entre tu señal.")


def smoothed(small, large, b, big, beta):
    """Noise over signal, each weighed by β^(t − s); infinite where the signal is not positive."""
    ages = np.arange(len(small))[:, None] - np.arange(len(small))[None, :]
    weights = np.where(ages >= 0, beta ** np.maximum(ages, 0), 0.0)
    noise = weights @ ((small - large) / (1 / b - 1 / big))
    signal = weights @ ((big * large - b * small) / (big - b))
    return np.where(signal > 0, noise / np.where(signal > 0, signal, 1), np.inf)


@group("en-marcha")
def en_marcha(attempt):
    for beta in (0.9, 0.98, 0.5):
        noise = attempt.rng.uniform(20, 100)
        steps = 80
        scales = np.geomspace(20, 300, steps) * attempt.rng.uniform(0.8, 1.2)
        rows = [World(attempt.rng, 8, noise / scale, noise) for scale in scales]
        small = np.array([np.sum(world.batches(1, 16) ** 2) for world in rows])
        large = np.array([np.sum(world.batches(1, 128) ** 2) for world in rows])
        got = attempt.call(
            "en_marcha", small, large, 16, 128, beta, returns=Array((steps,), finite=False), unchanged=True
        )
        right = smoothed(small, large, 16, 128, beta)
        if beta == 0.9:
            attempt.axes(x="paso", y="escala de ruido")
            attempt.curve("tú", range(steps), np.where(np.isfinite(got), got, np.nan))
            attempt.reference("la que había", range(steps), scales)
        known = np.isfinite(right)
        # sums in another order differ by some 1e-13 where the signal is not nearly zero
        if np.allclose(got[known], right[known], rtol=1e-6) and np.isposinf(got[~known]).all():
            continue
        if np.allclose(got[known], right[known], rtol=1e-6):
            attempt.fail(hint="infinito", message="Donde la señal media no es positiva no devuelves `inf`.")
        late = known & (np.arange(steps) > 60)
        if beta <= 0.9 and np.allclose(got[late], right[late], rtol=0.02):
            attempt.fail(hint="arranque", message="Los primeros pasos pesan mal; los últimos, bien.")
        attempt.fail(hint="cociente", message="La escala en marcha no es la de las dos medias.")


@group("bordes")
def bordes(attempt):
    rng = attempt.rng
    same = rng.normal(size=(1, 5))
    with attempt.hinting("sin-ruido"):
        got = ask(attempt, np.repeat(same, 3, axis=0), np.repeat(same, 2, axis=0), 4, 32)
    norm = float(np.sum(same**2))
    attempt.close(got[0], 0.0, atol=1e-9 * norm * 32, hint="sin-ruido")
    attempt.close(got[1], norm, rtol=1e-9, hint="sin-ruido")
    attempt.close(got[2], 0.0, atol=1e-6, hint="sin-ruido")
    for small, large in (([[2.0]], [[0.5]]), ([[0.0, 0.0]], [[0.0, 0.0]])):
        with attempt.hinting("sin-senal"):
            got = ask(attempt, np.array(small), np.array(large), 2, 4)
        if not np.isposinf(got[2]):
            attempt.fail(hint="sin-senal", message="Sin señal estimada, la escala no sale infinita.")
    noise = rng.uniform(20, 100)
    world = World(rng, 7, noise / 5, noise)
    small, large = world.batches(1, 8), world.batches(1, 64)
    right = ours(large, small, 64, 8)
    got = ask(attempt, large, small, 64, 8)
    if not np.allclose(got[:2], right, rtol=1e-6):
        attempt.fail(hint="al-reves", message="Con el batch grande en primer lugar no sale lo mismo.")
