"""The same stiff direction under gradient descent and under heavy ball: one flips at each step, one waves."""

import numpy as np

CURVATURE, STEPS, BETA = 100.0, 60, 0.9
PLAIN, HEAVY = 0.0194, 0.001


def bounce(eta, beta):
    x, v, seen = 1.0, 0.0, [1.0]
    for _ in range(STEPS):
        v = beta * v - eta * CURVATURE * x
        x = x + v
        seen.append(x)
    return np.array(seen)


def compute():
    plain, heavy = bounce(PLAIN, 0.0), bounce(HEAVY, BETA)
    agree = [float(np.mean(np.sign(np.diff(x))[1:] == np.sign(np.diff(x))[:-1])) for x in (plain, heavy)]
    turn = np.arccos((1 + BETA - HEAVY * CURVATURE) / (2 * np.sqrt(BETA)))
    return {
        "plain": plain,
        "heavy": heavy,
        "eta_plain": PLAIN,
        "eta_heavy": HEAVY,
        "beta": BETA,
        "same_way_plain": agree[0],
        "same_way_heavy": agree[1],
        "period": 2 * np.pi / turn,
        "ratio_plain": np.abs(np.diff(plain)).sum() / abs(plain[-1] - plain[0]),
        "ratio_heavy": np.abs(np.diff(heavy)).sum() / abs(heavy[-1] - heavy[0]),
    }


def draw(data, canvas):
    ax = canvas.axes(height=240, x="pasos", y="coordenada en la dirección rígida")
    steps = range(len(data["plain"]))
    canvas.line(ax, steps, data["plain"], series="sgd", label="sin momentum", width=1.2, label_at=2)
    canvas.line(ax, steps, data["heavy"], series="momentum", label="β = 0,9")
    canvas.reference(ax, "fondo", y=0)
