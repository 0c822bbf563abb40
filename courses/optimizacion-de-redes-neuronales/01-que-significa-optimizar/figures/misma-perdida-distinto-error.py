"""Nets trained to one training loss differ in test error, by the scale of their first weights alone."""

import numpy as np
from _digitos import error, interval, loss, net, split
from _parada import until

SCALES, SEEDS = (1, 2, 3, 4), range(10)


def fit(data, scale, seed):
    """Where training stops: steps, training loss and error, how far the first layer has moved
    (over its first norm), test loss and error."""
    images, labels, test_images, test_labels = data
    layers = net((64, 64, 10), np.random.default_rng([seed, 1]), scale=scale)
    first = layers[0][0]
    steps, layers = until(layers, images, labels, np.random.default_rng([seed, 2]), 0.2 / scale)
    return (
        steps,
        loss(layers, images, labels),
        100 * error(layers, images, labels),
        np.linalg.norm(layers[0][0] - first) / np.linalg.norm(first),
        loss(layers, test_images, test_labels),
        100 * error(layers, test_images, test_labels),
    )


def compute():
    data, found = split(), {}
    for scale in SCALES:
        steps, train, train_error, moved, test, errors = np.array(
            [fit(data, scale, seed) for seed in SEEDS]
        ).T
        mean, half = interval(errors)
        found[f"x{scale}"] = {
            "scale": scale,
            "steps": steps.mean(),
            "train": train,
            "train_mean": train.mean(),
            "train_error": train_error.mean(),
            "moved": moved.mean(),
            "test_loss": test.mean(),
            "errors": errors,
            "error": mean,
            "half": half,
        }
    every = np.concatenate([run["train"] for run in found.values()])
    return {
        "runs": found,
        "loss_low": every.min(),
        "loss_high": every.max(),
        "ratio": found["x4"]["error"] / found["x1"]["error"],
    }


def piled(values, row):
    """The values, and heights over `row` at which equal ones (in steps of 0.2) stand on one another."""
    heights, seen = [], {}
    for value in values:
        step_of = round(value / 0.2)
        heights.append(row - 0.11 * seen.get(step_of, 0))
        seen[step_of] = seen.get(step_of, 0) + 1
    return values, heights


def draw(data, canvas):
    runs = list(data["runs"].values())
    left, right = canvas.panels(2, height=270 if canvas.wide else 240, share_y=canvas.wide)
    canvas.axis(left, title="Pérdida de entrenamiento", x="pérdida", x_range=(0, 0.028))
    canvas.axis(right, title="Error de test", x="% de 500 imágenes", x_range=(0, 6))
    for row, run in enumerate(runs):
        canvas.points(left, run["train"], [row] * len(run["train"]), series="c2", size=5, hollow=True)
        canvas.points(right, *piled(run["errors"], row), series="c2", size=5, hollow=True)
        ends = [run["error"] - run["half"], run["error"] + run["half"]]
        canvas.line(right, ends, [row + 0.2] * 2, series="c2", width=4)
    left.set_xticks([0, 0.01, 0.02], ["0", "0,01", "0,02"])
    for ax in (left, right):
        ax.set_yticks(range(len(runs)), [f"escala ×{run['scale']}" for run in runs])
        ax.set_ylim(len(runs) - 0.6, -0.75)
        ax.grid(visible=False, axis="y")
