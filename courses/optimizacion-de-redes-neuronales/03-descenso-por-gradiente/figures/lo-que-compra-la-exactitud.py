"""One step with the gradient of B images: how much of the full batch's descent it gives, at three moments."""

import numpy as np
from _softmax import IMAGES, SMOOTHNESS, descend, gradient, loss

MOMENTS, DRAWS = (0, 50, 500), 120
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 768, 1024, 1152, 1297)


def compute():
    rng = np.random.default_rng(0)
    eta = 1 / SMOOTHNESS
    path = descend(eta, max(MOMENTS))[2]
    moments = {}
    for moment in MOMENTS:
        weights = path[moment]
        before = loss(weights)
        full = before - loss(weights - eta * gradient(weights))
        share = np.array(
            [
                [
                    (before - loss(weights - eta * gradient(weights, rng.permutation(len(IMAGES))[:batch])))
                    / full
                    for _ in range(DRAWS)
                ]
                for batch in BATCHES
            ]
        )
        mean = share.mean(axis=1)
        moments[f"k{moment}"] = {
            "full": full,
            "mean": mean,
            "low": np.quantile(share, 0.1, axis=1),
            "high": np.quantile(share, 0.9, axis=1),
            "at": {f"b{batch}": float(value) for batch, value in zip(BATCHES, mean, strict=True)},
        }
    return {"batches": BATCHES, "moments": moments, "cost_16": 16 / len(IMAGES)}


def draw(data, canvas):
    ax = canvas.axes(
        height=340 if canvas.wide else 310,
        x="B, imágenes con que se calcula el gradiente" if canvas.wide else "B, imágenes del gradiente",
        y="bajada de un paso, en fracción de la del batch completo"
        if canvas.wide
        else "bajada, fracción de la del completo",
        x_log=True,
        x_range=(1, 1300),
        y_range=(-1.5, 1.2),
    )
    ax.set_xticks([1, 4, 16, 64, 256, 1297], ["1", "4", "16", "64", "256", "1297"])
    ax.axhline(0, color="#575a62", linewidth=0.8)
    names = {  # the point that the name speaks of, and where to write it
        "k0": ((4, data["moments"]["k0"]["at"]["b4"]), (-44, 6)),
        "k50": ((32, data["moments"]["k50"]["at"]["b32"]), (8, -34)),
        "k500": ((1024, data["moments"]["k500"]["at"]["b1024"]), (-74 if canvas.wide else -58, -60)),
    }
    for series, moment in zip(("c1", "c2", "c3"), MOMENTS, strict=True):
        found = data["moments"][f"k{moment}"]
        canvas.band(ax, data["batches"], found["low"], found["high"], series=series)
        canvas.line(ax, data["batches"], found["mean"], series=series)
        point, offset = names[f"k{moment}"]
        canvas.note(ax, f"paso {moment}", point, offset=offset)
