"""Three sweeps of η for a question: only one of them was seen to fail on both sides."""

import numpy as np
from _digitos import loss, net, split, train

SEEDS = range(3)
PLANS = {  # epochs, and the η that somebody tried
    "A": (200, np.geomspace(0.003, 0.3, 5)),
    "B": (10, np.geomspace(0.01, 10, 7)),
    "C": (3, np.geomspace(5, 12, 4)),
}


def compute():
    images, labels, *_ = split()
    sweeps = {}
    for name, (epochs, etas) in PLANS.items():
        losses = []
        for eta in etas:
            ends = []
            for seed in SEEDS:
                rng = np.random.default_rng(seed)
                trained = train(net((64, 32, 10), rng), images, labels, rng, eta=float(eta), epochs=epochs)
                ends.append(loss(trained, images, labels))
            losses.append(float(np.mean(ends)))
        sweeps[name] = {"epochs": epochs, "eta": list(etas), "loss": losses}
    return {"sweeps": sweeps}


def draw(data, canvas):
    ax = canvas.axes(height=300, x="η", y="pérdida de entrenamiento final", x_log=True, y_log=True)
    for series, (name, sweep) in zip(("c1", "c2", "c3"), data["sweeps"].items(), strict=True):
        canvas.line(ax, sweep["eta"], sweep["loss"], series=series, label=name)
        canvas.points(ax, sweep["eta"], sweep["loss"], series=series)
