"""Small nets with neurons of very different sizes; the answer is computed here, from the same arrays."""

from itertools import pairwise

import numpy as np

from grading.judge.author import Anything, Array, Items, group

CLOSE = {"rtol": 1e-9, "atol": 1e-12}  # a product, a sum and a norm: rounding is far below


def net(rng, widths, *, spread=1.5):
    """Weights whose neurons differ in size by up to `spread` decades each way."""
    found = []
    for inside, outside in pairwise(widths):
        sizes = 10 ** rng.uniform(-spread, spread, size=outside)
        found += [rng.normal(size=(inside, outside)) * sizes, rng.normal(size=outside)]
    return found


def gaussian(rng, weights):
    return [rng.normal(size=w.shape) for w in weights]


def widths(rng):
    """Layers of unlike sizes, so that rows and columns cannot be mistaken."""
    return [int(rng.integers(2, 5)), int(rng.integers(6, 9)), int(rng.integers(10, 13)), 3]


def by_neuron(direction, weights, axis=0):
    out = []
    for d, w in zip(direction, weights, strict=True):
        if d.ndim == 1:
            out.append(np.zeros_like(d))
        else:
            norm = np.linalg.norm(d, axis=axis, keepdims=True)
            safe = np.where(norm > 0, norm, 1)
            out.append(d * np.where(norm > 0, np.linalg.norm(w, axis=axis, keepdims=True) / safe, 0))
    return out


def by_layer(direction, weights):
    scaled = zip(direction, weights, strict=True)
    return [
        d * (np.linalg.norm(w) / np.linalg.norm(d)) if d.ndim == 2 else np.zeros_like(d) for d, w in scaled
    ]


def alike(one, other):
    return all(np.allclose(a, b, **CLOSE) for a, b in zip(one, other, strict=True))


def asked(attempt, direction, weights):
    got = attempt.call("normaliza", direction, weights, returns=Items(Anything()), unchanged=True)
    if len(got) != len(weights) or any(np.shape(a) != w.shape for a, w in zip(got, weights, strict=False)):
        attempt.fail(message="La lista que devuelves no tiene los arrays y las formas de `pesos`.")
    return [np.asarray(a, dtype=float) for a in got]


def judge(attempt, direction, weights):
    got, expected = asked(attempt, direction, weights), by_neuron(direction, weights)
    if alike(got, expected):
        return
    matrices = [a if a.ndim == 2 else np.zeros_like(a) for a in got]
    if alike(matrices, expected):
        attempt.fail(hint="sesgos", message="Los sesgos de la dirección no son cero.")
    if alike(matrices, by_layer(direction, weights)):
        attempt.fail(hint="por-capa", message="Las columnas no tienen la norma que toca.")
    if alike(matrices, by_neuron(direction, weights, axis=1)):
        attempt.fail(hint="salida", message="Las columnas no tienen la norma que toca; las filas, sí.")
    attempt.fail(message="Las columnas no tienen la norma que toca, o han cambiado de rumbo.")


def cut(attempt, loss, weights, u, v, radii):
    """The student's slice, and how often the loss was asked for."""
    count = [0]

    def answer(where):
        count[0] += 1
        return float(loss([np.asarray(w, dtype=float) for w in where]))

    f = attempt.function(
        answer, arguments=(Items(Array(None, finite=False)),), record=None, finite=False, name="perdida"
    )
    got = attempt.call(
        "rebanada", f, weights, u, v, radii, returns=Array((len(radii),) * 2, finite=False), unchanged=True
    )
    return got, count[0]


def network(weights, x, labels):
    """Cross-entropy of a ReLU net."""
    h = x
    for depth in range(0, len(weights), 2):
        h = h @ weights[depth] + weights[depth + 1]
        if depth + 2 < len(weights):
            h = np.maximum(h, 0)
    h = h - h.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(h).sum(axis=1)) - h[np.arange(len(labels)), labels])


def height(loss, weights, u, v, a, b):
    return loss([w + a * p + b * q for w, p, q in zip(weights, u, v, strict=True)])


