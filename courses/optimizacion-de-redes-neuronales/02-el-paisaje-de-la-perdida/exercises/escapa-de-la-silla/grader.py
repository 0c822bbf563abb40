"""Exact saddles of four kinds, turned, moved and rescaled at random: reach the target within the budget."""

from dataclasses import dataclass

import numpy as np

from grading.judge.author import Array, group

BUDGET = 150
DIMENSIONS = (10, 2, 10, 50, 50, 50, 200, 200)  # the first is drawn
NEEDED = 6  # of eight
SHARE = 0.05  # the target leaves this share of the descent


@dataclass(frozen=True)
class Problem:
    """`value` and `slope` of a function in its own coordinates, with its saddle at the origin."""

    value: object
    slope: object
    least: float


def stiff(rng, n, decades=2.0):
    """Curvatures of the directions in which nothing happens."""
    return 10 ** rng.uniform(0, decades, size=n)


def well(rng, dim):
    """One to three negative curvatures, and a quartic that stops the fall."""
    many = min(int(rng.integers(1, 4)), dim - 1)
    curvatures = np.concatenate([-rng.uniform(0.1, 1, size=many), stiff(rng, dim - many)])
    falls = np.where(np.arange(dim) < many, 1.0, 0.0)
    return Problem(
        lambda z: 0.5 * curvatures @ z**2 + 0.25 * falls @ z**4,
        lambda z: curvatures * z + falls * z**3,
        -0.25 * float((curvatures[:many] ** 2).sum()),
    )


def example(_rng, _dim):
    """The one of the statement."""
    return Problem(
        lambda z: 0.5 * z[0] ** 2 - 0.25 * z[1] ** 2 + 0.25 * z[1] ** 4,
        lambda z: np.array([z[0], -0.5 * z[1] + z[1] ** 3]),
        -1 / 16,
    )


def factorisation(rng, dim):
    """¼‖UUᵀ − M‖² from U = 0, with M of the rank that U can have."""
    rank = {2: 1, 10: 2, 50: 5, 200: 10}[dim]
    size = dim // rank
    basis, _ = np.linalg.qr(rng.normal(size=(size, size)))
    matrix = (basis[:, :rank] * rng.uniform(0.5, 2, size=rank)) @ basis[:, :rank].T

    def off(z):
        u = z.reshape(size, rank)
        return u, u @ u.T - matrix

    def slope(z):
        u, gap = off(z)
        return (gap @ u).ravel()

    return Problem(lambda z: 0.25 * float((off(z)[1] ** 2).sum()), slope, 0.0)


def monkey(rng, dim):
    """No curvature at all in a plane, where it falls as a cube."""
    curvatures = np.concatenate([[0, 0], stiff(rng, dim - 2, 1.5)])

    def value(z):
        a, b = z[:2]
        return 0.5 * curvatures @ z**2 + a**3 - 3 * a * b**2 + 0.25 * (a * a + b * b) ** 2

    def slope(z):
        a, b = z[:2]
        found, round_ = curvatures * z, a * a + b * b
        found[0] += 3 * a**2 - 3 * b**2 + a * round_
        found[1] += -6 * a * b + b * round_
        return found

    return Problem(value, slope, -6.75)


def chain(rng, dim):
    """A second direction turns downhill only once the first has been followed."""
    rest, link = rng.uniform(0.2, 0.35), rng.uniform(0.7, 0.8)
    curvatures = np.concatenate([[-1, rest], stiff(rng, dim - 2)])
    first = (1 - link * rest) / (1 - link**2)
    second = link * first - rest

    def height(u, v):
        return 0.25 * u**2 - 0.5 * u + 0.5 * (rest - link * u) * v + 0.25 * v**2

    def value(z):
        u, v = z[0] ** 2, z[1] ** 2
        return height(u, v) + 0.5 * curvatures[2:] @ z[2:] ** 2

    def slope(z):
        u, v = z[0] ** 2, z[1] ** 2
        found = curvatures * z
        found[0] = z[0] * (u - 1 - link * v)
        found[1] = z[1] * (rest - link * u + v)
        return found

    return Problem(value, slope, float(height(first, second)))


@dataclass(frozen=True)
class Placed:
    """The same function somewhere else: turned, moved, and in other units."""

    value: object
    gradient: object
    start: np.ndarray
    least: float
    top: float
    unit: float

    @property
    def target(self):
        return self.least + SHARE * (self.top - self.least)

    def left(self, value):
        """Share of the descent that is left at a height; drawn on a log axis, so never zero."""
        return max((value - self.least) / (self.top - self.least), 1e-6) if np.isfinite(value) else np.inf


def place(problem, rng, dim, unit, height, *, at_zero=False):
    basis, _ = np.linalg.qr(rng.normal(size=(dim, dim)))
    centre = np.zeros(dim) if at_zero else unit * rng.normal(size=dim)

    def value(x):
        with np.errstate(all="ignore"):
            return float(height * problem.value(basis @ (x - centre) / unit))

    def gradient(x):
        with np.errstate(all="ignore"):
            return height / unit * (basis.T @ problem.slope(basis @ (x - centre) / unit))

    return Placed(value, gradient, centre, height * problem.least, value(centre), unit)


