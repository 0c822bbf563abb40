"""Three runs with Adam: the ratio of step to weight of each."""

import numpy as np
from _senales import train

ETAS = {"A": 1e-2, "B": 1e-4, "C": 0.1}


def compute():
    curves = {}
    for name, eta in ETAS.items():
        log = train(eta, 0, adam=True)
        epochs = np.median(log.ratio.reshape(-1, 21), axis=1)
        curves[name] = {"eta": eta, "ratio": epochs, "end": log.end(), "fall": epochs[0] / epochs[-1]}
    return {"curves": curves}


def draw(data, canvas):
    ax = canvas.axes(height=260, y_log=True, x="época", y="‖Δw‖/‖w‖", x_range=(1, 15), y_range=(1e-4, 0.2))
    ax.set_xticks([1, 5, 10, 15])
    for series, (name, run) in zip(("c1", "c2", "c3"), data["curves"].items(), strict=True):
        canvas.line(ax, np.arange(1, 16), run["ratio"], series=series, label=name)
