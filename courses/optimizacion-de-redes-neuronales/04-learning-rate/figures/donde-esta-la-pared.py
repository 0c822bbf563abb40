"""η from half of 2/λmax to eight times it: where the loss rises, where the net ends up, where it breaks."""

import numpy as np
from _curvatura import loss_and_gradient, power, trained

SHARES = np.array([0.5, 0.8, 1.0, 1.1, 1.2, 1.4, 1.7, 2.0, 2.8, 4.0, 8.0])
SEEDS, PUSH, STEPS = range(3), 1e-3, 300


def compute():
    peaks, ends = np.zeros((2, len(SEEDS), len(SHARES)))
    for seed in SEEDS:
        w = trained(seed)
        found, v = power(w, 25)
        for k, share in enumerate(SHARES):
            x, losses = w + PUSH * v, []
            for _ in range(STEPS):
                value, gradient = loss_and_gradient(x)
                losses.append(value)
                x = x - share * 2 / found[-1] * gradient
            peaks[seed, k] = max(losses)
            ends[seed, k] = np.median(losses[-50:])
    medians = {
        f"r{round(100 * share)}": {"peak": float(np.median(peaks[:, k])), "end": float(np.median(ends[:, k]))}
        for k, share in enumerate(SHARES)
    }
    return {
        "shares": SHARES,
        "peak": peaks,
        "end": ends,
        "at": medians,
        "start": loss_and_gradient(trained(0))[0],
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=290,
        x_log=True,
        y_log=True,
        x="η ÷ (2/λmax)",
        y="pérdida",
        x_range=(0.45, 9),
        y_range=(0.2, 3000),
    )
    ax.set_xticks([0.5, 1, 2, 4, 8], ["0,5", "1", "2", "4", "8"])
    ax.minorticks_off()
    shares = np.array(data["shares"])
    for name, series, label in (("peak", "c5", "la mayor del camino"), ("end", "c1", "tras 300 pasos")):
        values = np.array(data[name], dtype=float)
        canvas.band(ax, shares, values.min(axis=0), values.max(axis=0), series=series)
        canvas.line(ax, shares, np.median(values, axis=0), series=series, label=label)
    canvas.reference(ax, "", x=1)
