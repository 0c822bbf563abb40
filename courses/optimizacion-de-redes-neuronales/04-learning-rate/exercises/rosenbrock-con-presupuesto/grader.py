"""Hidden ill-conditioned functions, turned, moved and rescaled: how far down with a budget of gradients."""

from dataclasses import dataclass

import numpy as np

from grading.judge.author import Array, group

BUDGET = 200
DIMENSIONS = (2, 10, 50, 50)  # the first is drawn
FLOOR = -12.0  # below a billionth of a thousandth, rounding decides


@dataclass(frozen=True)
class Problem:
    """A function with its least value 0, and where the descent begins."""

    value: object
    gradient: object
    start: np.ndarray

    def score(self, value):
        """Decades below the start, never beyond the floor."""
        top = self.value(self.start)
        return max(FLOOR, float(np.log10(max(value / top, 1e-300)))) if np.isfinite(value) else 0.0


def rosen(rng, dim):
    """Pairs of Rosenbrock's valleys, of a stiffness that is hidden."""
    stiff = 10 ** rng.uniform(1, 2.5)

    def value(z):
        a, b = z[::2], z[1::2]
        return float(((1 - a) ** 2 + stiff * (b - a * a) ** 2).sum())

    def slope(z):
        a, b = z[::2], z[1::2]
        found = np.empty_like(z)
        found[::2] = -2 * (1 - a) - 4 * stiff * a * (b - a * a)
        found[1::2] = 2 * stiff * (b - a * a)
        return found

    start = np.tile([-1.2, 1.0], dim // 2) + 0.1 * rng.normal(size=dim)
    return value, slope, start, 10 ** rng.uniform(-3, 3)


def quadratic(rng, dim):
    """A bowl with curvatures over three decades or more."""
    curvatures = np.append(10 ** -(rng.uniform(3, 4.5) * rng.uniform(0, 1, size=dim - 2)), [1.0, 0.0])
    curvatures[-1] = 10 ** -rng.uniform(3, 4.5)
    return (
        lambda z: 0.5 * float(curvatures @ z**2),
        lambda z: curvatures * z,
        rng.normal(size=dim),
        10 ** rng.uniform(-3, 3),
    )


def logcosh(rng, dim):
    """Straight walls and a round bottom: far from it the gradient says nothing of the distance."""
    share = np.append(rng.uniform(0, 1, size=dim - 2), [0, 1])
    weights = 10 ** (share * rng.uniform(2.5, 3.5))
    return (
        lambda z: float((weights * (np.abs(z) + np.log1p(np.exp(-2 * np.abs(z))) - np.log(2))).sum()),
        lambda z: weights * np.tanh(z),
        3 * rng.normal(size=dim),
        10 ** rng.uniform(-3, 3),
    )


def place(make, rng, dim):
    """The same function turned, moved and in other units of height and length."""
    value, slope, start, height = make(rng, dim)
    basis, _ = np.linalg.qr(rng.normal(size=(dim, dim)))
    unit, centre = 10 ** rng.uniform(-1, 1), rng.normal(size=dim)

    def inside(x):
        return basis @ (x - centre) / unit

    def height_at(x):
        with np.errstate(all="ignore"):
            return height * value(inside(x))

    def gradient(x):
        with np.errstate(all="ignore"):
            return height / unit * (basis.T @ slope(inside(x)))

    return Problem(height_at, gradient, centre + unit * (basis.T @ start))


def ask(attempt, problem, *, budget=BUDGET, draw=False):
    """The oracle, and how many decades the best point that was asked lies below the start."""
    dim, seen = len(problem.start), [np.inf]

    def both(x):
        seen.append(problem.value(x))
        return seen[-1], problem.gradient(x)

    f = attempt.oracle(
        evalua=both,
        dim=dim,
        budget=budget,
        record=(lambda x: 10.0 ** min(problem.score(problem.value(x)), 3.0)) if draw else None,
        finite=False,
        on_exhausted="score",
    )
    attempt.call("minimiza", f, problem.start.copy(), returns=Array((dim,), finite=False))
    return f, problem.score(float(np.nanmin(seen)))


def heavy_ball(problem, rate):
    x, pushed, trace = problem.start, 0.0, []
    for _ in range(BUDGET):
        trace.append(10.0 ** problem.score(problem.value(x)))
        with np.errstate(all="ignore"):
            pushed = 0.9 * pushed + problem.gradient(x)
            x = x - rate * pushed
    return trace


def adam(problem, rate):
    x, trace = problem.start, []
    mean = square = np.zeros(len(x))
    for t in range(1, BUDGET + 1):
        trace.append(10.0 ** problem.score(problem.value(x)))
        slope = problem.gradient(x)
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        x = x - rate * (mean / (1 - 0.9**t)) / (np.sqrt(square / (1 - 0.999**t)) + 1e-300)
    return trace


def baselines(attempt, problem):
    """Momentum and Adam with the fixed η that suits this very problem best, of a fine grid."""
    steps = np.arange(1, BUDGET + 1)
    for name, method, rates in (
        ("momentum, η afinada", heavy_ball, 10.0 ** np.arange(-8, 4, 0.5)),
        ("Adam, η afinada", adam, 10.0 ** np.arange(-3.5, 1.1, 0.5)),
    ):
        best = min((method(problem, rate) for rate in rates), key=np.min)
        attempt.reference(name, steps, np.clip(best, 1e-12, 1e3))


def picture(attempt):
    attempt.axes(x="preguntas a f", y="f / f al empezar", log=True)


def judge(attempt, scores, bar):
    """The whole group at the bar; above it, in proportion to the decades."""
    mean = float(np.mean(scores))
    attempt.note(decades=-round(mean, 2))
    if mean <= bar:
        return
    still = sum(score > -0.3 for score in scores)
    attempt.score(
        float(np.clip(0.9 * mean / bar, 0, 0.9)),
        hint="unidades" if still else "condicion",
        message="De media no bajas las décadas que se piden"
        + (", y en alguna función casi no te mueves." if still else "."),
    )


def family(attempt, make, bar):
    picture(attempt)
    scores = []
    for number, dim in enumerate(DIMENSIONS):
        problem = place(make, attempt.rng, dim)
        _, score = ask(attempt, problem, draw=number == 0)
        if number == 0:
            baselines(attempt, problem)
        scores.append(score)
    judge(attempt, scores, bar)


def banana():
    """The one of the statement, in its own coordinates."""
    return Problem(
        lambda x: float((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2),
        lambda x: np.array([-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2), 200 * (x[1] - x[0] ** 2)]),
        np.array([-1.2, 1.0]),
    )


@group("ejemplos")
def ejemplos(attempt):
    picture(attempt)
    _, score = ask(attempt, banana(), draw=True)
    baselines(attempt, banana())
    attempt.check(score <= -3, hint="lento", message="En la función del enunciado no bajas tres décadas.")


# Bars: more decades than the best fixed η of each single problem gives on the mean (measured: 4.7, 4.8, 6.8).
@group("rosenbrock")
def rosenbrock(attempt):
    family(attempt, rosen, -6.0)


@group("cuencos")
def cuencos(attempt):
    family(attempt, quadratic, -5.0)


@group("paredes")
def paredes(attempt):
    family(attempt, logcosh, -7.0)


@group("conjunto")
def conjunto(attempt):
    scores = []
    for make in (rosen, quadratic, logcosh):
        for dim in (10, 50):
            scores.append(ask(attempt, place(make, attempt.rng, dim))[1])
    spread = 2.57 * float(np.std(scores, ddof=1)) / np.sqrt(len(scores))  # 95 % of Student's t, 5 degrees
    attempt.note(rank={"value": float(np.mean(scores)), "spread": spread})
    judge(attempt, scores, -6.5)


@group("bordes")
def bordes(attempt):
    for budget in (int(attempt.rng.integers(15, 40)), 3):
        problem = place(rosen, attempt.rng, 10)
        with attempt.hinting("presupuesto"):
            f, _ = ask(attempt, problem, budget=budget)
        attempt.check(not f.exhausted, hint="presupuesto", message="Preguntas más veces de las que hay.")
    for dim in (2, 10):
        problem = place(rosen, attempt.rng, dim)
        flat = Problem(problem.value, lambda x: np.zeros(len(x)), problem.start)
        with attempt.hinting("ya-esta"):
            f, _ = ask(attempt, flat)
        attempt.check(
            f.spent <= 1,
            hint="ya-esta",
            message="El primer gradiente era exactamente cero y seguiste preguntando.",
        )
