"""One epoch at a wrong learning rate, nine at a good one: too low costs an epoch, too high costs the net."""

import numpy as np
from _digitos import dead, error, interval, loss, net, split, train

FIRST = [10 ** (-3 + k / 2) for k in range(7)] + [1.78, 3.16, 4.64, 6.8, 10, 14.7, 21.5]
GOOD = 1.0
SEEDS = 10


def compute():
    images, labels, test_images, test_labels = split()

    def follow(first, epochs):
        """Dead units after the first epoch and at the end, and test error at the end, for each seed."""
        rows = []
        for seed in range(SEEDS):
            rng = np.random.default_rng(seed)
            early = train(net((64, 32, 10), rng), images, labels, rng, eta=first, epochs=1)
            late = train(early, images, labels, rng, eta=GOOD, epochs=epochs)
            rows.append(
                (
                    100 * dead(early, images),
                    100 * dead(late, images),
                    100 * error(late, test_images, test_labels),
                    loss(late, images, labels),
                )
            )
        return np.array(rows)

    runs = {}
    for first in sorted(FIRST):
        rows = follow(first, 9)
        mean, half = interval(rows[:, 2])
        runs[f"{first:.3g}".replace(".", "_")] = {
            "first": first,
            "dead": rows[:, 0].mean(),
            "dead_end": rows[:, 1].mean(),
            "error": mean,
            "half": half,
            "loss": rows[:, 3].mean(),
        }
    patient = follow(10.0, 99)
    mean, half = interval(patient[:, 2])
    return {
        "good": GOOD,
        "seeds": SEEDS,
        "runs": runs,
        "patient": {
            "error": mean,
            "half": half,
            "dead_end": patient[:, 1].mean(),
            "worst": patient[:, 2].max(),
        },
    }


def draw(data, canvas):
    runs = list(data["runs"].values())
    first, mean, half, dead = (
        np.array([run[key] for run in runs]) for key in ("first", "error", "half", "dead")
    )
    ax = canvas.axes(
        height=310,
        x_log=True,
        x="η de la primera época (después, η = 1)",
        y="%",
        x_range=(8e-4, 26),
        y_range=(0, 100),
    )
    canvas.band(
        ax,
        first,
        np.maximum(mean - half, 0),
        np.minimum(mean + half, 100),
        series="c1",
        label="error de test",
    )
    canvas.line(ax, first, mean, series="c1", label="error de test al final", labelled=False)
    canvas.line(
        ax, first, dead, series="c5", label="neuronas muertas tras la época 1", dash=(4, 2), labelled=False
    )
    gap = "\n" if not canvas.wide else " "
    canvas.note(ax, f"neuronas muertas{gap}tras la época 1", (10, dead[11]), offset=(-30, 22), align="right")
    canvas.note(ax, f"error de test{gap}tras la 10", (10, mean[11]), offset=(-44, 22), align="right")
