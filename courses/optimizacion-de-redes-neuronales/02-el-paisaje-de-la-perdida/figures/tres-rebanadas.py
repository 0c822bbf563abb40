"""One trained net cut in three ways: at random, along its stiffest direction, along its own weights."""

import numpy as np
from _digitos import split
from _red import by_neuron, error, gradient, hessian_product, loss
from _tanh import random_direction, stiffest, trained

SEEDS, RANDOM = 5, 10
AWAY = np.linspace(-1, 1, 81)


def slices(w, direction, images, labels):
    return [loss(w + t * direction, images, labels, tanh=True) for t in AWAY]


def compute():
    images, labels, test_images, test_labels = split()
    found, ratios = [], []
    for seed in range(SEEDS):
        _, w, rng = trained(seed, images, labels)
        largest, stiff = stiffest(w, images, labels, rng)
        ways = [random_direction(w, rng) for _ in range(RANDOM)]
        along = [d @ hessian_product(w, d, images, labels) / (d @ d) for d in ways]
        ratios.append(largest / np.mean(along))
        length = np.linalg.norm(ways[0])
        ends = [loss(w + s * d, images, labels, tanh=True) for d in ways for s in (-1, 1)]
        stiff_ends = [loss(w + s * length * stiff, images, labels, tanh=True) for s in (-1, 1)]
        found.append((largest, np.mean(along), ends, stiff_ends, w, stiff, ways, length))
    _, _, _, _, w, stiff, ways, length = found[0]
    own = by_neuron(w, w)
    own *= length / np.linalg.norm(own)
    eta = 2 / found[0][1]
    leap = [w]
    for _ in range(3):
        leap.append(leap[-1] - eta * gradient(leap[-1], images, labels, tanh=True))
    largest = [f[0] for f in found]
    along = [f[1] for f in found]
    ends = np.concatenate([f[2] for f in found])
    stiff_ends = np.concatenate([f[3] for f in found])
    return {
        "seeds": SEEDS,
        "loss": np.mean([loss(f[4], images, labels, tanh=True) for f in found]),
        "error": np.mean([error(f[4], test_images, test_labels, tanh=True) for f in found]),
        "length": length,
        "largest": np.mean(largest),
        "along": np.mean(along),
        "ratio": np.mean(ratios),
        "ratio_low": min(ratios),
        "ratio_high": max(ratios),
        "ends": {"low": ends.min(), "high": ends.max(), "mean": ends.mean()},
        "stiff_ends": {"low": stiff_ends.min(), "high": stiff_ends.max(), "mean": stiff_ends.mean()},
        "one": {
            "loss": loss(w, images, labels, tanh=True),
            "error": error(w, test_images, test_labels, tanh=True),
            "low": min(found[0][2]),
            "high": max(found[0][2]),
            "stiff": max(found[0][3]),
        },
        "own_ends": [loss(w + s * own, images, labels, tanh=True) for s in (-1, 1)],
        "eta": {
            "slice": eta,
            "true": 2 / largest[0],
            "leap": [loss(u, images, labels, tanh=True) for u in leap],
            "error_after": error(leap[-1], test_images, test_labels, tanh=True),
        },
        "away": AWAY,
        "random": [slices(w, d, images, labels) for d in ways],
        "stiff": slices(w, length * stiff, images, labels),
        "own": slices(w, own, images, labels),
        "chance": np.log(10),
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=350,
        x="distancia a los pesos entrenados, en longitudes de la red",
        y="pérdida de entrenamiento",
        y_log=True,
        x_range=(-1, 1),
        y_range=(0.02, 20),
    )
    away = np.array(data["away"])
    for number, values in enumerate(data["random"]):
        canvas.line(
            ax,
            away,
            values,
            series="c2",
            width=1.3,
            alpha=0.7,
            label=f"al azar, {number + 1}",
            labelled=False,
        )
    canvas.line(ax, away, data["stiff"], series="c1", label="la más rígida", labelled=False)
    canvas.line(ax, away, data["own"], series="c3", label="sus propios pesos", labelled=False)
    canvas.note(ax, "diez al azar", (away[18], min(v[18] for v in data["random"])), offset=(-8, -24))
    canvas.note(ax, "la más rígida", (away[22], data["stiff"][22]), offset=(-20, 18))
    canvas.note(ax, "sus propios pesos", (away[56], data["own"][56]), offset=(-60, -22))
    canvas.reference(ax, "ln 10", y=data["chance"])
