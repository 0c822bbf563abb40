"""Softmax regression by full-batch descent: what the descent lemma signs, and what each step really gives."""

import numpy as np
from _softmax import IMAGES, SMOOTHNESS, descend, gradient, loss

STEPS = 500
TIMES = (1, 1.9, 8, 16, 40, 80)  # η as a multiple of 1/L
MOMENTS = (0, 50, 500)


def ratio(weights, eta):
    """Real decrease of the loss in one step over η‖g‖²; the lemma says ≥ 1 − ηL/2."""
    found = gradient(weights)
    return (loss(weights) - loss(weights - eta * found)) / (eta * float(np.sum(found**2)))


def curvature_along_gradient(weights, reach=1e-4):
    """Second derivative of the loss in the direction of its own gradient."""
    found = gradient(weights)
    ahead = found / np.linalg.norm(found)
    change = gradient(weights + reach * ahead) - gradient(weights - reach * ahead)
    return float(np.sum(ahead * change)) / (2 * reach)


def compute():
    runs = {}
    for times in TIMES:
        eta = times / SMOOTHNESS
        losses, norms, path = descend(eta, STEPS)
        falls = losses[:-1] - losses[1:]
        promised = eta * (1 - times / 2) * norms[:-1]
        runs[f"x{str(times).replace('.', '_')}"] = {
            "times": times,
            "eta": eta,
            "loss": losses[:101],
            "first": losses[1],
            "end": losses[-1],
            "rises": int((falls < -1e-12).sum()),
            "broken": int((falls < promised - 1e-12).sum()),
            "first_fall": falls[0],
            "first_promised": promised[0],
            "median_ratio": float(np.median(falls / promised)),
            "least_norm2": norms.min(),
            "norm2_bound": 2 * SMOOTHNESS * (losses[0] - losses[-1]) / STEPS,
        }
        if times == 1:
            moments = [path[moment] for moment in MOMENTS]
            start_norm2 = norms[0]
    grid = np.geomspace(0.02, 200, 61)
    curves = {
        f"k{moment}": [ratio(weights, times / SMOOTHNESS) for times in grid]
        for moment, weights in zip(MOMENTS, moments, strict=True)
    }
    powers = np.linalg.eigvalsh(IMAGES.T @ IMAGES / len(IMAGES))
    return {
        "smoothness": SMOOTHNESS,
        "largest": powers[-1],
        "second": powers[-2],
        "start_norm2": start_norm2,
        "along": {
            f"k{moment}": curvature_along_gradient(w) for moment, w in zip(MOMENTS, moments, strict=True)
        },
        "norm2_slack": runs["x1"]["norm2_bound"] / runs["x1"]["least_norm2"],
        "runs": runs,
        "grid": grid,
        "curves": curves,
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=330 if canvas.wide else 280, x_log=True)
    canvas.axis(
        left, x="paso", y="pérdida", title="Tres η, 100 pasos", y_log=True, x_range=(1, 100), y_range=(0.2, 6)
    )
    left.set_xticks([1, 10, 100], ["1", "10", "100"])
    left.set_yticks([0.2, 0.5, 1, 2, 5], ["0,2", "0,5", "1", "2", "5"])
    for series, times in zip(("c1", "c2", "c5"), (1, 8, 40), strict=True):
        run = data["runs"][f"x{times}"]
        canvas.line(left, range(1, 101), run["loss"][1:101], series=series, label=f"{times}/L")
    canvas.axis(
        right,
        x="ηL",
        y="cociente de descenso",
        title="Un solo paso",
        x_range=(0.02, 200),
        y_range=(-0.5, 1.1),
    )
    right.set_xticks([0.1, 1, 10, 100], ["0,1", "1", "10", "100"])
    for series, moment in zip(("c1", "c2", "c3"), MOMENTS, strict=True):
        name = "paso 0" if not moment else f"paso {moment}" if canvas.wide else str(moment)
        canvas.line(right, data["grid"], data["curves"][f"k{moment}"], series=series, label=name)
    grid = np.array(data["grid"])
    floor = grid[grid < 3.05]
    canvas.reference(right, "1 − ηL/2", xs=floor, ys=1 - floor / 2, left=True)
    right.axhline(0, color="#575a62", linewidth=0.8)
