"""Does the first step tell which η needs warm-up? Three depths, without any."""

import numpy as np
from _arranque import run
from _digitos import split
from _manada import batches
from _postnorm import Nets, full_loss

DEPTHS = {2: (0.03, 0.06, 0.1), 8: (0.01, 0.017, 0.03), 16: (0.005, 0.01, 0.02)}
SEEDS = 2


def tolerated(blocks):
    """The largest first step of Adam, as its η, that still lowers the loss: geometric mean over the seeds."""
    images, labels, _, _ = split()
    images, labels = images.astype(np.float32)[:600], labels[:600]
    nets = Nets(range(SEEDS), blocks)
    chosen = next(batches(range(SEEDS), len(labels), 64, 1))
    _, g = nets.gradient(nets.flat, images[chosen], labels[chosen])
    start, before, last = nets.flat.copy(), full_loss(nets, images, labels), np.zeros(SEEDS)
    for eta in np.geomspace(2e-3, 0.2, 24):
        nets.flat = start - np.float32(eta) * g / (np.abs(g) + 1e-8)
        last = np.where(full_loss(nets, images, labels) < before, eta, last)
    return float(np.exp(np.log(last).mean()))


def compute():
    found = {}
    for blocks, etas in DEPTHS.items():
        runs = [run(eta, 1, blocks=blocks, seeds=range(SEEDS)) for eta in etas]
        found[f"b{blocks}"] = {
            "blocks": blocks,
            "etas": etas,
            "tolerated": tolerated(blocks),
            "errors": [one["errors"] for one in runs],
            "error": [one["error"] for one in runs],
        }
    return {"seeds": SEEDS, "depths": found}


def draw(data, canvas):
    ax = canvas.axes(
        height=300,
        x="η máxima / η que tolera el primer paso",
        y="error de test sin calentar (%)",
        x_log=True,
        x_range=(0.35, 3),
        y_range=(-4, 100),
    )
    for series, one, at, offset in zip(
        ("c3", "c1", "c2"), data["depths"].values(), (2, 2, 2), ((-10, 24), (-16, 10), (16, 6)), strict=True
    ):
        x = np.array(one["etas"]) / one["tolerated"]
        canvas.line(ax, x, one["error"], series=series, label=f"{one['blocks']} bloques", labelled=False)
        for value, errors in zip(x, one["errors"], strict=True):
            canvas.points(ax, [value] * len(errors), errors, series=series, size=6)
        canvas.note(
            ax,
            f"{one['blocks']} bloques",
            (x[at], one["error"][at]),
            offset=offset,
            align="right" if offset[0] < 0 else "left",
        )
    canvas.reference(ax, "el primer paso no baja", x=1)
    ax.set_xticks([0.5, 1, 2], ["0,5", "1", "2"])
    ax.minorticks_off()
