"""Two runs seen at half their budget, for a question: one has a falling η, the other not yet."""

import numpy as np
from _caidas import eta_share
from _digitos import split
from _manada import batches, gradients, herd, losses, step

STEPS, SEEDS, EVERY = 1312, 6, 16


def compute():
    images, labels, _, _ = split()
    rng = np.random.default_rng(1)
    redrawn = rng.random(len(labels)) < 0.15
    labels = labels.copy()
    labels[redrawn] = rng.integers(0, 10, redrawn.sum())
    found = {}
    for key, name in (("A", "cosine"), ("B", "wsd")):
        flock, curve = herd((64, 32, 10), range(SEEDS)), []
        for k, chosen in enumerate(batches(range(SEEDS), len(labels), 16, int(0.6 * STEPS))):
            if k % EVERY == 0:
                curve.append(losses(flock, images, labels).mean())
            flock = step(
                flock, gradients(flock, images[chosen], labels[chosen])[1], 2 * eta_share(name, k, STEPS)
            )
        found[key] = curve
    return {"at": np.arange(len(found["A"])) * EVERY, "runs": found}


def draw(data, canvas):
    ax = canvas.axes(
        height=270, x="paso", y="pérdida de entrenamiento", x_range=(0, 1312), y_range=(0.3, 1.6)
    )
    for key, series in (("A", "c2"), ("B", "c1")):
        canvas.line(ax, data["at"], data["runs"][key], series=series, label=key)
    canvas.reference(ax, "ahora" if canvas.wide else "", x=data["at"][-1])
