"""Ten kinds of training problem that the student's optimiser never sees; what counts is its final loss."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from grading.judge.author import SURFACES, Array, group

STEPS, EXAMPLES, INPUTS, CLASSES, INSTANCES = 200, 512, 24, 8, 3
RACE_STEPS = 200


@dataclass(frozen=True)
class Problem:
    """Its start, the shapes of its arrays, its loss, its gradient on a batch that a generator draws."""

    start: np.ndarray
    shapes: tuple[tuple[int, ...], ...]
    value: Callable[[np.ndarray], float]
    gradient: Callable[[np.ndarray, np.random.Generator], np.ndarray]


def clusters(rng):
    """Examples around three centres a class."""
    centres = rng.normal(size=(CLASSES * 3, INPUTS))
    which = rng.integers(0, len(centres), size=EXAMPLES)
    return centres[which] + 0.5 * rng.normal(size=(EXAMPLES, INPUTS)), which % CLASSES


def network(rng, hidden, *, tanh=False, start=1.0, height=1.0, batch=32, stretched=False, decay=0.0):
    """A dense net on the clusters: cross-entropy times `height`."""
    x, y = clusters(rng)
    if stretched:
        x[:, ::4] *= 8
    sizes = (INPUTS, *hidden, CLASSES)
    shapes, parts = [], []
    for a, b in pairwise(sizes):
        shapes += [(a, b), (b,)]
        parts += [start * rng.normal(size=a * b) * np.sqrt((1 if tanh else 2) / a), np.zeros(b)]
    cuts = np.cumsum([part.size for part in parts])[:-1]

    def forward(w, inputs):
        pieces = [piece.reshape(shape) for piece, shape in zip(np.split(w, cuts), shapes, strict=True)]
        seen = [inputs]
        for k in range(0, len(pieces) - 2, 2):
            before = seen[-1] @ pieces[k] + pieces[k + 1]
            seen.append(np.tanh(before) if tanh else np.maximum(before, 0))
        z = seen[-1] @ pieces[-2] + pieces[-1]
        return pieces, seen, z - z.max(axis=1, keepdims=True)

    def value(w):
        z = forward(w, x)[2]
        loss = np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(EXAMPLES), y])
        return float(height * (loss + 0.5 * decay * w @ w))

    def gradient(w, order):
        chosen = order.integers(0, EXAMPLES, size=batch)
        pieces, seen, z = forward(w, x[chosen])
        back = np.exp(z)
        back /= back.sum(axis=1, keepdims=True)
        back[np.arange(batch), y[chosen]] -= 1
        back *= height / batch
        found = []
        for k in range(len(seen) - 1, -1, -1):
            found += [back.sum(axis=0), (seen[k].T @ back).ravel()]
            if k:
                back = (back @ pieces[2 * k].T) * (1 - seen[k] ** 2 if tanh else seen[k] > 0)
        return np.concatenate(found[::-1]) + height * decay * w

    return Problem(np.concatenate(parts), tuple(shapes), value, gradient)


def valley(rng, kappa, noise, height):
    """A quadratic of fifty dimensions, turned, with noise in its gradient; its loss begins near `height`."""
    n = 50
    basis, _ = np.linalg.qr(rng.normal(size=(n, n)))
    hessian = (basis * np.logspace(0, -np.log10(kappa), n)) @ basis.T
    start = rng.normal(size=n)
    first = 0.5 * start @ hessian @ start
    return Problem(
        start,
        ((n,),),
        lambda w: float(height * (0.5 * w @ hessian @ w / first + 1e-6)),
        lambda w, order: height * (hessian @ w + noise * order.normal(size=n)) / first,
    )


def words(rng):
    """Logistic regression on words of Zipf's frequencies."""
    n = 200
    x = (rng.random((EXAMPLES, n)) < np.minimum(0.5, 2 / np.arange(1, n + 1))).astype(float)
    y = (rng.random(EXAMPLES) < 1 / (1 + np.exp(-x @ rng.normal(size=n)))).astype(float)

    def gradient(w, order):
        chosen = order.integers(0, EXAMPLES, size=16)
        return x[chosen].T @ (1 / (1 + np.exp(-np.clip(x[chosen] @ w, -500, 500))) - y[chosen]) / 16

    return Problem(
        np.zeros(n), ((n,),), lambda w: float(np.mean(np.logaddexp(0, x @ w) - y * (x @ w))), gradient
    )


