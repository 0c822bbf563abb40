"""Two runs in the plane of where they go and where they bounce."""

import numpy as np
from _rebote import RUNS, WINDOW, last_steps, stiffest

SEED, SHOWN = 1, 60


def compute():
    runs = {}
    for kind in ("rebote", "ruido"):
        losses, trail = last_steps(kind, SEED)
        curvatures, directions = stiffest(trail[WINDOW // 2])
        ahead = trail[-1] - trail[0]
        far = np.linalg.norm(ahead)
        moved = trail - trail[0]
        bounce = moved @ directions[:, 0]
        runs[kind] = {
            "eta": RUNS[kind][0],
            "curvature": curvatures[0],
            "factor": 1 - RUNS[kind][0] * curvatures[0],
            "ahead": moved @ (ahead / far),
            "bounce": bounce - bounce.mean(),
            "loss": losses[-SHOWN:],
            "far": far,
            "path": np.linalg.norm(np.diff(trail, axis=0), axis=1).sum(),
        }
    return {"runs": runs, "shown": SHOWN}


def draw(data, canvas):
    for ax, (kind, series, title) in zip(
        canvas.panels(2, height=280),
        (("rebote", "c1", "Batch completo"), ("ruido", "c2", "Batches de 8")),
        strict=True,
    ):
        run = data["runs"][kind]
        canvas.axis(ax, title=title, x="avance neto", y="dirección más curvada")
        canvas.line(ax, run["ahead"], run["bounce"], series=series, label=title, labelled=False, width=1.2)
        canvas.points(ax, run["ahead"][:1], run["bounce"][:1], series=series, size=6, hollow=True)
        canvas.points(ax, run["ahead"][-1:], run["bounce"][-1:], series=series, size=8)
