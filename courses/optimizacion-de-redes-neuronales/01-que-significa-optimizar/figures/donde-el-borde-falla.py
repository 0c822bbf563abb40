"""Share of the stability limit in use, ηλmax/2: full-batch squared error reaches 1, the others do not."""

import numpy as np
from _borde import descend

STEPS, EVERY = 3000, 50
RUNS = (
    ("mse", "cuadrática", 0.4, False, 0),
    ("mse8", "cuadrática, B = 8", 0.4, False, 8),
    ("ce30", "cruzada, η = 0,3", 0.3, True, 0),
    ("ce60", "cruzada, η = 0,6", 0.6, True, 0),
    ("ce120", "cruzada, η = 1,2", 1.2, True, 0),
)


def compute():
    runs = {}
    for key, name, eta, crossed, batch in RUNS:
        losses, curvatures = descend(lambda _, eta=eta: eta, 0, STEPS, crossed=crossed, batch=batch)
        runs[key] = {
            "name": name,
            "eta": eta,
            "share": eta * curvatures / 2,
            "peak_share": eta * curvatures.max() / 2,
            "end_share": eta * curvatures[-10:].mean() / 2,
            "end": curvatures[-10:].mean(),
            "limit": 2 / eta,
            "rises": int((np.diff(losses) > 0).sum()),
            "loss_end": losses[-1],
        }
    return {"every": EVERY, "runs": runs}


def draw(data, canvas):
    ax = canvas.axes(
        height=320,
        x="pasos",
        y="fracción del límite en uso, ηλmax/2",
        y_log=True,
        x_range=(0, STEPS),
        y_range=(2e-3, 2),
    )
    steps = np.arange(0, STEPS + 1, data["every"])
    canvas.reference(ax, "límite", y=1)
    for series, run in zip(("c1", "c4", "c2", "c3", "c5"), data["runs"].values(), strict=True):
        label = run["name"] if canvas.wide else run["name"].replace(", η =", "")
        canvas.line(ax, steps, run["share"], series=series, label=label)
