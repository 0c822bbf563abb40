"""The largest curvature of a net's loss rises by itself to 2/η, and there it stays."""

import numpy as np
from _borde import descend

ETAS, SEEDS, STEPS, EVERY = (0.25, 0.3, 0.4), range(3), 3000, 50


def compute():
    runs = {}
    for eta in ETAS:
        found = [descend(lambda _, eta=eta: eta, seed, STEPS) for seed in SEEDS]
        rises = [np.flatnonzero(np.diff(losses) > 0) for losses, _ in found]
        ends = [curvatures[-10:].mean() for _, curvatures in found]
        runs[f"eta{round(100 * eta)}"] = {
            "eta": eta,
            "limit": 2 / eta,
            "end": np.mean(ends),
            "ends": ends,
            "start": np.mean([curvatures[0] for _, curvatures in found]),
            "peak": np.mean([curvatures.max() for _, curvatures in found]),
            "crossing": [int(EVERY * np.argmax(curvatures > 2 / eta)) for _, curvatures in found],
            "first_rise": [int(at[0]) for at in rises],
            "rises": [len(at) for at in rises],
            "rises_share": np.mean([len(at) / STEPS for at in rises]),
            "loss_start": np.mean([losses[0] for losses, _ in found]),
            "loss_end": np.mean([losses[-1] for losses, _ in found]),
            "curvature": [curvatures for _, curvatures in found],
            "loss": found[0][0][::10],
        }
    return {"steps": STEPS, "every": EVERY, "seeds": len(SEEDS), "runs": runs}


def draw(data, canvas):
    top, bottom = canvas.panels(
        2, columns=1, height=270 if canvas.wide else 250, share_x=True, x_range=(0, data["steps"])
    )
    canvas.axis(top, title="Curvatura máxima λmax", y_range=(2, 10))
    canvas.axis(bottom, title="Pérdida de entrenamiento", x="pasos", y_log=True)
    steps = np.arange(0, data["steps"] + 1, data["every"])
    for series, run in zip(("c1", "c2", "c3"), data["runs"].values(), strict=True):
        name = f"η = {run['eta']:.3g}".replace(".", ",")
        for seed, curvatures in enumerate(run["curvature"]):
            first = seed == 0
            canvas.line(
                top,
                steps,
                curvatures,
                series=series,
                width=2 if first else 1,
                alpha=1 if first else 0.5,
                label=name if first else f"{name}, semilla {seed}",
                labelled=first,
            )
        canvas.reference(top, f"2/η = {run['limit']:.3g}".replace(".", ","), y=run["limit"])
        canvas.line(
            bottom, np.arange(0, data["steps"] + 1, 10), run["loss"], series=series, label=name, width=1.5
        )
