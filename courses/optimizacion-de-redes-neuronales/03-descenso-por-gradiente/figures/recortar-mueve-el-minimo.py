"""Clipping each example's gradient, where the noise is skewed: a floor that a small η does not lower."""

import numpy as np
from _minimos import problem, sgd

STEPS = 12_000
ETAS = (0.002, 0.004, 0.008, 0.016, 0.032)
CLIPS = {"none": np.inf, "c5": 5.0, "c1": 1.0}


def compute():
    of = problem(skewed=True)
    sizes = np.linalg.norm((of.a @ of.best - of.y)[:, None] * of.a, axis=1)
    runs = {}
    for name, clip in CLIPS.items():
        floors, averages = [], []
        for eta in ETAS:
            _, excess, averaged = sgd(of, lambda _, eta=eta: eta, STEPS, start=of.best, clip=clip)
            late = excess[len(excess) // 2 :].mean(axis=0)
            floors.append([late.mean(), late.min(), late.max()])
            averages.append(averaged.mean())
        low = np.array(floors)
        runs[name] = {
            "floor": low[:, 0],
            "low": low[:, 1],
            "high": low[:, 2],
            "averaged": averages,
            "clipped": float(np.mean(sizes > clip)),
        }
    return {"etas": ETAS, "runs": runs, "median_size": np.median(sizes)}


def draw(data, canvas):
    ax = canvas.axes(
        height=320 if canvas.wide else 300,
        x="η",
        y="exceso de pérdida en que se queda",
        x_log=True,
        y_log=True,
        x_range=(0.002, 0.032),
        y_range=(3e-3, 0.4),
    )
    ax.set_xticks(data["etas"], [f"{eta:.3f}".replace(".", ",") for eta in data["etas"]])
    names = {"none": "sin recortar", "c5": "recorte a 5", "c1": "recorte a 1"}
    for series, (name, label) in zip(("c1", "c2", "c5"), names.items(), strict=True):
        run = data["runs"][name]
        canvas.band(ax, data["etas"], run["low"], run["high"], series=series)
        canvas.line(ax, data["etas"], run["floor"], series=series, label=label)
        canvas.points(ax, data["etas"], run["floor"], series=series)
