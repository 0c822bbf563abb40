"""Steps S = 1 + 1/b (b is B over the critical batch) at c + b a step: time, and price with k machines."""

import numpy as np

FIXED = {"c01": 0.1, "c1": 1.0, "c10": 10.0}
MACHINES = (1, 2, 4, 8, 16, 32, 64, 128)
BATCHES = np.geomspace(0.02, 60, 400)


def seconds(batch, fixed, machines=1):
    return (1 + 1 / batch) * (fixed + batch / machines)


def compute():
    times, prices = {}, {}
    for name, fixed in FIXED.items():
        curve = seconds(BATCHES, fixed)
        times[name] = {
            "fixed": fixed,
            "relative": curve / curve.min(),
            "best": np.sqrt(fixed),
            "at_tenth": seconds(0.1, fixed) / seconds(np.sqrt(fixed), fixed),
        }
    for name in ("c01", "c1"):
        fixed = FIXED[name]
        best = np.array([seconds(np.sqrt(fixed * k), fixed, k) for k in MACHINES])
        prices[name] = {
            "fixed": fixed,
            "time": best / best[0],
            "price": np.array(MACHINES) * best / best[0],
            "batch": np.sqrt(fixed * np.array(MACHINES)),
        }
    return {"batches": BATCHES, "machines": MACHINES, "times": times, "prices": prices}


def draw(data, canvas):
    left, right = canvas.panels(2, height=340 if canvas.wide else 290, x_log=True, y_log=True)
    canvas.axis(
        left,
        x="B ÷ batch crítico",
        y="tiempo, el menor vale 1",
        title="Una máquina",
        x_range=(0.02, 60),
        y_range=(0.9, 30),
    )
    left.set_xticks([0.1, 1, 10], ["0,1", "1", "10"])
    left.set_yticks([1, 3, 10, 30], ["1", "3", "10", "30"])
    for series, run in zip(("c1", "c2", "c3"), data["times"].values(), strict=True):
        label = f"c = {run['fixed']:g}".replace(".", ",")
        canvas.line(left, data["batches"], run["relative"], series=series, label=label)
        canvas.points(left, [run["best"]], [1], series=series)
    canvas.axis(
        right,
        x="tiempo, con una máquina vale 1",
        y="precio, con una máquina vale 1",
        title="De 1 a 128 máquinas",
        x_range=(0.04, 1.3),
        y_range=(0.9, 60),
    )
    right.set_xticks([0.1, 0.3, 1], ["0,1", "0,3", "1"])
    right.set_yticks([1, 3, 10, 30], ["1", "3", "10", "30"])
    for series, run in zip(("c1", "c2"), data["prices"].values(), strict=True):
        label = f"c = {run['fixed']:g}".replace(".", ",")
        canvas.line(right, run["time"], run["price"], series=series, label=label, label_at=run["time"][-1])
        canvas.points(right, run["time"], run["price"], series=series)
    for place, count in enumerate(data["machines"]):
        if count in (8, 64):
            run = data["prices"]["c01"]
            canvas.note(
                right, f"{count}", (run["time"][place], run["price"][place]), offset=(-14, -12), align="right"
            )
