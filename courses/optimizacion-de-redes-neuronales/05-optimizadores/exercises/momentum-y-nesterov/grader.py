"""One step from a given state, checked alone and along runs where η and β change; then the race."""

import numpy as np

from grading.judge.author import SURFACES, Array, Float, Tuple, group

# A handful of float64 operations a step, up to 40 steps: another order of summing moves the last two digits.
RTOL, ATOL = 1e-8, 1e-10


def state(shape):
    return Tuple(Array(shape), Array(shape))


def classic(w, v, g, eta, beta):
    v = beta * v + g
    return w - eta * v, v


def pytorch(p, v, g, eta, beta):
    v = beta * v + g
    return p - eta * (g + beta * v), v


def both(attempt, got, expected, hint, message=None):
    for one, other in zip(got, expected, strict=True):
        attempt.close(one, other, rtol=RTOL, atol=ATOL, hint=hint, message=message)


def bowl(rng, n):
    basis, _ = np.linalg.qr(rng.normal(size=(n, n)))
    return (basis * rng.uniform(0.5, 20, size=n)) @ basis.T


def settings(rng, count):
    """η and β of each step: they change halfway."""
    etas = rng.uniform(0.003, 0.03, size=2)
    betas = rng.uniform(0.3, 0.95, size=2)
    return [(float(etas[2 * k // count]), float(betas[2 * k // count])) for k in range(count)]


def ahead(attempt, w, v, slope, eta, beta):
    """A step of the student's `nesterov`, and where it asked for the gradient."""
    asked = []

    def answer(x):
        asked.append(np.array(x))
        return slope(x)

    gradient = attempt.function(
        answer, arguments=(Array(w.shape),), record=None, name="gradiente", noun="el gradiente"
    )
    got = attempt.call("nesterov", w, v, gradient, eta, beta, returns=state(w.shape), unchanged=True)
    return got, asked


@group("ejemplos")
def ejemplos(attempt):
    w, v, eta, beta = np.array([1.0]), np.array([2.0]), 0.01, 0.9
    got = attempt.call("momentum", w, v, 20 * w, eta, beta, returns=state((1,)))
    both(attempt, got, classic(w, v, 20 * w, eta, beta), "paso")
    got, _ = ahead(attempt, w, v, lambda x: 20 * x, eta, beta)
    both(attempt, got, classic(w, v, 20 * (w - eta * beta * v), eta, beta), "paso")
    got = attempt.call("nesterov_adelantado", w, v, 20 * w, eta, beta, returns=state((1,)))
    both(attempt, got, pytorch(w, v, 20 * w, eta, beta), "paso")


@group("bola")
def bola(attempt):
    hessian = bowl(attempt.rng, 5)
    w, v = attempt.rng.normal(size=(2, 5))
    mine = (w, v)
    for eta, beta in settings(attempt.rng, 20):
        mine = attempt.call("momentum", *mine, hessian @ mine[0], eta, beta, returns=state((5,)))
        w, v = classic(w, v, hessian @ w, eta, beta)
        both(attempt, mine, (w, v), "forma", "Tras unos pasos, tu estado no es el de la bola.")


@group("mira")
def mira(attempt):
    hessian = bowl(attempt.rng, 5)
    w, v = attempt.rng.normal(size=(2, 5))
    for eta, beta in settings(attempt.rng, 12):
        point = w - eta * beta * v
        got, asked = ahead(attempt, w, v, lambda x: hessian @ x, eta, beta)
        attempt.check(len(asked) == 1, hint="veces", message="No pediste el gradiente una vez por paso.")
        attempt.close(
            asked[0], point, rtol=RTOL, atol=ATOL, hint="punto", message="Mides el gradiente en otro punto."
        )
        w, v = classic(w, v, hessian @ point, eta, beta)
        both(attempt, got, (w, v), "paso", "El estado que devuelves no es el siguiente.")


@group("adelantado")
def adelantado(attempt):
    hessian = bowl(attempt.rng, 5)
    p, v = attempt.rng.normal(size=(2, 5))
    mine = (p, v)
    for eta, beta in settings(attempt.rng, 20):
        mine = attempt.call("nesterov_adelantado", *mine, hessian @ mine[0], eta, beta, returns=state((5,)))
        p, v = pytorch(p, v, hessian @ p, eta, beta)
        both(attempt, mine, (p, v), "paso", "Tu paso no es el del punto adelantado.")
    eta, beta = settings(attempt.rng, 2)[0]
    w, v = attempt.rng.normal(size=(2, 5))
    mine = (w - eta * beta * v, v)
    for _ in range(15):
        w, v = classic(w, v, hessian @ (w - eta * beta * v), eta, beta)
        mine = attempt.call("nesterov_adelantado", *mine, hessian @ mine[0], eta, beta, returns=state((5,)))
    both(attempt, mine, (w - eta * beta * v, v), "equivalencia")


def pair(attempt, mu, most):
    return attempt.call("elige", mu, most, returns=Tuple(Float(low=0), Float(low=0, high=1)))


def arrival(eta, beta, curvatures, steps):
    """Steps until the distance stays at a ten-thousandth of the first; None if it does not."""
    at, speed, last = np.ones(len(curvatures)), np.zeros(len(curvatures)), 0
    for step in range(1, steps + 1):
        speed = beta * speed + curvatures * at
        at = at - eta * speed
        size = float(np.linalg.norm(at))
        if not size < 1e6:
            return None
        if size > 1e-4 * np.sqrt(len(curvatures)):
            last = step
    return last + 1 if last < steps else None


@group("carrera")
def carrera(attempt):
    surface = SURFACES["valle"]
    eta, beta = pair(attempt, 1.0, 40.0)
    path = [np.array(surface.start)]
    speed = np.zeros(2)
    for _ in range(150):
        at, speed = attempt.call(
            "momentum", path[-1], speed, surface.gradient(path[-1]), eta, beta, returns=state((2,))
        )
        path.append(at)
    attempt.replay("valle", path)
    attempt.axes(x="paso", y="pérdida", log=True)
    attempt.curve("tú, en el valle", range(len(path)), [surface.value(at) for at in path])
    banana = SURFACES["rosenbrock"]
    path, speed = [np.array(banana.start)], np.zeros(2)
    for _ in range(150):
        (at, speed), _ = ahead(attempt, path[-1], speed, banana.gradient, 0.005, 0.9)
        path.append(at)
    attempt.replay("rosenbrock", path)
    attempt.check(banana.value(path[-1]) < 1e-2, hint="pareja", message="Tu Nesterov no baja por Rosenbrock.")
    for kappa in (
        40.0,
        float(10 ** attempt.rng.uniform(0.7, 1.3)),
        float(10 ** attempt.rng.uniform(2.5, 3.5)),
    ):
        mu = 1.0 if kappa == 40.0 else float(10 ** attempt.rng.uniform(-2, 2))
        eta, beta = (eta, beta) if kappa == 40.0 else pair(attempt, mu, kappa * mu)
        curvatures = np.geomspace(mu, kappa * mu, 20)
        root = np.sqrt(kappa)
        best = arrival((2 / (root + 1)) ** 2 / mu, ((root - 1) / (root + 1)) ** 2, curvatures, 4000)
        got = arrival(eta, beta, curvatures, 4000)
        if got is None and eta * kappa * mu >= 2 * (1 + beta):
            attempt.fail(hint="escapa", message="Con tu pareja la bola se escapa.")
        # the best pair of a fine grid saves a fifth of Polyak's steps; a fixed β needs several times as many
        if got is None or got > 1.3 * best + 5:
            attempt.fail(hint="pareja", message="Con tu pareja la bola tarda más de lo que podría.")


@group("bordes")
def bordes(attempt):
    w, v, g = attempt.rng.normal(size=(3, 4))
    eta = float(attempt.rng.uniform(0.01, 0.1))
    got = attempt.call("momentum", w, v, g, eta, 0.0, returns=state((4,)), unchanged=True)
    attempt.close(got[0], w - eta * g, rtol=RTOL, atol=ATOL, hint="sin-memoria")
    got, _ = ahead(attempt, w, v, lambda _: g, eta, 0.0)
    attempt.close(got[0], w - eta * g, rtol=RTOL, atol=ATOL, hint="sin-memoria")
    got = attempt.call("nesterov_adelantado", w, v, g, eta, 0.0, returns=state((4,)), unchanged=True)
    attempt.close(got[0], w - eta * g, rtol=RTOL, atol=ATOL, hint="sin-memoria")
    w, v, g = attempt.rng.normal(size=(3, 3, 2))
    with attempt.hinting("forma"):
        got = attempt.call("momentum", w, v, g, eta, 0.5, returns=state((3, 2)), unchanged=True)
        both(attempt, got, classic(w, v, g, eta, 0.5), "forma")
        got = attempt.call("nesterov_adelantado", w, v, g, eta, 0.5, returns=state((3, 2)), unchanged=True)
        both(attempt, got, pytorch(w, v, g, eta, 0.5), "forma")
    curvature = float(attempt.rng.uniform(0.5, 5))
    with attempt.hinting("kappa-uno"):
        eta, beta = pair(attempt, curvature, curvature)
    attempt.check(
        abs(eta * curvature - 1) < 1e-6 and beta < 1e-6,
        hint="kappa-uno",
        message="Con una sola curvatura se puede llegar en un paso.",
    )
