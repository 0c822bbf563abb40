"""Adam one step at a time against our own, on gradients of very different sizes."""

import numpy as np

from grading.judge.author import SURFACES, Array, Int, Mapping, Tuple, group

# A step is a dozen operations in float64, so 1e-9 would do; the mildest usual mistake (decay after the step)
# moves the weights by 6e-5 in 12 steps.
RTOL = 1e-8
EPS = 1e-8
NONE = 1e-20  # an ε that no gradient notices: its place has a group of its own
RACE_STEPS = 200
RACE_ETA = {"valle": 0.1, "rosenbrock": 0.05, "silla": 0.1}


def fresh(shape):
    return {"t": 0, "m": np.zeros(shape), "v": np.zeros(shape), "tope": np.zeros(shape)}


def ours(w, g, state, eta, beta1, beta2, eps, decay, kind):
    t = state["t"] + 1
    m = beta1 * state["m"] + (1 - beta1) * g
    v = beta2 * state["v"] + (1 - beta2) * g**2
    corrected = v / (1 - beta2**t)
    most = np.maximum(state["tope"], corrected)
    below = np.sqrt(most if kind == "amsgrad" else corrected) + eps
    w = w - eta * decay * w - eta * m / (1 - beta1**t) / below
    return w, {"t": t, "m": m, "v": v, "tope": most}


def answer(shape):
    array = Array(shape)
    return Tuple(array, Mapping({"t": Int(), "m": array, "v": array, "tope": array}))


def far(got, expected, floor=0.0):
    """Whether two arrays differ by more than rounding, in units of what is expected."""
    return not np.allclose(got, expected, rtol=RTOL, atol=floor)


def follow(attempt, gradients, w, settings, judge, *, unchanged=False):
    """Takes one step a gradient, each from what the student gave back; `judge` sees every one of them."""
    state = fresh(w.shape)
    for g in gradients:
        expected, kept = ours(w, g, state, *settings)
        got, new = attempt.call("adam", w, g, state, *settings, returns=answer(w.shape), unchanged=unchanged)
        judge(w, got, new, expected, kept)
        w, state = expected, kept


def drawn(rng, shape, steps):
    """Gradients whose coordinates have scales from 1e-3 to 10, with some zeros among them."""
    scale = 10 ** rng.uniform(-3, 1, size=shape)
    return [scale * rng.normal(size=shape) * (rng.random(shape) > 0.15) for _ in range(steps)]


@group("ejemplo")
def ejemplo(attempt):
    w, g = np.array([1.0, 1.0]), np.array([0.2, -30.0])
    with attempt.hinting("cuenta"):
        got, state = attempt.call(
            "adam", w, g, fresh((2,)), 0.1, 0.9, 0.999, EPS, 0.0, "adam", returns=answer((2,))
        )
    expected, _ = ours(w, g, fresh((2,)), 0.1, 0.9, 0.999, EPS, 0.0, "adam")
    if state["t"] != 1:
        attempt.fail(hint="cuenta", message=f"Tras un paso, «t» debe ser 1; es {state['t']}.")
    attempt.close(got, expected, rtol=1e-6, hint="primer-paso")


@group("adam")
def adam(attempt):
    def judge(_w, got, new, expected, kept):
        if far(got, expected, 1e-12):
            attempt.fail(hint="correccion", message=f"Tus pesos se apartan en el paso {kept['t']}.")
        if new["t"] != kept["t"] or any(far(new[key], kept[key], 1e-30) for key in ("m", "v", "tope")):
            attempt.fail(hint="estado", message="Los pesos coinciden, pero el estado que devuelves no.")

    for shape in ((3,), (2, 4), (1,)):
        beta1, beta2 = attempt.rng.uniform(0.5, 0.95), attempt.rng.uniform(0.9, 0.9999)
        settings = (attempt.rng.uniform(0.005, 0.05), beta1, beta2, NONE, 0.0, "adam")
        follow(attempt, drawn(attempt.rng, shape, 15), attempt.rng.normal(size=shape), settings, judge)
    for name, surface in SURFACES.items():
        w, state, path = np.array(surface.start), fresh((2,)), [surface.start]
        for _ in range(RACE_STEPS):
            g = surface.gradient(w)
            w, state = attempt.call(
                "adam", w, g, state, RACE_ETA[name], 0.9, 0.999, EPS, 0.0, "adam", returns=answer((2,))
            )
            path.append(tuple(w))
        attempt.replay(name, path)


