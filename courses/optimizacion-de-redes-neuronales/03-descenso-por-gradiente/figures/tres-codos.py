"""Question: mean squared norm of a batch's gradient at three moments of one training."""

import numpy as np
from _digitos import split
from _ruido import each_gradient, signal_and_noise, train

BATCHES = 2.0 ** np.arange(0, 13)


def compute():
    images, labels, _, _ = split()
    path = train(30)
    runs = {}
    for name, epoch in (("A", 10), ("B", 0), ("C", 30)):
        signal, noise = signal_and_noise(each_gradient(path[epoch], images, labels))
        runs[name] = {
            "epoch": epoch,
            "scale": noise / signal,
            "relative": (signal + noise / BATCHES) / (signal + noise),
        }
    return {"batches": BATCHES, "runs": runs}


def draw(data, canvas):
    ax = canvas.axes(height=300 if canvas.wide else 270)
    canvas.axis(
        ax, x="B", y="E‖ĝ‖², con B = 1 vale 1", x_log=True, y_log=True, x_range=(1, 4096), y_range=(4e-4, 1.2)
    )
    ax.set_xticks([1, 16, 256, 4096], ["1", "16", "256", "4096"])
    for series, (name, run) in zip(("c1", "c2", "c3"), data["runs"].items(), strict=True):
        canvas.line(ax, data["batches"], run["relative"], series=series, label=name)