def ask(attempt, placed, target, *, draw=False):
    """The oracle that the student used, and the share of the descent left at its best point."""
    heights = [np.inf]

    def both(x):
        heights.append(placed.value(x))
        return heights[-1], placed.gradient(x)

    dim = len(placed.start)
    f = attempt.oracle(
        evalua=both,
        dim=dim,
        budget=BUDGET,
        record=(lambda x: placed.left(placed.value(x))) if draw else None,
        finite=False,
        on_exhausted="score",
    )
    attempt.call("escapa", f, placed.start.copy(), target, returns=Array((dim,), finite=False))
    return f, placed.left(float(np.nanmin(heights)))


def adam(placed, rate, noise):
    x = placed.start + noise
    mean, square, trace = np.zeros(len(x)), np.zeros(len(x)), []
    for t in range(1, BUDGET + 1):
        slope = placed.gradient(x)
        trace.append(placed.left(placed.value(x)))
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        x = x - rate * (mean / (1 - 0.9**t)) / (np.sqrt(square / (1 - 0.999**t)) + 1e-300)
    return trace


def descent(placed, rate, noise):
    x, trace = placed.start + noise, []
    for _ in range(BUDGET):
        trace.append(placed.left(placed.value(x)))
        with np.errstate(all="ignore"):
            x = x - rate * placed.gradient(x)
    return trace


def baselines(attempt, placed, height):
    """Adam and descent from a push of a hundredth of the unit, each with the best rate of a grid."""
    noise = 0.01 * placed.unit * np.random.default_rng(0).normal(size=len(placed.start))
    steps = np.arange(1, BUDGET + 1)
    for name, method, scale in (
        ("Adam, η afinada", adam, placed.unit),
        ("descenso, η afinada", descent, placed.unit**2 / height),
    ):
        runs = [method(placed, scale * rate, noise) for rate in 10 ** np.linspace(-2.5, -0.5, 5)]
        best = min(runs, key=lambda trace: np.min(trace))
        attempt.reference(name, steps, np.minimum(best, 10.0))


def suite(attempt, make):
    """Eight problems of a family, their units spread over six decades; three quarters must be solved."""
    attempt.axes(x="preguntas a f", y="parte que falta por bajar", log=True)
    attempt.target(SHARE, label="meta")
    exponents = attempt.rng.permutation(np.linspace(-3, 3, len(DIMENSIONS)))
    solved, shares, extreme = [], [], []
    for number, dim in enumerate(DIMENSIONS):
        unit, height = 10 ** exponents[number], 10 ** attempt.rng.uniform(-3, 3)
        placed = place(make(attempt.rng, dim), attempt.rng, dim, unit, height)
        _, left = ask(attempt, placed, placed.target, draw=number == 0)
        if number == 0:
            baselines(attempt, placed, height)
        solved.append(left <= SHARE * (1 + 1e-9))
        shares.append(min(left, 1.0))
        extreme.append(abs(exponents[number]) > 1.5)
    attempt.note(solved=sum(solved), of=len(solved))
    if sum(solved) >= NEEDED:
        return
    solved, shares, extreme = np.array(solved), np.array(shares), np.array(extreme)
    credit = np.where(solved, 1.0, 0.5 * (1 - shares)).sum() / NEEDED
    if shares.min() > 0.98:
        hint = "quieto"
    elif solved[~extreme].mean() - solved[extreme].mean() >= 0.5:
        hint = "unidades"
    else:
        hint = "lento"
    attempt.score(
        min(0.95, float(credit)),
        hint=hint,
        message=f"Llegas a la meta en {solved.sum()} de {len(solved)} funciones; hacen falta {NEEDED}.",
    )


@group("ejemplos")
def ejemplos(attempt):
    attempt.axes(x="preguntas a f", y="parte que falta por bajar", log=True)
    attempt.target(SHARE, label="meta")
    for draw in (True, False):
        placed = place(example(attempt.rng, 2), attempt.rng, 2, 1.0, 1.0)
        _, left = ask(attempt, placed, placed.target, draw=draw)
        if left > SHARE * (1 + 1e-9):
            stuck = left > 0.98
            attempt.fail(
                hint="quieto" if stuck else "lento",
                message="No te mueves de la silla."
                if stuck
                else "Sales de la silla, pero no llegas a la meta.",
            )


@group("pozo")
def pozo(attempt):
    suite(attempt, well)


@group("factores")
def factores(attempt):
    suite(attempt, factorisation)


@group("mono")
def mono(attempt):
    suite(attempt, monkey)


@group("cadena")
def cadena(attempt):
    suite(attempt, chain)


@group("bordes")
def bordes(attempt):
    placed = place(example(attempt.rng, 2), attempt.rng, 2, 1.0, 1.0, at_zero=True)
    with attempt.hinting("origen"):
        _, left = ask(attempt, placed, placed.target)
    if left > SHARE * (1 + 1e-9):
        attempt.fail(hint="origen", message="Con la silla en el origen no llegas.")
    placed = place(factorisation(attempt.rng, 10), attempt.rng, 10, 1.0, 1.0)
    with attempt.hinting("ya-esta"):
        f, _ = ask(attempt, placed, placed.top + 1.0)
    if f.spent > 1:
        attempt.fail(hint="ya-esta", message="El punto de partida ya cumplía la meta y seguiste preguntando.")
