"""Excess loss inside an epoch when the order is drawn with replacement, reshuffled, or shuffled once."""

import numpy as np
from _minimos import N, problem

ETAS, EPOCHS, KEPT, EVERY, SEEDS = (0.0005, 0.001, 0.002, 0.004), 24, 12, 20, 5
MODES = {"with": "con reemplazo", "each": "barajado cada época", "once": "barajado una vez"}


def within_an_epoch(of, mode, eta):
    """Mean excess over the last KEPT epochs, at each position of the epoch that is looked at (× seed)."""
    rng = np.random.default_rng(3)
    points = np.tile(of.best, (SEEDS, 1))
    fixed = np.array([rng.permutation(N) for _ in range(SEEDS)])
    seen = []
    for _ in range(EPOCHS):
        if mode == "with":
            order = rng.integers(N, size=(SEEDS, N))
        else:
            order = np.array([rng.permutation(N) for _ in range(SEEDS)]) if mode == "each" else fixed
        for now in range(N):
            if now % EVERY == 0:
                seen.append(points)
            rows = of.a[order[:, now]]
            points = points - eta * ((rows * points).sum(axis=1) - of.y[order[:, now]])[:, None] * rows
    excess = of.excess(np.array(seen)).reshape(EPOCHS, N // EVERY, SEEDS)
    return excess[-KEPT:].mean(axis=0)


def compute():
    of = problem()
    runs = {}
    for eta in ETAS:
        for mode in MODES:
            inside = within_an_epoch(of, mode, eta)
            runs[f"{mode}_{str(eta)[2:]}"] = {
                "mean": inside.mean(axis=1),
                "low": inside.min(axis=1),
                "high": inside.max(axis=1),
                "border": inside[0].mean(),
                "all": inside.mean(),
                "top": inside.mean(axis=1).max(),
            }
    names = [str(eta)[2:] for eta in ETAS]
    return {
        "at": np.arange(0, N, EVERY) / N,
        "etas": ETAS,
        "runs": runs,
        "gain_border": [runs[f"with_{n}"]["border"] / runs[f"each_{n}"]["border"] for n in names],
        "gain_all": [runs[f"with_{n}"]["all"] / runs[f"each_{n}"]["all"] for n in names],
        "once_border": runs["once_0005"]["border"] / runs["each_0005"]["border"],
        "once_share": runs["once_0005"]["all"] / runs["each_0005"]["all"],
        "bridge": 0.5 * 0.0005**2 * N * 0.25 * of.noise_trace(),
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=330 if canvas.wide else 280, y_log=True)
    canvas.axis(
        left,
        x="posición dentro de la época",
        y="exceso de pérdida",
        title="η = 0,0005",
        x_range=(0, 1),
        y_range=(3e-5, 8e-3),
    )
    left.set_xticks([0, 0.5, 1], ["principio", "mitad", "fin"])
    for series, (mode, label) in zip(("c1", "c2", "c3"), MODES.items(), strict=True):
        run = data["runs"][f"{mode}_0005"]
        closed = [
            [*run[key], run[key][0]] for key in ("mean", "low", "high")
        ]  # the end is the next beginning
        at = [*data["at"], 1]
        canvas.band(left, at, closed[1], closed[2], series=series)
        canvas.line(left, at, closed[0], series=series)
        place = {"with": (0.5, (-40, 16)), "each": (0.5, (-62, 14)), "once": (0.5, (-46, -40))}[mode]
        height = closed[0][round(place[0] * 50)]
        canvas.note(left, label, (place[0], height), offset=place[1])
    canvas.axis(
        right,
        x="η",
        y="veces menos exceso que con reemplazo",
        title="Barajar cada época",
        x_log=True,
        x_range=(0.00045, 0.0045),
        y_range=(1, 100),
    )
    right.set_xticks(data["etas"], ["0,0005", "0,001", "0,002", "0,004"])
    right.set_yticks([1, 3, 10, 30, 100], ["1", "3", "10", "30", "100"])
    for series, key, label in (
        ("c2", "gain_border", "en el borde" if canvas.wide else "borde"),
        ("c4", "gain_all", "de media" if canvas.wide else "media"),
    ):
        canvas.line(right, data["etas"], data[key], series=series, label=label)
        canvas.points(right, data["etas"], data[key], series=series)