@group("epsilon")
def epsilon(attempt):
    def judge(w, got, _new, expected, kept):
        # what counts is the displacement, which ε has halved or so
        if far(got - w, expected - w, 1e-7 * settings[0]):
            attempt.fail(
                hint="epsilon",
                message=f"Con gradientes diminutos tus pesos se apartan en el paso {kept['t']}.",
            )

    for size in (1.0, 0.1):
        eps = 10 ** attempt.rng.uniform(-8, -6)
        settings = (0.01, 0.9, 0.999, eps, 0.0, "adam")
        gradients = [size * eps * attempt.rng.uniform(0.5, 2, size=4) for _ in range(6)]
        follow(attempt, gradients, np.zeros(4), settings, judge)


@group("adamw")
def adamw(attempt):
    eta, decay = attempt.rng.uniform(0.005, 0.02), attempt.rng.uniform(0.1, 0.5)
    settings = (eta, 0.9, 0.99, NONE, decay, "adamw")

    def judge(w, got, _new, expected, _kept):
        if not far(got, expected, 1e-12):
            return
        step = w - eta * decay * w - expected  # Adam's part alone
        if not far(got, w - decay * w - step, 1e-9):
            attempt.fail(hint="sin-eta", message="Tus pesos encogen lo mismo con cualquier η.")
        if not far(got, (w - step) * (1 - eta * decay), 1e-9):
            attempt.fail(hint="orden", message="Aplicas el decaimiento a otros pesos que los pedidos.")
        attempt.fail(hint="acoplado", message="Tu decaimiento no encoge cada peso en la misma proporción.")

    for shape in ((5,), (3, 2)):
        w = 3 + attempt.rng.random(shape)
        follow(attempt, drawn(attempt.rng, shape, 8), w, settings, judge)


@group("amsgrad")
def amsgrad(attempt):
    def judge(_w, got, _new, expected, kept):
        if far(got, expected, 1e-12):
            attempt.fail(hint="maximo", message=f"Tus pesos se apartan en el paso {kept['t']}.")

    for shape in ((4,), (2, 3)):
        gradients = drawn(attempt.rng, shape, 20)
        shrinking = [g * 0.7**k for k, g in enumerate(gradients)]  # v̂ falls, its maximum does not
        settings = (0.02, 0.9, attempt.rng.uniform(0.9, 0.99), NONE, 0.0, "amsgrad")
        follow(attempt, shrinking, attempt.rng.normal(size=shape), settings, judge)


@group("sin-tocar")
def sin_tocar(attempt):
    def silent(*_seen):
        return None

    settings = (0.01, 0.9, 0.99, NONE, 0.1, "adamw")
    follow(attempt, drawn(attempt.rng, (4,), 4), attempt.rng.normal(size=4), settings, silent, unchanged=True)
    w, state = attempt.rng.normal(size=3), fresh((3,))
    first, second = drawn(attempt.rng, (3,), 2)
    plain = (0.01, 0.9, 0.99, NONE, 0.0, "adam")
    _, kept = ours(w, first, state, *plain)
    again = [attempt.call("adam", w, second, kept, *plain, returns=answer((3,)))[0] for _ in range(2)]
    attempt.call("adam", w, first, state, *plain, returns=answer((3,)))
    again.append(attempt.call("adam", w, second, kept, *plain, returns=answer((3,)))[0])
    if far(again[0], again[1], 1e-12) or far(again[0], again[2], 1e-12):
        attempt.fail(
            hint="reanudar",
            message="Con el mismo estado y el mismo gradiente diste dos respuestas distintas.",
        )
