"""Four loss traces to tell apart by eye: three are linear, one is not."""

import numpy as np

STEPS, RHO = 160, 0.93


def compute():
    k = np.arange(STEPS + 1)
    rng = np.random.default_rng(3)
    return {
        "a": RHO**k,
        "b": RHO**k + 2e-3 * np.abs(rng.standard_normal(STEPS + 1)),
        "c": 1 / (1 + 0.6 * k),
        "d": (RHO**k + 0.03) / 1.03,
        "rho": RHO,
    }


def draw(data, canvas):
    ax = canvas.axes(height=300, x="pasos", y="pérdida", y_log=True, x_range=(0, STEPS), y_range=(5e-6, 1.5))
    for series, name in zip(("c1", "c2", "c3", "c5"), "abcd", strict=True):
        canvas.line(
            ax,
            range(STEPS + 1),
            data[name],
            series=series,
            label=name.upper(),
            width=1.5 if name == "b" else 2,
        )
