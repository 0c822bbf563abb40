"""Small nets are trained here, each with one cause planted; the student gets what was measured.

A planted run is served only if it did what its cause says: a healthy one ends below LOW of what chance
pays, ln C, and a stalled one above HIGH of it.
"""

from itertools import pairwise

import numpy as np

from grading.judge.author import Text, group

CAUSES = ("sana", "meseta", "muertas", "saturada", "condicion", "eta-pequena")
IMAGES, INPUTS, WIDTH, STEPS, EVERY = 80, 20, 24, 60, 10
LOW, HIGH = 0.4, 0.6
FLAT = 0.97
ENOUGH = 0.9  # of the runs of a group: a threshold has to fall somewhere, and a run may fall on it


def points(rng, classes):
    """Gaussian clouds around well separated centres, every input with spread near 1."""
    centres = 1.5 * rng.normal(size=(classes, INPUTS))
    labels = rng.permutation(np.arange(IMAGES) % classes)
    x = centres[labels] + 0.5 * rng.normal(size=(IMAGES, INPUTS))
    return (x - x.mean(axis=0)) / x.std(axis=0), labels


def build(rng, depth, classes, gain, biases=None):
    widths = (INPUTS, *(WIDTH,) * depth, classes)
    layers = [
        [np.sqrt(gain / rows) * rng.normal(size=(rows, columns)), np.zeros(columns)]
        for rows, columns in pairwise(widths)
    ]
    for layer, value in (biases or {}).items():
        layers[layer][1] += value
    return layers


def look(layers, x, labels, tanh):
    """Hidden activations, loss and gradients of one pass over all the points."""
    seen = [x]
    for weights, biases in layers[:-1]:
        z = seen[-1] @ weights + biases
        seen.append(np.tanh(z) if tanh else np.maximum(z, 0))
    scores = seen[-1] @ layers[-1][0] + layers[-1][1]
    scores -= scores.max(axis=1, keepdims=True)
    odds = np.exp(scores)
    total = odds.sum(axis=1, keepdims=True)
    at = np.arange(len(labels))
    loss = float(np.mean(np.log(total[:, 0]) - scores[at, labels]))
    back = odds / total
    back[at, labels] -= 1
    back /= len(labels)
    grads = []
    for depth in range(len(layers) - 1, -1, -1):
        grads.append((seen[depth].T @ back, back.sum(axis=0)))
        if depth:
            back = (back @ layers[depth][0].T) * (1 - seen[depth] ** 2 if tanh else seen[depth] > 0)
    return seen[1:], loss, grads[::-1]


def size(grads):
    return float(np.sqrt(sum((w**2).sum() + (b**2).sum() for w, b in grads)))


def stepped(layers, grads, amount):
    return [[w + amount * dw, b + amount * db] for (w, b), (dw, db) in zip(layers, grads, strict=True)]


def curvature(rng, layers, x, labels, tanh, rounds=12, reach=1e-5):
    """Largest curvature in size, by power iteration on differences of gradients."""
    v = [(rng.normal(size=w.shape), rng.normal(size=b.shape)) for w, b in layers]
    for _ in range(rounds):
        length = size(v)
        v = [(w / length, b / length) for w, b in v]
        ahead = look(stepped(layers, v, reach), x, labels, tanh)[2]
        behind = look(stepped(layers, v, -reach), x, labels, tanh)[2]
        v = [
            ((aw - bw) / (2 * reach), (ab - bb) / (2 * reach))
            for (aw, ab), (bw, bb) in zip(ahead, behind, strict=True)
        ]
    return size(v)


def descend(layers, x, labels, tanh, eta, steps):
    for _ in range(steps):
        layers = stepped(layers, look(layers, x, labels, tanh)[2], -eta)
    return layers


