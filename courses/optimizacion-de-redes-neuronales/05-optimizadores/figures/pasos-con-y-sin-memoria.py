"""Descent and heavy ball on quadratics, each with its best parameters: steps, and the climb."""

import numpy as np

KAPPAS, DIMENSION, GOAL, SEEN = (10, 30, 100, 300, 1000, 3000, 10_000), 50, 1e-6, 1200


def ball(kappa):
    root = np.sqrt(kappa)
    return (2 / (root + 1)) ** 2, ((root - 1) / (root + 1)) ** 2


def roll(kappa, alpha, beta, most):
    """Distance to the bottom, over the first one, at each step, from a point with every coordinate 1."""
    curvatures = np.geomspace(1, kappa, DIMENSION)
    at, speed = np.ones(DIMENSION), np.zeros(DIMENSION)
    sizes = [1.0]
    for _ in range(most):
        speed = beta * speed + curvatures * at
        at = at - alpha * speed
        sizes.append(float(np.linalg.norm(at) / np.sqrt(DIMENSION)))
        if sizes[-1] < 1e-9:
            break
    return np.array(sizes)


def descend(kappa, steps):
    """The same for plain descent with 2/(L + μ), in closed form."""
    factors = 1 - 2 / (1 + kappa) * np.geomspace(1, kappa, DIMENSION)
    powers = np.abs(factors)[None, :] ** np.asarray(steps)[:, None]
    return np.sqrt((powers**2).mean(axis=1))


def arrival(kappa):
    low, high = 0, 40 * kappa
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if descend(kappa, [middle])[0] < GOAL else (middle, high)
    return high


def compute():
    found, traces = {}, {}
    for kappa in KAPPAS:
        alpha, beta = ball(kappa)
        sizes = roll(kappa, alpha, beta, int(25 * np.sqrt(kappa)) + 60)
        steps = int(np.flatnonzero(sizes > GOAL)[-1]) + 1
        half = len(sizes) // 2
        plain = arrival(kappa)
        found[f"k{kappa}"] = {
            "kappa": kappa,
            "alpha": alpha,
            "beta": beta,
            "rho": np.sqrt(beta),
            "tail": (sizes[-1] / sizes[half]) ** (1 / (len(sizes) - 1 - half)),
            "steps": steps,
            "plain": plain,
            "times": plain / steps,
            "climb": sizes.max(),
            "climb_at": int(sizes.argmax()),
            "back": int(np.flatnonzero(sizes > 1)[-1]) + 1 if sizes.max() > 1 else 0,
        }
        traces[kappa] = sizes
    every = np.arange(0, SEEN + 1, 4)
    sizes = traces[10_000]
    return {
        "runs": found,
        "steps": every,
        "ball": [sizes[k] if k < len(sizes) else None for k in every],
        "plain": descend(10_000, every),
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=300)
    runs = list(data["runs"].values())
    kappas = [run["kappa"] for run in runs]
    canvas.axis(left, x="κ", y="pasos hasta 10⁻⁶", title="Lo que cuesta κ", x_log=True, y_log=True)
    canvas.line(left, kappas, [run["plain"] for run in runs], series="sgd", label="descenso")
    canvas.line(left, kappas, [run["steps"] for run in runs], series="momentum", label="bola")
    canvas.axis(
        right,
        x="pasos",
        y="distancia / la inicial",
        title="κ = 10 000, de cerca",
        y_log=True,
        y_range=(1e-7, 30),
    )
    steps = np.array(data["steps"])
    heavy = np.array([np.nan if v is None else v for v in data["ball"]], dtype=float)
    kept = np.isfinite(heavy) & (heavy > 1e-7)
    canvas.line(right, steps, data["plain"], series="sgd", label="descenso")
    canvas.line(right, steps[kept], heavy[kept], series="momentum", label="bola")
    canvas.reference(right, "salida", y=1.0)
