"""Test error against η, with and without warm-up, in a net that needs it; and the losses of the largest η."""

import numpy as np
from _arranque import SEEDS, STEPS, run

ETAS = (0.003, 0.01, 0.03)
WARMUP = 50


def compute():
    return {
        "etas": ETAS,
        "seeds": SEEDS,
        "steps": STEPS,
        "warmup": WARMUP,
        "without": [run(eta, 1) for eta in ETAS],
        "with": [run(eta, WARMUP) for eta in ETAS],
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=310)
    canvas.axis(
        left,
        x="η máxima",
        y="error de test (%)",
        x_log=True,
        x_range=(0.0023, 0.042),
        y_range=(-4, 100),
        title="Al final",
    )
    canvas.axis(
        right,
        x="paso",
        y="pérdida del batch",
        y_log=True,
        x_range=(0, data["steps"]),
        y_range=(1e-3, 6),
        title="Con η = 0,03",
    )
    for key, series, name in (("without", "c2", "sin calentamiento"), ("with", "c1", "con calentamiento")):
        runs = data[key]
        errors = np.array([one["errors"] for one in runs])
        canvas.line(left, data["etas"], errors.mean(axis=1), series=series, label=name, labelled=False)
        for i, eta in enumerate(data["etas"]):
            canvas.points(left, [eta] * errors.shape[1], errors[i], series=series, size=5, hollow=True)
        curve = np.array(runs[-1]["curve"])
        canvas.line(right, np.arange(len(curve)), curve, series=series, label=name, labelled=False)
    canvas.note(left, "sin", (0.018, 45), offset=(-10, 14), align="right")
    canvas.note(left, "con calentamiento", (0.01, data["with"][1]["error"]), offset=(-16, 24), align="right")
    canvas.note(right, "sin", (150, data["without"][-1]["curve"][150]), offset=(0, 24))
    canvas.note(right, "con", (150, data["with"][-1]["curve"][150]), offset=(10, 24))
    left.set_xticks([0.003, 0.01, 0.03], ["0,003", "0,01", "0,03"])
    left.minorticks_off()
