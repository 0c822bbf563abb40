"""Final loss against η, with and without bias correction: the correction makes η mean the same."""

import numpy as np
from _apiladas import losses, per_run, split, start, train

STEPS, SEEDS = 210, 3
ETAS = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1)
CASES = {"con": (0.9999, True), "sin999": (0.999, False), "sin9999": (0.9999, False)}


def compute():
    images, labels, _, _ = split()
    rows = [(beta2, corrected, eta) for beta2, corrected in CASES.values() for eta in ETAS]
    stack, rngs = start((64, 64, 64, 10), [seed for _ in rows for seed in range(SEEDS)])
    beta2, corrected, etas = (per_run([row[k] for row in rows for _ in range(SEEDS)]) for k in range(3))
    firsts = [np.zeros_like(w) for w in stack]
    seconds = [np.zeros_like(w) for w in stack]

    def move(t, weights, found):
        taken = []
        down1 = np.where(corrected > 0, 1 - 0.9**t, 1)
        down2 = np.where(corrected > 0, 1 - beta2.astype(float) ** t, 1).astype(np.float32)
        for m, v, g in zip(firsts, seconds, found, strict=True):
            m += 0.1 * (g - m)
            v += (1 - beta2) * (g**2 - v)
            taken.append((etas * (m / down1) / (np.sqrt(v / down2) + 1e-8)).astype(np.float32))
        return taken

    stack = train(stack, rngs, images, labels, move, steps=STEPS)
    ends = losses(stack, images, labels).reshape(len(CASES), len(ETAS), SEEDS)
    ends = np.where(np.isfinite(ends), ends, 10)
    found = {"etas": ETAS, "seeds": SEEDS, "runs": {}}
    for (name, (beta2_, corrected_)), row in zip(CASES.items(), ends, strict=True):
        mean = row.mean(axis=1)
        found["runs"][name] = {
            "mean": mean,
            "low": row.min(axis=1),
            "high": row.max(axis=1),
            "eta": ETAS[int(mean.argmin())],
            "best": mean.min(),
            "centesima": mean[4],
            "first": 1 if corrected_ else 0.1 / np.sqrt(1 - beta2_),
        }
    return found


LOOK = {
    "con": ("adam", "con corrección", None, 1, (12, 26), "left"),
    "sin999": ("c4", "sin ella,\nβ₂ = 0,999", (5, 3), 4, (10, -34), "left"),
    "sin9999": ("c1", "sin ella,\nβ₂ = 0,9999", (2, 2), 2, (-10, -34), "right"),
}


def draw(data, canvas):
    ax = canvas.axes(
        height=320,
        x="learning rate η",
        y="pérdida de entrenamiento",
        x_log=True,
        y_log=True,
        y_range=(2e-5, 5),
    )
    for name, (series, label, dash, at, offset, align) in LOOK.items():
        run, plain = data["runs"][name], label.replace("\n", " ")
        canvas.band(ax, data["etas"], run["low"], run["high"], series=series, label=plain)
        canvas.line(ax, data["etas"], run["mean"], series=series, label=plain, dash=dash, labelled=False)
        canvas.note(ax, label, (data["etas"][at], run["mean"][at]), offset=offset, align=align)
