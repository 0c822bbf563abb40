"""A convex function of one variable where the heavy ball never arrives; Nesterov does."""

import numpy as np

LOW, HIGH, START, STEPS, SEEN = 1.0, 25.0, 3.3, 400, 30
KAPPA = HIGH / LOW


def slope(x):
    """25x, then x + 24 between 1 and 2, then 25x − 24: the curvature is 25, 1 and 25."""
    return np.where(x < 1, 25 * x, np.where(x < 2, x + 24, 25 * x - 24))


def value(x):
    return np.where(x < 1, 12.5 * x**2, np.where(x < 2, x**2 / 2 + 24 * x - 12, 12.5 * x**2 - 24 * x + 36))


def run(alpha, beta, ahead, start=START):
    x, v = start, 0.0
    path = [x]
    for _ in range(STEPS):
        v = beta * v + float(slope(np.array(x - alpha * beta * v if ahead else x)))
        x = x - alpha * v
        path.append(x)
    return np.array(path)


def compute():
    root = np.sqrt(KAPPA)
    ball = ((2 / (np.sqrt(HIGH) + np.sqrt(LOW))) ** 2, ((root - 1) / (root + 1)) ** 2, False)
    nesterov = (1 / HIGH, (root - 1) / (root + 1), True)
    heavy, look = run(*ball), run(*nesterov)
    starts = np.linspace(-4, 4, 81)
    stuck = [bool(abs(run(*ball, start=s)[-1]) > 0.1) for s in starts if s != 0]
    side = np.linspace(-3, 3.5, 131)
    cycle = np.sort(heavy[-3:])[::-1]
    return {
        "alpha": ball[0],
        "beta": ball[1],
        "nesterov_alpha": nesterov[0],
        "nesterov_beta": nesterov[1],
        "heavy": heavy[: SEEN + 1],
        "look": look[: SEEN + 1],
        "cycle": cycle,
        "cycle_values": value(cycle),
        "drift": float(np.abs(heavy[-3:] - heavy[-6:-3]).max()),
        "stuck": float(np.mean(stuck)),
        "descent": int(np.ceil(np.log(1e-6) / np.log((KAPPA - 1) / (KAPPA + 1)))),
        "arrival": int(np.flatnonzero(np.abs(look) > 1e-6 * START)[-1]) + 1,
        "x": side,
        "f": value(side),
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=300)
    canvas.axis(left, x="x", y="f(x)", title="La función, y donde se queda la bola")
    canvas.line(left, data["x"], data["f"], series="muted", label="f", labelled=False)
    canvas.points(left, data["cycle"], data["cycle_values"], series="momentum", size=8)
    canvas.note(
        left, "los tres puntos", (data["cycle"][1], data["cycle_values"][1]), offset=(0, 70), align="center"
    )
    canvas.axis(right, x="paso", y="x", title="Paso a paso")
    for key, series, name in (("heavy", "momentum", "bola"), ("look", "nesterov", "Nesterov")):
        canvas.line(right, range(SEEN + 1), data[key], series=series, label=name)
