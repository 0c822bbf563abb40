"""Digits stored sorted by class, read through a shuffle buffer: what the buffer must hold."""

import numpy as np
from _digitos import error, gradients, interval, net, split, step

BATCH, ETA, EPOCHS, SEEDS = 32, 0.3, 10, 8
BUFFERS = (1, 128, 256, 512, 1024, 1297)


def through_buffer(order, size, rng):
    """`order` as it comes out of a buffer of `size` places from which one is drawn and refilled."""
    held, out = list(order[:size]), []
    for incoming in order[size:]:
        place = rng.integers(size)
        out.append(held[place])
        held[place] = incoming
    return np.array(out + list(rng.permutation(held)))


def follow(make_order, seed, *, watch=False):
    """Final test error, and the error after each step if `watch`."""
    images, labels, test_images, test_labels = split()
    rng = np.random.default_rng(seed)
    layers, trace = net((64, 32, 10), rng), []
    for _ in range(EPOCHS):
        order = make_order(rng)
        for start in range(0, len(labels), BATCH):
            some = order[start : start + BATCH]
            layers = step(layers, gradients(layers, images[some], labels[some]), ETA)
            if watch:
                trace.append(100 * error(layers, test_images, test_labels))
    return 100 * error(layers, test_images, test_labels), trace


def compute():
    labels = split()[1]
    stored = np.argsort(labels, kind="stable")
    by_buffer = {}
    for size in BUFFERS:
        errors = [
            follow(lambda rng, size=size: through_buffer(stored, size, rng), s)[0] for s in range(SEEDS)
        ]
        mean, half = interval(errors)
        by_buffer[f"s{size}"] = {"size": size, "mean": mean, "half": half, "errors": errors}
    fixed = [np.random.default_rng(100 + s).permutation(len(labels)) for s in range(SEEDS)]
    once = interval([follow(lambda _, s=s: fixed[s], s)[0] for s in range(SEEDS)])
    drawn = interval(
        [follow(lambda rng: rng.integers(len(labels), size=len(labels)), s)[0] for s in range(SEEDS)]
    )
    sorted_trace = follow(lambda _: stored, 0, watch=True)[1]
    shuffled_trace = follow(lambda rng: rng.permutation(len(labels)), 0, watch=True)[1]
    return {
        "buffers": by_buffer,
        "once": {"mean": once[0], "half": once[1]},
        "drawn": {"mean": drawn[0], "half": drawn[1]},
        "class_size": float(np.bincount(labels).mean()),
        "steps": np.arange(len(sorted_trace)),
        "sorted": sorted_trace,
        "shuffled": shuffled_trace,
        "worst": {f"e{e + 1}": max(sorted_trace[41 * e : 41 * (e + 1)]) for e in range(EPOCHS)},
        "ends": {f"e{e + 1}": sorted_trace[41 * e + 40] for e in range(EPOCHS)},
        "ends_shuffled": {f"e{e + 1}": shuffled_trace[41 * e + 40] for e in range(EPOCHS)},
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=310 if canvas.wide else 270)
    runs = list(data["buffers"].values())
    sizes = [run["size"] for run in runs]
    canvas.axis(
        left,
        x="ejemplos en el buffer",
        y="error de test al final, %",
        title="Diez épocas",
        x_range=(0, 1330),
        y_range=(0, 9),
    )
    means = np.array([run["mean"] for run in runs])
    halves = np.array([run["half"] for run in runs])
    canvas.band(left, sizes, means - halves, means + halves, series="c1")
    canvas.line(left, sizes, means, series="c1")
    canvas.points(left, sizes, means, series="c1")
    canvas.reference(left, "una clase", x=data["class_size"])
    canvas.axis(
        right,
        x="paso",
        y="error de test, %",
        title="Mientras entrena",
        x_range=(0, len(data["steps"])),
        y_range=(0, 100),
    )
    canvas.line(right, data["steps"], data["sorted"], series="c5", label="por clases", width=1.3)
    canvas.line(right, data["steps"], data["shuffled"], series="c1", label="barajados", width=1.3)
