"""The loss of all images after one first step of Adam, against its η: what the start tolerates."""

import numpy as np
from _digitos import split
from _manada import batches
from _postnorm import Nets, full_loss

ETAS = np.geomspace(5e-4, 0.1, 24)
SEEDS = 5
BLOCKS = (2, 8, 16)


def compute():
    images, labels, _, _ = split()
    images = images.astype(np.float32)[:600]
    labels = labels[:600]
    found = {}
    for blocks in BLOCKS:
        nets = Nets(range(SEEDS), blocks)
        chosen = next(batches(range(SEEDS), len(labels), 64, 1))
        _, g = nets.gradient(nets.flat, images[chosen], labels[chosen])
        direction = g / (np.abs(g) + 1e-8)  # Adam's first step, corrected: the sign
        start, before = nets.flat.copy(), full_loss(nets, images, labels)
        curve = []
        for eta in ETAS.astype(np.float32):
            nets.flat = start - eta * direction
            curve.append(full_loss(nets, images, labels) / before)
        curve = np.array(curve)
        tolerated = [ETAS[np.flatnonzero(curve[:, i] < 1).max()] for i in range(SEEDS)]
        found[f"b{blocks}"] = {
            "mean": curve.mean(axis=1),
            "low": curve.min(axis=1),
            "high": curve.max(axis=1),
            "tolerated": {
                "low": min(tolerated),
                "high": max(tolerated),
                "mean": float(np.exp(np.log(tolerated).mean())),
            },
            "at": {
                name: curve[np.abs(np.log(ETAS / eta)).argmin()].mean()
                for name, eta in (("small", 0.003), ("middle", 0.01), ("large", 0.03))
            },
        }
        if blocks == 8:
            size = float(np.sqrt((start**2).mean()))
    return {"etas": ETAS, "seeds": SEEDS, "rms": size, "share": 0.03 / size, "nets": found}


LOOK = (
    ("c3", "b2", "2 bloques", 0.045, (-14, -22)),
    ("c1", "b8", "8 bloques", 0.05, (-6, 44)),
    ("c2", "b16", "16 bloques", 0.014, (-16, 16)),
)


def draw(data, canvas):
    ax = canvas.axes(
        height=310,
        x="η del primer paso",
        y="pérdida después / antes",
        x_log=True,
        x_range=(5e-4, 0.1),
        y_range=(0.55, 1.8),
    )
    for series, key, name, at, offset in LOOK:
        run = data["nets"][key]
        canvas.band(ax, data["etas"], run["low"], run["high"], series=series)
        canvas.line(ax, data["etas"], run["mean"], series=series, label=name, labelled=False)
        spot = int(np.argmin(np.abs(np.array(data["etas"]) - at)))
        canvas.note(
            ax,
            name,
            (data["etas"][spot], min(1.75, run["mean"][spot])),
            offset=offset,
            align="right" if offset[0] < 0 else "left",
        )
    canvas.reference(ax, "", y=1)
