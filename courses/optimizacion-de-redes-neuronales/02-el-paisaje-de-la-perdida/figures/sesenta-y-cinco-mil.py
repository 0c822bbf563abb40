"""The largest activation of each layer of a deep ReLU net, against the largest number of 16 bits."""

import numpy as np
from _ejecuciones import activations, build, split

WIDTHS = (64,) * 9 + (10,)
SCALES = {"s1": 1.0, "s3": 3.0, "s4": 4.0, "s6": 6.0}
SEEDS = 3


def largest(scale):
    images = split()[0][:256]
    found = []
    for seed in range(SEEDS):
        net = build(WIDTHS, np.random.default_rng(seed), gain=2 * scale**2)
        found.append([np.abs(h).max() for h in activations(net, images)[1:]])
    return np.exp(np.log(found).mean(axis=0))


def compute():
    limit = float(np.finfo(np.float16).max)
    runs = {}
    for key, scale in SCALES.items():
        tops = largest(scale)
        over = np.flatnonzero(tops > limit)
        runs[key] = {"scale": scale, "tops": tops, "over": int(over[0]) + 1 if len(over) else None}
    tiny = float(np.nextafter(np.float16(0), np.float16(1)))
    return {
        "runs": runs,
        "limit": limit,
        "smallest": tiny,
        "scaled": 2.0**20 * 0.1,
        "layers": len(WIDTHS) - 1,
    }


def draw(data, canvas):
    ax = canvas.axes(height=270, x="capa", y="mayor activación", y_log=True, y_range=(0.5, 1e8))
    for series, run in zip(("c3", "c1", "c5", "c6"), data["runs"].values(), strict=True):
        at = range(1, len(run["tops"]) + 1)
        canvas.line(ax, at, run["tops"], series=series, label=f"He ×{run['scale']:.0f}")
    canvas.reference(ax, "65 504", y=data["limit"])
    ax.set_xticks(range(1, data["layers"] + 1))
