"""A ReLU net and two rescaled copies, the same function: how wide each looks in a random slice."""

import numpy as np
from _digitos import split
from _red import WEIGHTS, by_neuron, flat, forward, layers, loss, start, train

FACTOR, DIRECTIONS = 10.0, 6
AWAY = np.linspace(-1, 1, 61)


def compute():
    images, labels, *_ = split()
    before, rng = start(0, tanh=False)
    w = train(before, rng, images, labels, tanh=False, epochs=30)
    first, bias, last, scores = layers(w)
    twin = flat(FACTOR * first, FACTOR * bias, last / FACTOR, scores)
    powers = 10 ** np.random.default_rng(1).uniform(-1, 1, 32)
    uneven = flat(first * powers, bias * powers, last / powers[:, None], scores)
    scores_of = [forward(net, images, tanh=False)[1] for net in (w, twin, uneven)]
    apart = max(np.abs(other - scores_of[0]).max() for other in scores_of[1:])
    raw, fair = {"net": [], "twin": []}, {"net": [], "twin": [], "uneven": []}
    for _ in range(DIRECTIONS):
        direction = rng.standard_normal(WEIGHTS)
        direction = flat(layers(direction)[0], np.zeros(32), layers(direction)[2], np.zeros(10))
        short = direction / np.linalg.norm(direction) * 3
        for name, net in (("net", w), ("twin", twin)):
            raw[name].append([loss(net + t * short, images, labels, tanh=False) for t in AWAY])
            same = by_neuron(direction, net)
            fair[name].append([loss(net + t * same, images, labels, tanh=False) for t in AWAY])
        same = by_neuron(direction, uneven)
        fair["uneven"].append([loss(uneven + t * same, images, labels, tanh=False) for t in AWAY])
    ends = {
        kind: {name: np.mean([[v[0], v[-1]] for v in values]) for name, values in found.items()}
        for kind, found in (("raw", raw), ("fair", fair))
    }
    return {
        "factor": FACTOR,
        "apart": apart,
        "loss": loss(w, images, labels, tanh=False),
        "away": AWAY,
        "length": np.linalg.norm(w),
        "twin_length": np.linalg.norm(twin),
        "raw": raw,
        "fair": fair,
        "ends": ends,
        "fair_difference": np.abs(np.array(fair["net"]) - np.array(fair["twin"])).max(),
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=300, y_log=True)
    canvas.axis(left, title="Dirección sin normalizar", x="distancia", y="pérdida de entrenamiento")
    canvas.axis(
        right, title="Normalizada por neurona", x="distancia, en longitudes de la red", y_range=(0.03, 5)
    )
    lines = (
        (left, "raw", 3, "twin", "c1", "la gemela"),
        (left, "raw", 3, "net", "c2", "la red"),
        (right, "fair", 1, "uneven", "c3", "la desigual"),
        (right, "fair", 1, "twin", "c1", "la gemela"),
        (right, "fair", 1, "net", "c2", "la red"),
    )
    for ax, kind, reach, name, series, label in lines:
        for number, values in enumerate(data[kind][name]):
            canvas.line(
                ax,
                reach * np.array(data["away"]),
                values,
                series=series,
                width=1.3,
                alpha=0.8,
                label=label if number == 0 else f"{label}, {number + 1}",
                labelled=number == 0,
            )
