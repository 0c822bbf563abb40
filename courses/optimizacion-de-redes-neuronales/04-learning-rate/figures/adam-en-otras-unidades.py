"""Adam in the same six units: blind to the loss's, not to those of the weights."""

import numpy as np
from _unidades import CASES
from _unidades import sweep as sweep_units

ETAS = 10 ** (np.arange(-12, 1) / 4)


def compute():
    runs = {name: sweep_units(CASES[name], ETAS, adam=True) for name in CASES if name != "deep"}
    return {"runs": runs}


NAMES = {
    "base": ("adam", "pérdida ×0,01, ×1 y ×64"),
    "sum": ("adam", ""),
    "cent": ("adam", ""),
    "pixels": ("c4", "píxeles ×16"),
    "layers": ("c2", "W₁×5, W₂÷5"),
}


def draw(data, canvas):
    ax = canvas.axes(
        height=290,
        x_log=True,
        y_log=True,
        x="learning rate η de Adam",
        y="pérdida tras 5 épocas",
        x_range=(8e-4, 1.3),
        y_range=(0.003, 3),
    )
    for name, (series, label) in NAMES.items():
        run = data["runs"][name]
        losses = np.array(run["loss"])
        keep = losses < 5
        canvas.line(
            ax,
            np.array(run["etas"])[keep],
            losses[keep],
            series=series,
            label=label or name,
            labelled=False,
            dash={"base": None, "sum": (6, 3), "cent": (2, 2)}.get(name),
        )
    places = {
        "base": (7, (6, -24), "center"),
        "pixels": (3, (-10, -26), "center"),
        "layers": (4, (12, 20), "left"),
    }
    for name, (at, offset, align) in places.items():
        run = data["runs"][name]
        canvas.note(ax, NAMES[name][1], (run["etas"][at], run["loss"][at]), offset=offset, align=align)
