"""Descent ratio against η for three programs. One has a wrong gradient, and not the one that falls."""

import numpy as np
from _softmax import DECAY, SMOOTHNESS, descend, gradient, loss


def ratios(weights, direction, etas):
    """Decrease along `direction`, over what it would be if that were the gradient and η tiny."""
    length2 = float(np.sum(direction**2))
    return [(loss(weights) - loss(weights - eta * direction)) / (eta * length2) for eta in etas]


def compute():
    path = descend(1 / SMOOTHNESS, 500)[2]
    etas = np.geomspace(1e-3, 30, 46)
    return {
        "etas": etas,
        "curves": {
            "A": ratios(path[0], gradient(path[0]), etas),
            "B": ratios(path[50], gradient(path[50]) - DECAY * path[50], etas),
            "C": ratios(path[500], gradient(path[500]), etas),
        },
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=300, x="η", y="cociente de descenso", x_log=True, x_range=(1e-3, 30), y_range=(0, 1.1)
    )
    for series, (name, values) in zip(("c1", "c2", "c3"), data["curves"].items(), strict=True):
        canvas.line(ax, data["etas"], values, series=series, label=name)