KINDS = (
    lambda rng: network(rng, (32,)),
    lambda rng: network(rng, (20,) * 5, tanh=True),
    lambda rng: network(rng, (32,), stretched=True),
    lambda rng: network(rng, (32,), height=30.0),
    lambda rng: network(rng, (24,) * 3, start=0.5),
    lambda rng: network(rng, (32,), batch=2),
    lambda rng: valley(rng, 1000, 0.02, 1.0),
    lambda rng: valley(rng, 100, 0.3, 0.1),
    words,
    lambda rng: network(rng, (), decay=0.01),
)

# log10 of the final loss of the best of SGD, momentum 0.9 and Adam with constant η (grids ×√10 apart), mean
# over two orders of batches; a row a kind, a column an instance (its generator is seeded by both numbers).
RIVALS = (
    (-3.39, -3.18, -3.27),
    (-2.27, -2.4, -2.36),
    (-2.47, -2.9, -3.07),
    (-2.07, -1.68, -1.57),
    (-3.23, -2.97, -3.39),
    (-1.25, -0.94, -1.08),
    (-2.73, -2.72, -2.4),
    (-2.37, -2.26, -2.59),
    (-0.73, -0.72, -0.77),
    (-0.53, -0.57, -0.54),
)
MOST, LEAST = 3.0, -1.0  # a gap counts between these
ALL_MEAN, NONE_MEAN = 0.0, 0.6
ALL_WORST, NONE_WORST = 0.8, 1.6


def share(gap, full, none):
    """1 at `full` or below, 0 from `none` on."""
    return float(np.clip((none - gap) / (none - full), 0, 1))


def train(attempt, problem, steps, *, order=None, draw=False, unchanged=False):
    """The weights that the student ends with; whatever is not finite goes through."""
    batches = np.random.default_rng(int(attempt.rng.integers(2**32)) if order is None else order)
    n = len(problem.start)

    def gradient(w):
        with np.errstate(all="ignore"):
            return problem.gradient(w, batches)

    def height(w):
        with np.errstate(all="ignore"):
            return problem.value(w)

    grad = attempt.function(
        gradient,
        arguments=(Array((n,), finite=False),),
        budget=steps,
        record=height if draw else None,
        finite=False,
        name="grad",
        noun="el gradiente",
    )
    shapes = [tuple(shape) for shape in problem.shapes]
    return attempt.call(
        "optimiza",
        grad,
        problem.start,
        steps,
        shapes,
        returns=Array((n,), finite=False),
        unchanged=unchanged,
    )


def ending(problem, w):
    """log10 of the loss, infinite if it is none."""
    with np.errstate(all="ignore"):
        loss = problem.value(w)
    return float(np.log10(loss)) if np.isfinite(loss) and loss > 0 else np.inf


def gaps(attempt, *, draw=False, tries=1):
    """How far above the best rival the student ends, on one instance of every kind, by its best try."""
    found = []
    for kind, make in enumerate(KINDS):
        instance = int(attempt.rng.integers(INSTANCES))
        problem = make(np.random.default_rng([kind, instance]))
        shown = draw and kind == 0
        if shown:
            attempt.axes(x="gradientes", y="pérdida de la primera red", log=True)
            for label, eta, adam in (("Adam, η = 0,03", 0.03, True), ("SGD, η = 0,3", 0.3, False)):
                attempt.reference(label, *rival(problem, eta, adam=adam))
        least = min(ending(problem, train(attempt, problem, STEPS, draw=shown)) for _ in range(tries))
        found.append(float(np.clip(least - RIVALS[kind][instance], LEAST, MOST)))
    return np.array(found)


