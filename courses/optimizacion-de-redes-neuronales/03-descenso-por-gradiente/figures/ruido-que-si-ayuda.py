"""A model whose weights are squares has 40 examples for 100 inputs, 5 of them relevant: what noisy steps do.

Every step sees the targets with fresh noise, or without any. Distance to the truth, five data sets at once.
"""

import numpy as np

DIMENSION, EXAMPLES, RELEVANT, START = 100, 40, 5, 0.3
STEPS, EVERY, SEEDS = 20_000, 400, 5
RUNS = {
    "clean": (1, 0.01, 0.0),
    "small": (1, 0.01, 1.0),
    "same": (4, 0.01, 1.0),
    "scaled": (4, 0.02, 1.0),
}


def problems():
    rows, truths = [], []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        rows.append(rng.standard_normal((EXAMPLES, DIMENSION)))
        truth = np.zeros(DIMENSION)
        places = rng.choice(DIMENSION, RELEVANT, replace=False)
        truth[places] = rng.choice([-1, 1], RELEVANT) / np.sqrt(RELEVANT)
        truths.append(truth)
    return np.array(rows), np.array(truths)


def descend(batch, eta, noise):
    """Excess loss on new examples each EVERY steps, and the train loss at the end: one column a seed."""
    rows, truths = problems()
    targets = np.einsum("snd,sd->sn", rows, truths)
    rng = np.random.default_rng(99)
    plus = np.full((SEEDS, DIMENSION), START)
    minus, seeds, seen = plus.copy(), np.arange(SEEDS)[:, None], []
    for now in range(STEPS + 1):
        weights = plus**2 - minus**2
        if now % EVERY == 0:
            seen.append(0.5 * np.sum((weights - truths) ** 2, axis=1))
        some = rng.integers(EXAMPLES, size=(SEEDS, batch))
        chosen = rows[seeds, some]
        asked = targets[seeds, some] + noise * rng.standard_normal((SEEDS, batch))
        miss = (chosen @ weights[:, :, None])[:, :, 0] - asked
        slope = (miss[:, None, :] @ chosen)[:, 0] / batch
        plus, minus = plus * (1 - 2 * eta * slope), minus * (1 + 2 * eta * slope)
    final = plus**2 - minus**2
    fit = 0.5 * np.mean((np.einsum("snd,sd->sn", rows, final) - targets) ** 2, axis=1)
    return np.array(seen), fit, final, truths


def compute():
    runs = {}
    for name, (batch, eta, noise) in RUNS.items():
        excess, fit, final, truths = descend(batch, eta, noise)
        relevant = truths != 0
        runs[name] = {
            "batch": batch,
            "eta": eta,
            "noise": noise,
            "mean": excess.mean(axis=1),
            "low": excess.min(axis=1),
            "high": excess.max(axis=1),
            "end": excess[-5:].mean(),
            "fit": fit.mean(),
            "outside": float(np.abs(final[~relevant]).sum() / SEEDS),
        }
    return {
        "steps": np.arange(len(runs["small"]["mean"])) * EVERY,
        "first": runs["small"]["mean"][0],
        "runs": runs,
        "half_small": _crossing(runs["small"]["mean"]),
        "half_scaled": _crossing(runs["scaled"]["mean"]),
        "half_same": _crossing(runs["same"]["mean"]),
    }


def _crossing(means, level=0.2):
    """Steps until the mean excess is under `level`; the last step if it never is."""
    under = np.flatnonzero(means < level)
    return int(under[0] * EVERY) if len(under) else STEPS


def draw(data, canvas):
    ax = canvas.axes(height=340 if canvas.wide else 300)
    canvas.axis(ax, x="paso", y="exceso en ejemplos nuevos", x_range=(0, 20_000), y_range=(0, 0.52))
    ax.set_xticks([0, 10_000, 20_000], ["0", "10 000", "20 000"])
    labels = {
        "clean": "B = 1, sin ruido",
        "same": "B = 4, η = 0,01",
        "scaled": "B = 4, η = 0,02",
        "small": "B = 1, η = 0,01",
    }
    for series, (name, label) in zip(("c4", "c3", "c2", "c1"), labels.items(), strict=True):
        run = data["runs"][name]
        canvas.band(ax, data["steps"], run["low"], run["high"], series=series)
        canvas.line(ax, data["steps"], run["mean"], series=series, label=label)
