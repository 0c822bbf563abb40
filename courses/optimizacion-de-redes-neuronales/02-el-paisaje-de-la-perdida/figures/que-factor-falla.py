"""Where the gradient is lost: signal, slope and gradient of each layer in the three runs that it leaves."""

import numpy as np
from _paradas import NAMES, SEEDS, descend, size, slopes, start, weight_gradients

CAUSES = ("sana", "meseta", "muertas", "saturada")
AFTER = 30


def compute():
    runs = {}
    for cause in CAUSES:
        signal, slope, gradient = [], [], []
        for seed in range(SEEDS):
            net, images, eta = start(cause, seed)
            end, passes = descend(net, images, eta, AFTER)
            last = passes[-1]
            signal.append([size(h) for h in last.seen[:-1]])
            slope.append(slopes(end, last.seen))
            gradient.append(weight_gradients(last.grads))
        runs[cause] = {
            "signal": np.mean(signal, axis=0),
            "slope": np.mean(slope, axis=0),
            "gradient": np.mean(gradient, axis=0),
        }
    return {"after": AFTER, "runs": runs}


def draw(data, canvas):
    signal, slope, gradient = canvas.panels(3, height=270)
    canvas.axis(signal, title="Señal (tamaño de h)", x="capa oculta", y_log=True, y_range=(1e-3, 10))
    canvas.axis(slope, title="Pendiente media φ′", x="capa oculta", y_range=(-0.05, 1.05))
    canvas.axis(gradient, title="Gradiente de cada W", x="matriz", y_log=True, y_range=(1e-4, 10))
    for series, cause in zip(("c1", "c2", "c3", "c4"), CAUSES, strict=True):
        run = data["runs"][cause]
        for ax, key, first in ((signal, "signal", 0), (slope, "slope", 1), (gradient, "gradient", 1)):
            if cause == "muertas" and key != "slope":
                continue  # zero does not fit on a log axis
            values = np.array(run[key], dtype=float)
            at = np.arange(first, first + len(values))
            dash = (5, 3) if cause == "muertas" else ()
            canvas.line(ax, at, values, series=series, label=NAMES[cause], dash=dash)
    signal.set_xticks(range(5), ["x", "1", "2", "3", "4"])
    slope.set_xticks(range(1, 5))
    gradient.set_xticks(range(1, 6))