def measured(rng, layers, x, labels, tanh, eta, classes):
    """The trace: what a careful log would hold."""
    steps, losses, norms = [], [], []
    for now in range(0, STEPS + 1, EVERY):
        hidden, loss, grads = look(layers, x, labels, tanh)
        steps.append(now)
        losses.append(loss)
        norms.append(size(grads))
        if now < STEPS:
            layers = descend(layers, x, labels, tanh, eta, EVERY)
    return {
        "clases": classes,
        "eta": float(eta),
        "pasos": steps,
        "perdida": losses,
        "norma": norms,
        "curvatura": curvature(rng, layers, x, labels, tanh),
        "muertas": [0.0 if tanh else float(np.mean(h.max(axis=0) <= 0)) for h in hidden],
        "planas": [float(np.mean(np.abs(h) > FLAT)) if tanh else 0.0 for h in hidden],
        "senal": [float(np.sqrt(np.mean(h**2))) for h in hidden],
        "gradiente": [float(np.linalg.norm(w)) for w, _ in grads],
    }


def plant(rng, cause, trap=None, classes=None):
    """One run with `cause` planted; `trap` says which of its forms."""
    classes = classes or int(rng.integers(6, 13))
    depth = int(rng.integers(3, 6))
    x, labels = points(rng, classes)
    eta, tanh = rng.uniform(0.2, 0.4), False
    if cause == "sana":
        if trap == "planas":
            tanh, eta = True, 0.2
            layers = build(rng, 2, classes, rng.uniform(20, 40))
        elif trap == "muertas":
            layer = int(rng.integers(0, depth))
            silent = -20.0 * (np.arange(WIDTH) < rng.integers(8, 14))
            layers = build(rng, depth, classes, 2.0, {layer: silent})
        else:
            tanh = bool(rng.integers(2))
            layers = build(rng, depth, classes, 1.0 if tanh else 2.0)
            if trap == "acabada":
                layers = descend(layers, x, labels, tanh, eta, 120)
    elif cause == "meseta":
        tanh, depth = bool(rng.integers(2)), int(rng.integers(4, 6))
        layers = build(rng, depth, classes, (1.0 if tanh else 2.0) * rng.uniform(0.06, 0.15) ** 2)
    elif cause == "muertas":
        which = [int(rng.integers(1, depth))] if trap == "una-capa" else range(depth)
        layers = build(rng, depth, classes, 2.0, {layer: -rng.uniform(25, 40) for layer in which})
    elif cause == "saturada":
        tanh, eta = True, rng.uniform(0.02, 0.05)
        layers = descend(
            build(rng, depth, classes, 1.0), x, labels, tanh, rng.uniform(4, 8), int(rng.integers(8, 15))
        )
    else:
        layers = build(rng, depth, classes, 2.0)
        eta = rng.uniform(0.0015, 0.0025) if trap == "mayor" else 10 ** rng.uniform(-4, -3.2)
        if cause == "condicion":
            x = x.copy()
            spread = rng.uniform(80, 120) if trap == "menor" else rng.uniform(15, 25)
            x[:, 0] = spread * rng.normal(size=IMAGES)
            eta = rng.uniform(0.8, 1.2) / curvature(rng, layers, x, labels, tanh)
    return measured(rng, layers, x, labels, tanh, eta, classes)


def holds(cause, trap, trace):
    """Whether the run did what its cause says, by the definitions of the statement."""
    share = trace["perdida"][-1] / np.log(trace["clases"])
    if not np.isfinite(share):
        return False
    if cause == "sana":
        if trap == "planas" and max(trace["planas"]) < 0.55:
            return False
        if trap == "acabada" and trace["perdida"][0] > 0.2 * np.log(trace["clases"]):
            return False
        return share < LOW
    if share < HIGH:
        return False
    dead, flat = max(trace["muertas"]), max(trace["planas"])
    if cause == "muertas":
        return dead == 1
    if cause == "saturada":
        return flat > 0.55
    if dead > 0.9 or flat > 0.4:
        return False
    used, signal = trace["eta"] * trace["curvatura"], trace["senal"][-1] / trace["senal"][0]
    return {
        "meseta": signal < 0.04,
        "condicion": signal > 0.15 and used > 0.4,
        "eta-pequena": signal > 0.15 and used < 0.05,
    }[cause]


def run(rng, cause, trap=None, classes=None):
    for _ in range(200):
        trace = plant(rng, cause, trap, classes)
        if holds(cause, trap, trace):
            return trace
    raise RuntimeError(f"no run of {cause}, {trap}, with {classes} classes")


