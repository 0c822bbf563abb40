"""The minimum moves halfway: who still has a step left to follow it."""

import numpy as np
from _digitos import interval

DIM, STEPS, JUMP, SEEDS = 10, 4000, 2000, 20
TARGET = 0.5
GRIDS = {"adagrad": (0.3, 1, 3), "rmsprop": (0.03, 0.1, 0.3), "sgd": (0.03, 0.1, 0.3)}


def run(name, eta):
    """Excess loss of every seed at every step, and the learning rate in force of one coordinate."""
    rng = np.random.default_rng(7)
    old, new = rng.standard_normal((2, SEEDS, DIM)) * 3
    w, v = np.zeros((SEEDS, DIM)), np.zeros((SEEDS, DIM))
    excess, rates = np.empty((SEEDS, STEPS)), np.empty(STEPS)
    for t in range(STEPS):
        goal = old if t < JUMP else new
        g = w - goal + rng.standard_normal((SEEDS, DIM))
        if name == "adagrad":
            v += g**2
        elif name == "rmsprop":
            v = 0.99 * v + 0.01 * g**2
        rate = eta / (np.sqrt(v) + 1e-8) if name != "sgd" else np.full_like(w, eta)
        w = w - rate * g
        rates[t] = np.median(rate)
        excess[:, t] = 0.5 * ((w - goal) ** 2).sum(axis=1)
    return excess, rates


def compute():
    found = {"seeds": SEEDS, "jump": JUMP, "runs": {}}
    shown = np.unique(
        np.concatenate([np.arange(0, STEPS, 20), np.arange(0, 100, 2), np.arange(JUMP - 1, JUMP + 200, 3)])
    )
    found["t"] = shown + 1
    for name, etas in GRIDS.items():
        tried = {eta: run(name, eta) for eta in etas}
        best = min(tried, key=lambda eta: tried[eta][0][:, :JUMP].mean())
        excess, rates = tried[best]
        first, second = (
            np.argmax(part <= TARGET, axis=1) + 1 for part in (excess[:, :JUMP], excess[:, JUMP:])
        )
        early, early_half = interval(excess[:, :JUMP].mean(axis=1))
        late, late_half = interval(excess[:, JUMP:].mean(axis=1))
        found["runs"][name] = {
            "eta": best,
            "mean": np.exp(np.log(excess[:, shown]).mean(axis=0)),
            "rate": rates[shown],
            "rate10": rates[9],
            "rate_jump": rates[JUMP - 1],
            "rate_end": rates[-1],
            "early": early,
            "early_half": early_half,
            "late": late,
            "late_half": late_half,
            "first": float(np.median(first)),
            "second": float(np.median(second)),
            "floor": excess[:, JUMP - 500 : JUMP].mean(),
        }
    return found


LOOK = {"adagrad": ("adagrad", "AdaGrad"), "rmsprop": ("rmsprop", "RMSProp"), "sgd": ("sgd", "SGD")}


def draw(data, canvas):
    top, bottom = canvas.panels(2, columns=1, height=230, share_x=True, y_log=True)
    canvas.axis(top, y="exceso de pérdida")
    canvas.axis(bottom, x="pasos", y="η en vigor")
    for name, (series, label) in LOOK.items():
        run = data["runs"][name]
        canvas.line(top, data["t"], run["mean"], series=series, label=label)
        canvas.line(bottom, data["t"], run["rate"], series=series, label=label, labelled=name != "sgd")
    canvas.note(bottom, "SGD", (3000, data["runs"]["sgd"]["rate"][-1]), offset=(0, 10))
    canvas.reference(top, "el mínimo se muda", x=data["jump"])
