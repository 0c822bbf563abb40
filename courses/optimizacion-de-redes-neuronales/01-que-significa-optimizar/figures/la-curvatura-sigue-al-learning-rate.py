"""η is lowered and raised back in mid-run: λmax moves to the new 2/η both times."""

from itertools import pairwise

import numpy as np
from _borde import descend

CHANGES = ((0, 0.4), (700, 0.25), (3000, 0.4))
STEPS, EVERY = 4000, 25


def eta(now):
    return [value for at, value in CHANGES if now >= at][-1]


def compute():
    losses, curvatures = descend(eta, 0, STEPS, every=EVERY)
    rising = np.diff(losses) > 0
    lowered, raised = CHANGES[1][0], CHANGES[2][0]
    return {
        "every": EVERY,
        "lowered": lowered,
        "raised": raised,
        "curvature": curvatures,
        "loss": losses[::2],
        "at_lowering": curvatures[lowered // EVERY],
        "before_raising": curvatures[raised // EVERY],
        "end": curvatures[-10:].mean(),
        "rises_before": int(rising[lowered - 200 : lowered].sum()),
        "rises_after": int(rising[lowered : lowered + 200].sum()),
        "loss_before": losses[lowered],
        "loss_after_20": losses[lowered + 20],
        "loss_raising": losses[raised],
        "spike": losses[raised : raised + 200].max(),
        "spike_step": int(losses[raised : raised + 200].argmax()),
        "loss_back": int(np.flatnonzero(losses[raised + 200 :] < losses[raised])[0] + 200),
    }


def draw(data, canvas):
    top, bottom = canvas.panels(
        2, columns=1, height=250 if canvas.wide else 230, share_x=True, x_range=(0, STEPS)
    )
    canvas.axis(top, title="Curvatura máxima λmax", y_range=(2, 9))
    canvas.axis(bottom, title="Pérdida de entrenamiento", x="pasos", y_log=True)
    steps = np.arange(0, STEPS + 1, data["every"])
    edges = [at for at, _ in CHANGES] + [STEPS]
    canvas.reference(
        top,
        "2/η",
        xs=[edge for first, last in pairwise(edges) for edge in (first, last)],
        ys=[2 / value for _, value in CHANGES for _ in range(2)],
    )
    canvas.line(top, steps, data["curvature"], series="c1", label="λmax")
    canvas.line(bottom, np.arange(0, STEPS + 1, 2), data["loss"], series="c1", width=1.5)
    for ax in (top, bottom):
        for at, value in CHANGES[1:]:
            name = f"η = {value}".replace(".", ",")
            canvas.reference(ax, name if ax is bottom else "", x=at)
