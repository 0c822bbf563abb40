"""Four ways from a trained net to another: to its own shuffled copy, to another seed, matched, and bent."""

import numpy as np
from _digitos import split
from _gemelas import bend, on_curve, pair
from _red import error, flat, forward, layers, loss

PAIRS = 5
ALONG = np.linspace(0, 1, 31)


def rms(scores):
    return float(np.sqrt(np.mean(scores**2)))


def compute():
    images, labels, test_images, test_labels = split()
    paths = {key: [] for key in ("shuffled", "other", "matched", "bent")}
    errors = {key: [] for key in paths}
    ends, end_errors, sizes, resized, moved, apart = [], [], [], [], [], []
    for number in range(PAIRS):
        nets, rng = pair(number, images, labels)
        w, other = nets["net"], nets["other"]
        middle = bend(w, other, rng, images, labels)
        for key in paths:
            way = [
                on_curve(w, middle, other, t) if key == "bent" else (1 - t) * w + t * nets[key] for t in ALONG
            ]
            paths[key].append([loss(u, images, labels, tanh=False) for u in way])
            errors[key].append([error(u, test_images, test_labels, tanh=False) for u in way])
        ends += [loss(u, images, labels, tanh=False) for u in (w, other)]
        end_errors += [error(u, test_images, test_labels, tanh=False) for u in (w, other)]
        half = (w + nets["shuffled"]) / 2
        ratio = rms(forward(half, images, tanh=False)[1]) / rms(forward(w, images, tanh=False)[1])
        sizes.append(ratio)
        first, bias, last, scores = layers(half)
        resized.append(loss(flat(first, bias, last / ratio, scores / ratio), images, labels, tanh=False))
        moved.append(np.linalg.norm(middle - (w + other) / 2))
        apart.append(np.linalg.norm(w - other) / np.linalg.norm(w))
    return {
        "pairs": PAIRS,
        "ends": {"low": min(ends), "high": max(ends), "mean": np.mean(ends)},
        "end_errors": {"low": min(end_errors), "high": max(end_errors)},
        "apart": np.mean(apart),
        "moved": np.mean(moved),
        "half_size": np.mean(sizes),
        "half_resized": np.mean(resized),
        "along": ALONG,
        "paths": paths,
        "worst": {
            key: {
                "low": np.max(values, axis=1).min(),
                "high": np.max(values, axis=1).max(),
                "mean": np.max(values, axis=1).mean(),
                "error_low": np.max(errors[key], axis=1).min(),
                "error_high": np.max(errors[key], axis=1).max(),
            }
            for key, values in paths.items()
        },
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=340,
        x="fracción del camino entre las dos redes",
        y="pérdida de entrenamiento",
        y_log=True,
        x_range=(0, 1),
        y_range=(0.02, 0.9),
    )
    lines = (
        ("shuffled", "c1", "a su copia barajada", None),
        ("other", "c3", "a otra semilla; y a su copia barajada", (-40, 34)),
        ("matched", "c2", "a otra semilla, emparejada", (-16, 20)),
        ("bent", "c4", "a otra semilla, por la curva", (-60, -34)),
    )
    along = np.array(data["along"])
    for key, series, label, offset in lines:
        values = np.array(data["paths"][key])
        canvas.band(ax, along, values.min(axis=0), values.max(axis=0), series=series)
        mean = values.mean(axis=0)
        canvas.line(ax, along, mean, series=series, label=label, labelled=False)
        if offset:
            at = 12 if key == "other" else 17
            canvas.note(ax, label, (along[at], mean[at]), offset=offset)
    ax.set_yticks([0.03, 0.1, 0.3], ["0,03", "0,1", "0,3"])
    ax.minorticks_off()
