"""One net written in six ways needs six learning rates, and the same length of step in units of curvature."""

import numpy as np
from _unidades import BATCHES, CASES, train
from _unidades import sweep as sweep_units

CENTRES = {"base": 3.2, "sum": 0.05, "cent": 320, "pixels": 0.1, "layers": 3.2, "deep": 1.0}
DECADES = np.arange(-9, 4) / 4


def compute():
    runs = {name: sweep_units(CASES[name], CENTRES[name] * 10**DECADES) for name in CASES}
    etas = [run["best"]["eta"] for run in runs.values()]
    lengths = [run["best"]["length"] for run in runs.values()]
    one, _ = train(CASES["base"], 1.0, 0)
    other, _ = train(CASES["sum"], 1 / 64, 0)
    return {
        "runs": runs,
        "batches": {
            "b8": sweep_units(BATCHES["b8"], 10 ** DECADES[5:11]),
            "b256": sweep_units(BATCHES["b256"], 3.2 * 10 ** DECADES[6:12]),
        },
        "spread": {"eta": max(etas) / min(etas), "length": max(lengths) / min(lengths)},
        "pixel_factor": runs["base"]["best"]["eta"] / runs["pixels"]["best"]["eta"],
        "shortest": min(lengths),
        "longest": max(lengths),
        "difference": max(float(np.abs(a - b).max()) for a, b in zip(one, other, strict=True)),
    }


NAMES = {
    "base": ("c1", "la de partida"),
    "sum": ("c2", "pérdida ×64"),
    "cent": ("c3", "pérdida ×0,01"),
    "pixels": ("c4", "píxeles ×16"),
    "layers": ("c5", "W₁×5, W₂÷5"),
    "deep": ("c6", "cuatro capas"),
}
AT_LEFT = {  # which point of the sweep, where its words go
    "sum": (9, (-8, -16), "right"),
    "pixels": (10, (8, -16), "right"),
    "deep": (9, (-4, -60), "left"),
    "layers": (10, (8, -26), "left"),
    "base": (12, (4, 12), "center"),
    "cent": (9, (0, -16), "center"),
}
AT_RIGHT = {
    "pixels": (2, (14, 12), "left"),
    "layers": (6, (0, 28), "center"),
    "deep": (3, (-12, -26), "right"),
}


def draw(data, canvas):
    left, right = canvas.panels(
        2,
        height=340,
        x_log=True,
        y_log=True,
        share_y=True,
        y="pérdida tras 5 épocas",
        y_range=(0.004, 8),
    )
    canvas.axis(left, x="learning rate η", title="Según η", x_range=(2e-4, 3e3))
    canvas.axis(right, x="longitud del paso p", title="Según p", x_range=(1e-3, 4))
    for name, (series, label) in NAMES.items():
        run = data["runs"][name]
        etas, losses, lengths = (np.array(run[key], dtype=float) for key in ("etas", "loss", "length"))
        keep = losses < 6
        canvas.line(left, etas[keep], losses[keep], series=series, label=label, labelled=False)
        inside = keep & (lengths > 0) & (lengths < 4)
        canvas.line(right, lengths[inside], losses[inside], series=series, label=label, labelled=False)
        at, offset, align = AT_LEFT[name]
        canvas.note(left, label, (etas[at], losses[at]), offset=offset, align=align)
        if name in AT_RIGHT:
            at, offset, align = AT_RIGHT[name]
            canvas.note(right, label, (lengths[at], losses[at]), offset=offset, align=align)
    canvas.reference(right, "", x=1)
