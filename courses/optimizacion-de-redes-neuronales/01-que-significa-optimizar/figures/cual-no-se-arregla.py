"""Three loss curves for a question: one of them no budget will mend."""

import numpy as np
from _digitos import dead, loss, net, split, train

SEED, EPOCHS, MORE = 0, 10, 30
PLANS = {"A": (22.0, 1.0), "B": (0.03, 0.03), "C": (1.0, 1.0)}  # η of the first epoch, η of the rest


def compute():
    images, labels, *_ = split()
    curves = {}
    for name, (first, rest) in PLANS.items():
        rng = np.random.default_rng(SEED)
        layers = net((64, 32, 10), rng)
        trace = [loss(layers, images, labels)]

        def watch(_, now, trace=trace):
            trace.append(loss(now, images, labels))

        layers = train(layers, images, labels, rng, eta=first, epochs=1, watch=watch)
        layers = train(layers, images, labels, rng, eta=rest, epochs=EPOCHS - 1, watch=watch)
        later = train(layers, images, labels, rng, eta=rest, epochs=MORE - EPOCHS)
        curves[name] = {
            "trace": trace,
            "end": trace[-1],
            "later": loss(later, images, labels),
            "dead": 100 * dead(layers, images),
        }
    return {"epochs": EPOCHS, "more": MORE, "curves": curves}


def draw(data, canvas):
    ax = canvas.axes(height=280, x="época", y="pérdida de entrenamiento", y_log=True, y_range=(3e-2, 6))
    for series, (name, curve) in zip(("c1", "c2", "c3"), data["curves"].items(), strict=True):
        canvas.line(ax, range(len(curve["trace"])), curve["trace"], series=series, label=name)