def rival(problem, eta, *, adam):
    """The losses of a textbook optimiser with constant η, every fifth step."""
    order, w = np.random.default_rng(0), problem.start
    m, v, steps, heights = np.zeros_like(w), np.zeros_like(w), [], []
    for t in range(1, STEPS + 1):
        g = problem.gradient(w, order)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w = w - eta * (m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8) if adam else g)
        if t % 5 == 0:
            steps.append(t)
            heights.append(problem.value(w))
    return steps, heights


def surface_problem(value, gradient, start):
    """A loss without noise, as a problem."""
    return Problem(np.array(start), ((len(start),),), value, lambda w, _order: gradient(w))


@group("ejemplo")
def ejemplo(attempt):
    scales = np.array([1.0, 20.0])
    bowl = surface_problem(lambda w: float(0.5 * scales @ w**2), lambda w: scales * w, (1.0, 1.0))
    attempt.axes(x="gradientes", y="f", log=True)
    w = train(attempt, bowl, STEPS, draw=True, unchanged=True)
    if not ending(bowl, w) < np.log10(0.1 * bowl.value(bowl.start)):
        attempt.fail(
            hint="no-baja", message="Tras 200 gradientes la pérdida sigue por encima de la décima parte."
        )
    for name, surface in SURFACES.items():
        path = []

        def asked(w, path=path, surface=surface):
            path.append(tuple(w))
            return surface.gradient(w)

        last = train(attempt, surface_problem(surface.value, asked, surface.start), RACE_STEPS)
        attempt.replay(name, [*path, tuple(last)])


@group("bordes")
def bordes(attempt):
    n = int(attempt.rng.integers(2, 6))
    flat = surface_problem(lambda _w: 1.0, np.zeros_like, attempt.rng.normal(size=n))
    w = train(attempt, flat, 20)
    if not np.abs(w - flat.start).max() < 1e-6:
        attempt.fail(hint="nulo", message="Con gradientes de ceros tus pesos no se quedan donde estaban.")
    for start in (attempt.rng.uniform(0.5, 2), -attempt.rng.uniform(0.5, 2)):
        line = surface_problem(lambda w: float(0.5 * w @ w), np.array, (start,))
        w = train(attempt, line, 1)
        if not line.value(w) <= line.value(line.start):
            attempt.fail(hint="un-paso", message="Con un solo paso tus pesos acaban peor que al empezar.")


@group("escalas")
def escalas(attempt):
    seed, order = (int(attempt.rng.integers(2**32)) for _ in range(2))
    up = 2.0 ** int(attempt.rng.integers(6, 10))  # powers of two change no digit of a gradient
    ends = []
    for height in (1.0, up, 1 / up):
        # tanh, so that no gradient is exactly zero: that has a group of its own
        problem = network(np.random.default_rng(seed), (32,), tanh=True, height=height)
        w = train(attempt, problem, STEPS, order=order)
        ends.append(ending(problem, w) - np.log10(height))
    if not (max(ends) < 0 and max(ends) - min(ends) < 0.5):
        attempt.fail(hint="escala", message="Con la pérdida en otras unidades terminas en otro sitio.")


@group("perfil")
def perfil(attempt):
    found = gaps(attempt, draw=True)
    mean = float(found.mean())
    attempt.note(rank={"value": mean, "spread": float(2.26 * found.std(ddof=1) / np.sqrt(len(found)))})
    attempt.score(
        share(mean, ALL_MEAN, NONE_MEAN),
        hint="perfil",
        message=f"De media acabas con {10**mean:.1f} veces la pérdida del mejor rival afinado.".replace(
            ".", ",", 1
        ),
    )


@group("ninguno-atras")
def ninguno_atras(attempt):
    worst = float(gaps(attempt, tries=2).max())
    attempt.score(
        share(worst, ALL_WORST, NONE_WORST),
        hint="peor",
        message=f"En uno de los diez acabas con {10**worst:.0f} veces la pérdida del mejor rival afinado.",
    )
