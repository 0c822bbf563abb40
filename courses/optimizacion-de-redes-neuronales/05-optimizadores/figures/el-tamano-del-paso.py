"""The mean step of RMSProp in units of η: the theory of a constant gradient, and a net."""

import numpy as np
from _apiladas import per_run, split, start, train

RHO, STEPS, SEEDS, ETA = 0.99, 210, 5, 0.01


def follow(images, labels, *, corrected):
    """Mean size of the second layer's steps in units of η, by step and seed."""
    stack, rngs = start((64, 64, 64, 10), range(SEEDS))
    squares = [np.zeros_like(w) for w in stack]
    eta = per_run([ETA] * SEEDS)
    seen = []

    def move(t, weights, found):
        ratios = []
        for v, g in zip(squares, found, strict=True):
            v *= RHO
            v += (1 - RHO) * g**2
            ratios.append(g / (np.sqrt(v / (1 - RHO**t) if corrected else v) + 1e-8))
        seen.append(np.mean(np.abs(ratios[2]), axis=(1, 2)))
        return [eta * ratio for ratio in ratios]

    train(stack, rngs, images, labels, move, steps=STEPS)
    return np.array(seen)


def compute():
    images, labels, _, _ = split()
    sizes = {
        "cruda": follow(images, labels, corrected=False),
        "corregida": follow(images, labels, corrected=True),
    }
    t = np.arange(1, STEPS + 1)
    return {
        "t": t,
        "seeds": SEEDS,
        "constant": 1 / np.sqrt(1 - RHO**t),
        **{
            name: {
                "mean": found.mean(axis=1),
                "low": found.min(axis=1),
                "high": found.max(axis=1),
                "first": found[0].mean(),
                "last": found[-50:].mean(),
            }
            for name, found in sizes.items()
        },
        "path": {name: found.mean(axis=1)[:20].sum() for name, found in sizes.items()},
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=300, x="pasos", y="tamaño medio del paso ÷ η", x_log=True, y_log=True, y_range=(0.015, 14)
    )
    canvas.reference(ax, "", xs=data["t"], ys=data["constant"])
    canvas.note(ax, "gradiente constante:\n1/√(1 − ρᵗ)", (60, data["constant"][59]), offset=(0, 26))
    run = data["cruda"]
    canvas.band(ax, data["t"], run["low"], run["high"], series="rmsprop", label="la red")
    canvas.line(ax, data["t"], run["mean"], series="rmsprop", label="la red", labelled=False)
    canvas.note(ax, "una red", (40, run["mean"][39]), offset=(-30, -24), align="right")
    canvas.reference(ax, "", y=1)
