"""Steepest descent with the best possible step each time, and with a tenth less."""

import numpy as np

CURVATURES = np.geomspace(1, 100, 50)
STEPS = 80
RULES = {"one": 1.0, "less": 0.9, "half": 0.5}


def descend(choose, steps=STEPS):
    """Loss over its first value; `choose` gives the length of each step in units of curvature."""
    x, values, sides = np.ones(len(CURVATURES)), [], []
    for k in range(steps + 1):
        gradient = CURVATURES * x
        values.append(0.5 * float(CURVATURES @ x**2))
        sides.append(float(gradient @ gradient / (gradient @ (CURVATURES * gradient))))
        x = x - choose(k) * sides[-1] * gradient
    return np.array(values) / values[0], np.array(sides)


def compute():
    runs = {}
    for name, length in RULES.items():
        values, rates = descend(lambda _, length=length: length)
        runs[name] = {"loss": values, "first": values[1], "at50": values[50], "rates": rates}
    generators = [np.random.default_rng(seed) for seed in range(20)]
    random = np.array([descend(lambda _, rng=rng: rng.uniform(0, 2))[0] for rng in generators])
    runs["random"] = {
        "loss": np.exp(np.log(random).mean(axis=0)),
        "low": random.min(axis=0),
        "high": random.max(axis=0),
        "at50": float(np.exp(np.log(random[:, 50]).mean())),
    }
    x, values = np.ones(len(CURVATURES)), []
    for _ in range(STEPS + 1):
        values.append(0.5 * float(CURVATURES @ x**2))
        x = x - 2 / 101 * CURVATURES * x
    runs["fixed"] = {"loss": np.array(values) / values[0], "at50": values[50] / values[0]}
    return {
        "runs": runs,
        "gain": runs["one"]["at50"] / runs["less"]["at50"],
        "cycle": {"a": runs["one"]["rates"][70], "b": runs["one"]["rates"][71]},
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=300, y_log=True, x="pasos", y="pérdida ÷ la inicial", x_range=(0, STEPS), y_range=(1e-9, 1.5)
    )
    steps, runs = np.arange(STEPS + 1), data["runs"]
    canvas.band(ax, steps, runs["random"]["low"], runs["random"]["high"], series="c3")
    for name, series, label in (
        ("fixed", "c6", "η fija, la óptima"),
        ("one", "c1", "p = 1"),
        ("random", "c3", "p al azar"),
        ("less", "c2", "p = 0,9"),
    ):
        canvas.line(ax, steps, runs[name]["loss"], series=series, label=label)
