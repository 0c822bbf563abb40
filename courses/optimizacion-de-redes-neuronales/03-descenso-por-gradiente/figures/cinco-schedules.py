"""One SGD, five schedules: what 20 000 steps make of conditions that speak of infinitely many."""

import numpy as np
from _minimos import DIMENSION, problem, sgd

STEPS, FIRST = 20_000, 0.016
SCHEDULES = {
    "constant": ("constante", lambda k: FIRST),
    "root": ("1/√k", lambda k: FIRST / np.sqrt(1 + k / 500)),
    "inverse": ("1/k", lambda k: FIRST / (1 + k / 500)),
    "hasty": ("1/k, con prisa", lambda k: FIRST / (1 + k / 5)),
    "finite": ("1/k²", lambda k: FIRST / (1 + k / 50) ** 2),
}


def compute():
    of = problem()
    runs = {}
    for name, (_, eta) in SCHEDULES.items():
        steps, excess, averaged = sgd(of, eta, STEPS, start=np.zeros(DIMENSION), every=10)
        edges = np.unique(np.geomspace(1, len(steps), 60).astype(int))
        parts = list(zip([0, *edges[:-1]], edges, strict=True))
        by_part = np.array([excess[a:b].mean(axis=0) for a, b in parts])
        runs[name] = {
            "at": [float(steps[a:b].mean()) + 5 for a, b in parts],
            "mean": by_part.mean(axis=1),
            "low": by_part.min(axis=1),
            "high": by_part.max(axis=1),
            "end": excess[-200:].mean(),
            "averaged": averaged.mean(),
            "path": sum(eta(k) for k in range(STEPS)),
        }
    return {
        "first": of.excess(np.zeros(DIMENSION)),
        "runs": runs,
        "statistical": of.noise_trace() / (2 * (STEPS // 2)),
        "constant_over_averaged": runs["constant"]["end"] / runs["constant"]["averaged"],
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=360 if canvas.wide else 330,
        x="paso",
        y="exceso de pérdida",
        x_log=True,
        y_log=True,
        x_range=(5, 20_000),
        y_range=(7e-4, 20),
    )
    for series, (name, (label, _)) in zip(("c1", "c2", "c3", "c5", "c4"), SCHEDULES.items(), strict=True):
        run = data["runs"][name]
        canvas.band(ax, run["at"], run["low"], run["high"], series=series)
        canvas.line(ax, run["at"], run["mean"], series=series, label=label)
    tail = data["runs"]["constant"]["averaged"]
    canvas.line(
        ax, [10_000, 20_000], [tail, tail], series="c1", width=4, label="su media" if canvas.wide else "media"
    )
