"""300 digits, a fifth of the labels redrawn: what is shared is learnt first, the false labels later."""

import numpy as np
from _digitos import error, gradients, loss, net, split, step

IMAGES, SHARE, ETA, STEPS, SEEDS = 300, 0.2, 0.5, 3000, range(3)


def learn(seed, share=SHARE):
    """Rows of: step, training loss, test loss, and the error (%) on true, on false labels and on test."""
    rng = np.random.default_rng(seed)
    images, truth, test_images, test_labels = split()
    images, truth = images[:IMAGES], truth[:IMAGES]
    redrawn = rng.random(IMAGES) < share
    labels = np.where(redrawn, rng.integers(0, 10, IMAGES), truth)
    false = labels != truth
    layers = net((64, 128, 10), rng)
    looks = {0, *np.round(np.geomspace(1, STEPS, 70)).astype(int).tolist()}
    rows = []
    for now in range(STEPS + 1):
        if now in looks:
            rows.append(
                (
                    now,
                    loss(layers, images, labels),
                    loss(layers, test_images, test_labels),
                    100 * error(layers, images[~false], labels[~false]),
                    100 * error(layers, images[false], labels[false]) if false.any() else 0.0,
                    100 * error(layers, test_images, test_labels),
                )
            )
        layers = step(layers, gradients(layers, images, labels), ETA)
    return np.array(rows), int(false.sum())


def compute():
    runs = {}
    for seed in SEEDS:
        rows, false = learn(seed)
        lowest, best = rows[:, 2].argmin(), rows[:, 5].argmin()
        runs[f"s{seed}"] = {
            "false": false,
            "train": rows[:, 1],
            "test": rows[:, 2],
            "on_true": rows[:, 3],
            "on_false": rows[:, 4],
            "on_test": rows[:, 5],
            "best": {
                "train_error": (false * rows[best, 4] + (IMAGES - false) * rows[best, 3]) / IMAGES,
                "step": rows[best, 0],
                "error": rows[best, 5],
                "on_false": rows[best, 4],
                "train": rows[best, 1],
            },
            "lowest": {"step": rows[lowest, 0], "test": rows[lowest, 2], "error": rows[lowest, 5]},
            "end": {"train": rows[-1, 1], "test": rows[-1, 2], "error": rows[-1, 5], "on_false": rows[-1, 4]},
        }
        steps = rows[:, 0]
    ends = [run["end"]["error"] for run in runs.values()]
    bests = [run["best"]["error"] for run in runs.values()]
    clean = [learn(seed, share=0)[0] for seed in SEEDS]
    return {
        "steps": steps,
        "clean": {
            "best": np.mean([rows[:, 5].min() for rows in clean]),
            "end": np.mean([rows[-1, 5] for rows in clean]),
            "train_end": np.mean([rows[-1, 1] for rows in clean]),
        },
        "runs": runs,
        "best_low": min(bests),
        "best_high": max(bests),
        "end_low": min(ends),
        "end_high": max(ends),
        "on_false_low": min(run["best"]["on_false"] for run in runs.values()),
    }


def draw(data, canvas):
    left, right = canvas.panels(
        2, height=320 if canvas.wide else 280, x_log=True, x="pasos", x_range=(1, STEPS)
    )
    canvas.axis(left, title="Pérdida", y_log=True)
    canvas.axis(right, title="Error, %", y_range=(-3, 103))
    steps = data["steps"][1:]
    for seed, run in enumerate(data["runs"].values()):
        look = {"width": 2.0 if seed == 0 else 1.0, "alpha": 1.0 if seed == 0 else 0.5, "labelled": seed == 0}
        for ax, key, series, name in (
            (left, "train", "train", "train"),
            (left, "test", "val", "test"),
            (right, "on_false", "c5", "etiquetas falsas"),
            (right, "on_true", "train", "etiquetas ciertas"),
            (right, "on_test", "val", "test"),
        ):
            canvas.line(
                ax,
                steps,
                run[key][1:],
                series=series,
                label=name if seed == 0 else f"{name}, semilla {seed}",
                **look,
            )
