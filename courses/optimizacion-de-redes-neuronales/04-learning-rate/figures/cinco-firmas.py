"""Five learning rates of one net: what the loss, the gradient and the ratio of step to weight say of each."""

import numpy as np
from _senales import train

ETAS = {"a": 0.003, "b": 0.03, "c": 0.5, "d": 2.0, "e": 5.0}
SEEDS = range(3)


def smooth(values, width=21):
    """Median of each epoch."""
    return np.median(values[: len(values) // width * width].reshape(-1, width), axis=1)


def compute():
    runs = {}
    for name, eta in ETAS.items():
        logs = [train(eta, seed) for seed in SEEDS]
        first = logs[0]
        runs[name] = {
            "eta": eta,
            "loss": smooth(first.loss),
            "norm": np.maximum(smooth(first.norm), 1e-4),
            "ratio": np.maximum(smooth(first.ratio), 1e-6),
            "end": float(np.mean([log.end() for log in logs])),
            "error": float(np.mean([log.error() for log in logs])),
            "early": float(np.median([np.median(log.ratio[:20]) for log in logs])),
            "late": float(np.median([np.median(log.ratio[-100:]) for log in logs])),
            "norm_early": float(np.median([np.median(log.norm[:20]) for log in logs])),
            "norm_late": float(np.median([np.median(log.norm[-100:]) for log in logs])),
        }
    return {"runs": runs, "gain": runs["b"]["end"] / runs["d"]["end"]}


def draw(data, canvas):
    panels = canvas.panels(3, height=290 if canvas.wide else 230, y_log=True)
    titles = (
        ("loss", "pérdida", (5e-4, 6)),
        ("norm", "‖g‖", (5e-3, 5)),
        ("ratio", "‖Δw‖/‖w‖, capa central", (1e-6, 0.3)),
    )
    for ax, (key, name, limits) in zip(panels, titles, strict=True):
        canvas.axis(ax, x="época", y=name, y_range=limits, x_range=(1, 15))
        ax.set_xticks([1, 5, 10, 15])
        for series, run in zip(("c1", "c3", "c2", "c4", "c5"), data["runs"].values(), strict=True):
            label = f"{run['eta']:g}".replace(".", ",")
            canvas.line(ax, np.arange(1, len(run[key]) + 1), run[key], series=series, label=label)