@group("ejemplos")
def ejemplos(attempt):
    weights = [np.array([[3.0, 0.0], [4.0, 1.0]]), np.array([5.0, 5.0])]
    judge(attempt, [np.array([[1.0, 2.0], [0.0, 0.0]]), np.ones(2)], weights)
    flat, way = [np.array([[1.0]]), np.zeros(1)], [np.array([[1.0]]), np.zeros(1)]
    got, _ = cut(attempt, lambda where: where[0][0, 0] ** 2, flat, way, way, np.array([0.5]))
    attempt.close(got, np.array([[4.0]]), **CLOSE)


@group("normas")
def normas(attempt):
    for _ in range(3):
        weights = net(attempt.rng, widths(attempt.rng))
        judge(attempt, gaussian(attempt.rng, weights), weights)


@group("reescalado")
def reescalado(attempt):
    rng = attempt.rng
    for _ in range(3):
        weights = net(rng, widths(rng), spread=0.3)
        factor = 10 ** rng.uniform(0.5, 1.5)
        twin = [w.copy() for w in weights]
        twin[0], twin[1], twin[2] = factor * twin[0], factor * twin[1], twin[2] / factor
        direction = gaussian(rng, weights)
        x, labels = rng.normal(size=(20, len(weights[0]))), rng.integers(0, 3, size=20)
        ends = [
            network([w + d for w, d in zip(net_, asked(attempt, direction, net_), strict=True)], x, labels)
            for net_ in (weights, twin)
        ]
        if not np.isclose(*ends, rtol=1e-6):
            attempt.fail(hint="cambia", message="La misma función con otros pesos te da otra rebanada.")


@group("plano")
def plano(attempt):
    rng = attempt.rng
    for size in (5, 4):
        weights = net(rng, widths(rng), spread=0.3)
        u, v = (by_neuron(gaussian(rng, weights), weights) for _ in range(2))
        x, labels = rng.normal(size=(15, len(weights[0]))), rng.integers(0, 3, size=15)
        radii = rng.permutation(np.linspace(-1, 1, size) + rng.uniform(-0.1, 0.1))

        def loss(where, x=x, labels=labels):
            return network(where, x, labels)

        expected = np.array([[height(loss, weights, u, v, a, b) for b in radii] for a in radii])
        got, times = cut(attempt, loss, weights, u, v, radii)
        if np.allclose(got, expected, **CLOSE):
            if times != size * size:
                attempt.fail(hint="valores", message="Llamas a `perdida` más o menos veces que casillas hay.")
            continue
        if np.allclose(got, expected.T, **CLOSE):
            attempt.fail(hint="traspuesta", message="Las alturas son las del plano con los ejes cambiados.")
        first = np.isclose(got[0, 0], expected[0, 0], **CLOSE)
        attempt.fail(
            hint="acumula" if first else "valores",
            message="La primera casilla está bien y las demás no." if first else "Las alturas no son esas.",
        )


@group("bordes")
def bordes(attempt):
    rng = attempt.rng
    weights = net(rng, [4, 6, 5])
    direction = gaussian(rng, weights)
    weights[0][:, int(rng.integers(6))] = 0.0
    direction[2][:, int(rng.integers(5))] = 0.0
    got = asked(attempt, direction, weights)
    if not all(np.isfinite(a).all() for a in got) or not alike(got, by_neuron(direction, weights)):
        attempt.fail(hint="nula", message="Una columna de ceros no da lo que toca.")
    limit = rng.uniform(0.2, 0.6)
    flat = [np.array([[1.0]]), np.zeros(1)]

    def loss(where):
        return np.inf if where[0][0, 0] > 1 + limit else float(where[0][0, 0])

    radii = np.array([-1.0, 0.0, 1.0])
    zero = [np.zeros((1, 1)), np.zeros(1)]
    got, _ = cut(attempt, loss, flat, flat, zero, radii)
    expected = np.array([[0.0] * 3, [1.0] * 3, [np.inf] * 3])
    if not np.array_equal(got, expected):
        attempt.fail(
            hint="infinita", message="Con una pérdida infinita en parte del plano no sale lo pedido."
        )