def ask(attempt, trace):
    return attempt.call("diagnostica", trace, returns=Text(choices=CAUSES), unchanged=True)


def judge(attempt, plan, hints):
    """`plan` is (cause, trap) once a run; the first hint whose pair of (planted, said) came up is given."""
    order = attempt.rng.permutation(len(plan))
    said = [(plan[k], ask(attempt, run(attempt.rng, *plan[k]))) for k in order]
    wrong = [(cause, got) for (cause, _), got in said if got != cause]
    attempt.note(runs=len(said), right=len(said) - len(wrong))
    if len(said) - len(wrong) >= ENOUGH * len(said):
        return
    counts = {key: sum(test(cause, got) for cause, got in wrong) for key, test in hints.items()}
    attempt.fail(
        hint=max(counts, key=counts.get),
        message=f"Acertaste {len(said) - len(wrong)} de {len(said)} trazas.",
    )


@group("ejemplos")
def ejemplos(attempt):
    rng = np.random.default_rng(22)
    for cause in CAUSES:
        trace = run(rng, cause, classes=10)
        if cause != "eta-pequena":
            attempt.curve(cause, trace["pasos"], trace["perdida"])
        got = ask(attempt, trace)
        if got != cause:
            attempt.fail(hint="una-de-cada", message=f"A una traza «{cause}» la llamaste «{got}».")


@group("sin-gradiente")
def sin_gradiente(attempt):
    plan = [("meseta", None)] * 7 + [("muertas", None)] * 3 + [("muertas", "una-capa")] * 4
    judge(
        attempt,
        plan,
        {
            "una-capa": lambda cause, got: cause == "muertas",
            "senal": lambda cause, got: cause == "meseta",
        },
    )


@group("con-gradiente")
def con_gradiente(attempt):
    plan = [
        *[("condicion", trap) for trap in (None, "menor") for _ in range(4)],
        *[("eta-pequena", trap) for trap in (None, "mayor") for _ in range(4)],
    ]
    judge(
        attempt,
        plan,
        {
            "producto": lambda cause, got: got in ("condicion", "eta-pequena"),
            "sobra-gradiente": lambda cause, got: got not in ("condicion", "eta-pequena"),
        },
    )


@group("no-es-parada")
def no_es_parada(attempt):
    plan = [("sana", trap) for trap in ("planas", "muertas", "acabada") for _ in range(4)]
    judge(
        attempt,
        plan,
        {
            "baja": lambda cause, got: got in ("saturada", "muertas"),
            "ha-llegado": lambda cause, got: got not in ("saturada", "muertas"),
        },
    )


@group("otras-clases")
def otras_clases(attempt):
    plan = [
        (cause, classes) for cause in ("sana", "meseta", "muertas") for classes in (2, 20) for _ in range(2)
    ]
    for k in attempt.rng.permutation(len(plan)):
        cause, classes = plan[k]
        got = ask(attempt, run(attempt.rng, cause, classes=classes))
        if (got == "sana") != (cause == "sana"):
            attempt.fail(hint="escala", message="Con otro número de clases confundes parada y sana.")


@group("mezcla")
def mezcla(attempt):
    traps = {"sana": (None, "planas", "muertas", "acabada"), "muertas": (None, "una-capa")}
    plan = [
        (cause, (traps.get(cause) or (None,))[k % len(traps.get(cause) or (None,))])
        for cause in CAUSES
        for k in range(6)
    ]
    right = dict.fromkeys(CAUSES, 0)
    for k in attempt.rng.permutation(len(plan)):
        cause, trap = plan[k]
        right[cause] += ask(attempt, run(attempt.rng, cause, trap)) == cause
    attempt.note(**{cause.replace("-", "_"): count for cause, count in right.items()})
    total = sum(right.values())
    worst = min(right, key=right.get)
    if total < ENOUGH * len(plan) or right[worst] < 4:
        attempt.fail(
            hint="orden",
            message=f"Acertaste {total} de {len(plan)}; la causa que peor se te da es «{worst}».",
        )
