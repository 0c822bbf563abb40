"""Decay added to the gradient or taken from the weight: what is left of it, by the scale of its gradient."""

import numpy as np
from _apiladas import errors, per_run, split, start, train
from _digitos import interval

COPIES, STEPS, ETA, DECAY = 400, 2000, 1e-3, 1.0
SCALES = np.logspace(-2, 2, 25)
GRID = {"l2": (3e-3, 1e-2, 3e-2, 0.1), "adamw": (1.0, 3.0, 10.0, 30.0)}
ETAS, SEEDS, NET_STEPS, IMAGES = (3e-3, 1e-2), 4, 800, 300


def weight(coupled):
    """Mean of many copies of a weight that begins at 1 and receives nothing but noise, for every scale."""
    rng = np.random.default_rng(0)
    w = np.ones((len(SCALES), COPIES))
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t in range(1, STEPS + 1):
        g = SCALES[:, None] * rng.standard_normal(w.shape)
        if coupled:
            g = g + DECAY * w
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        w = w - ETA * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        if not coupled:
            w = w - ETA * DECAY * w
    return w.mean(axis=1)


def nets():
    """Test error for every decay and η on 300 digits, a fifth of whose labels are drawn again."""
    images, labels, test_images, test_labels = split()
    images, labels = images[:IMAGES], labels[:IMAGES].copy()
    rng = np.random.default_rng(5)
    redrawn = rng.random(IMAGES) < 0.2
    labels[redrawn] = rng.integers(0, 10, redrawn.sum())
    rows = [(kind, decay, eta) for kind, decays in GRID.items() for decay in decays for eta in ETAS]
    stack, rngs = start((64, 64, 10), [seed for _ in rows for seed in range(SEEDS)])
    etas, added, shrunk = (
        per_run([value(row) for row in rows for _ in range(SEEDS)])
        for value in (
            lambda row: row[2],
            lambda row: row[1] if row[0] == "l2" else 0,
            lambda row: row[1] if row[0] == "adamw" else 0,
        )
    )
    firsts, seconds = ([np.zeros_like(w) for w in stack] for _ in range(2))

    def move(t, weights, found):
        taken, rate = [], etas * np.float32(1 - (t - 1) / NET_STEPS)
        for k, (w, m, v, g) in enumerate(zip(weights, firsts, seconds, found, strict=True)):
            if k % 2 == 0:
                g = g + added * w
            m += 0.1 * (g - m)
            v += 0.001 * (g**2 - v)
            step = rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
            taken.append((step + rate * shrunk * w if k % 2 == 0 else step).astype(np.float32))
        return taken

    stack = train(stack, rngs, images, labels, move, steps=NET_STEPS)
    ends = errors(stack, test_images, test_labels).reshape(len(rows), SEEDS)
    found = {}
    for kind in GRID:
        for eta in ETAS:
            mine = {
                row[1]: end for row, end in zip(rows, ends, strict=True) if row[0] == kind and row[2] == eta
            }
            best = min(mine, key=lambda decay: mine[decay].mean())
            mean, half = interval(mine[best])
            found.setdefault(kind, {})["milesimas" if eta < 0.005 else "centesima"] = {
                "eta": eta,
                "decay": best,
                "error": mean,
                "half": half,
                "all": [mine[decay].mean() for decay in GRID[kind]],
            }
    return found


def compute():
    left = {"l2": weight(True), "adamw": weight(False)}
    at = {name: {"small": w[0], "tenth": w[6], "one": w[12], "big": w[-1]} for name, w in left.items()}
    return {
        "scales": SCALES,
        "left": left,
        "at": at,
        "law": (1 - ETA * DECAY) ** STEPS,
        "steps": STEPS,
        "copies": COPIES,
        "nets": nets(),
        "seeds": SEEDS,
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=280, x="tamaño del gradiente", y="peso que queda", x_log=True, y_range=(-0.06, 1.06)
    )
    canvas.line(
        ax, data["scales"], data["left"]["l2"], series="c1", label="Adam con L2", dash=(5, 3), labelled=False
    )
    canvas.line(ax, data["scales"], data["left"]["adamw"], series="adamw", label="AdamW", labelled=False)
    canvas.note(ax, "L2 sumado\nal gradiente", (3, data["left"]["l2"][15]), offset=(-30, -14), align="right")
    canvas.note(ax, "AdamW", (20, data["left"]["adamw"][20]), offset=(0, 24))
