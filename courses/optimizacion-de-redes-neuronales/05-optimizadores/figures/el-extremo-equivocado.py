"""Reddi's losses: 3x every third step, −x in the others; the optimum is −1."""

import numpy as np

STEPS = 5000
SHOWN = np.unique(np.round(np.logspace(0, np.log10(STEPS), 300)).astype(int))


def run(kind, beta2):
    """Positions after every step, with η = 0.5/√t and β₁ = 0."""
    x, v, most, path = 0.0, 0.0, 0.0, np.empty(STEPS)
    for t in range(1, STEPS + 1):
        g = 3.0 if t % 3 == 1 else -1.0
        v = beta2 * v + (1 - beta2) * g * g
        corrected = v / (1 - beta2**t)
        most = max(most, corrected)
        size = {"adam": corrected, "amsgrad": most, "sgd": 1.0}[kind]
        x = float(np.clip(x - 0.5 / np.sqrt(t) * g / np.sqrt(size), -1, 1))
        path[t - 1] = x
    return path


def cycle(beta2):
    """One cycle's displacement in units of η once v has settled: the three steps and their sum."""
    v, steps = 1.0, []
    for t in range(300):
        g = 3.0 if t % 3 == 0 else -1.0
        v = beta2 * v + (1 - beta2) * g * g
        steps.append(-g / np.sqrt(v))
    return {"big": steps[-3], "next": steps[-2], "last": steps[-1], "sum": sum(steps[-3:])}


def compute():
    paths = {
        "adam": run("adam", 0.1),
        "larga": run("adam", 0.99),
        "amsgrad": run("amsgrad", 0.1),
        "sgd": run("sgd", 0.1),
    }
    return {
        "t": SHOWN,
        "runs": {
            name: {"path": path[SHOWN - 1], "end": path[-STEPS // 10 :].mean()}
            for name, path in paths.items()
        },
        "cycle": cycle(0.1),
        "long_cycle": cycle(0.99),
    }


LOOK = {
    "adam": ("adam", "Adam, β₂ = 0,1", None),
    "larga": ("c1", "Adam, β₂ = 0,99", (5, 3)),
    "amsgrad": ("c4", "AMSGrad, β₂ = 0,1", (2, 2)),
}


def draw(data, canvas):
    ax = canvas.axes(height=280, x="pasos", y="x", x_log=True, y_range=(-1.2, 1.2))
    for name, (series, label, dash) in LOOK.items():
        canvas.line(
            ax, data["t"], data["runs"][name]["path"], series=series, label=label, dash=dash, labelled=False
        )
    canvas.reference(ax, "", y=-1)
    for name, at, offset, align in (
        ("adam", 300, (-20, -24), "right"),
        ("larga", 14, (30, 56), "left"),
        ("amsgrad", 700, (10, 26), "center"),
    ):
        k = int(np.searchsorted(data["t"], at))
        point = (data["t"][k], data["runs"][name]["path"][k])
        canvas.note(ax, LOOK[name][1], point, offset=offset, align=align)
