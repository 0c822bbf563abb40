"""Around one rotten batch: the length of the gradient and the loss of the whole set, step by step."""

import numpy as np
from _digitos import split
from _red import loss, loss_gradient, net, norm

WIDTHS, BATCH, STEPS, EVERY, ETA = (64, 64, 64, 10), 64, 100, 20, 0.3
LIMITS = {"sin": np.inf, "c1": 1.0}


def run(limit):
    images, labels, *_ = split()
    rng = np.random.default_rng(0)
    layers, norms, losses = net(WIDTHS, rng), [], []
    losses.append(loss(layers, images, labels))
    for step in range(1, STEPS + 1):
        chosen = rng.integers(0, len(labels), BATCH)
        some, names = images[chosen], labels[chosen]
        if step % EVERY == 0:
            some, names = some.copy(), names.copy()
            some[0] *= 100
            names[0] = (names[0] + 1 + rng.integers(9)) % 10
        _, found = loss_gradient(layers, some, names)
        size = norm(found)
        factor = min(1.0, limit / size)
        layers = [part - ETA * factor * slope for part, slope in zip(layers, found, strict=True)]
        norms.append(size)
        losses.append(loss(layers, images, labels))
    clean = [size for step, size in enumerate(norms, 1) if step % EVERY]
    before, after = losses[EVERY - 1], losses[EVERY]
    back = next((k for k in range(EVERY, STEPS + 1) if losses[k] <= before), None)
    return {
        "norms": norms,
        "losses": losses,
        "clean_median": np.median(clean),
        "clean_max": np.max(clean),
        "rotten_first": norms[EVERY - 1],
        "ratio": norms[EVERY - 1] / np.median(clean[: EVERY - 1]),
        "before": before,
        "after": after,
        "back": back - EVERY if back else None,
        "end": losses[-1],
    }


def compute():
    return {
        "eta": ETA,
        "every": EVERY,
        "images": EVERY * BATCH,
        **{key: run(limit) for key, limit in LIMITS.items()},
    }


def draw(data, canvas):
    above, below = canvas.panels(2, columns=1, height=210, y_log=True, share_x=canvas.wide)
    canvas.axis(above, x="paso", y="norma del gradiente", title="Lo que llega al optimizador")
    canvas.axis(below, x="paso", y="pérdida de entrenamiento", title="Lo que le hace a la red")
    for series, key, name in (("c5", "sin", "sin recorte"), ("c1", "c1", "c = 1")):
        row = data[key]
        canvas.line(above, range(1, len(row["norms"]) + 1), row["norms"], series=series, label=name)
        canvas.line(below, range(len(row["losses"])), row["losses"], series=series, label=name)
    canvas.reference(above, "límite", y=1.0)
