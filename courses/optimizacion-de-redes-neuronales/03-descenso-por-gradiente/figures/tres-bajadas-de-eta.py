"""Three trainings whose η is cut to a third at the same step; only one was on its noise floor."""

import numpy as np
from _minimos import DIMENSION, problem, sgd

CUT, STEPS = 3000, 6000


def compute():
    of = problem()
    least = 0.5 * float(np.mean((of.a @ of.best - of.y) ** 2))

    def noisy(eta):
        return sgd(
            of, lambda k: eta if k < CUT else eta / 3, STEPS, start=np.zeros(DIMENSION), seeds=3, every=10
        )[1].mean(axis=1)

    full, points = [], np.zeros(DIMENSION)
    for now in range(STEPS):
        if now % 10 == 0:
            full.append(float(of.excess(points)))
        points = points - (0.05 if now < CUT else 0.05 / 3) * of.hessian @ (points - of.best)
    runs = {"A": noisy(0.0004), "B": noisy(0.05), "C": np.array(full)}
    means = {name: least + run.reshape(-1, 10).mean(axis=1) for name, run in runs.items()}
    return {"cut": CUT, "steps": np.arange(STEPS // 100) * 100 + 50, "runs": means}


def draw(data, canvas):
    panels = canvas.panels(3, height=240 if canvas.wide else 190, y_log=True, share_y=True)
    for ax, series, (name, loss) in zip(panels, ("c1", "c2", "c3"), data["runs"].items(), strict=True):
        canvas.axis(ax, x="paso", y="pérdida", title=name, x_range=(0, 6000), y_range=(0.35, 12))
        ax.set_xticks([0, 3000, 6000], ["0", "3000", "6000"])
        ax.set_yticks([0.5, 1, 2, 5, 10], ["0,5", "1", "2", "5", "10"])
        canvas.reference(ax, "η/3", x=data["cut"])
        canvas.line(ax, data["steps"], loss, series=series)
