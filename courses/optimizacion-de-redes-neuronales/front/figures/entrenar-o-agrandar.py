"""Five sizes of one net, each trained with the learning rate left as it came and with a chosen one."""

from itertools import pairwise

import numpy as np
from scipy import stats
from sklearn.datasets import load_digits

HIDDEN = {"h2": (2,), "h4": (4,), "h16": (16,), "h256": (256,), "h256x2": (256, 256)}
AS_IT_CAME = 0.01  # what Keras gives SGD when nobody says otherwise
GRID = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
EPOCHS, BATCH = 15, 64
CHOOSING, REPORTING = range(100, 103), range(10)


def digits():
    """997 images to learn from, 300 to choose by, 500 to report on."""
    data = load_digits()
    order = np.random.default_rng(0).permutation(len(data.target))
    learn, choose, report = np.split(order, [997, 1297])
    images = data.data / 16 - data.data[learn].mean(axis=0) / 16
    return [(images[part], data.target[part]) for part in (learn, choose, report)]


def forward(layers, images):
    seen = [images]
    for weights, biases in layers[:-1]:
        seen.append(np.maximum(seen[-1] @ weights + biases, 0))
    return seen, seen[-1] @ layers[-1][0] + layers[-1][1]


def trained(widths, images, labels, eta, seed):
    rng = np.random.default_rng(seed)
    layers = [[rng.standard_normal((a, b)) * np.sqrt(2 / a), np.zeros(b)] for a, b in pairwise(widths)]
    for _ in range(EPOCHS):
        order = rng.permutation(len(labels))
        for start in range(0, len(labels), BATCH):
            some = order[start : start + BATCH]
            seen, scores = forward(layers, images[some])
            back = np.exp(scores - scores.max(axis=1, keepdims=True))
            back /= back.sum(axis=1, keepdims=True)
            back[np.arange(len(some)), labels[some]] -= 1
            back /= len(some)
            for layer, below in zip(reversed(layers), reversed(seen), strict=True):
                step = below.T @ back, back.sum(axis=0)
                back = (back @ layer[0].T) * (below > 0)
                layer[0] -= eta * step[0]
                layer[1] -= eta * step[1]
    return layers


def error(layers, images, labels):
    return 100 * float(np.mean(forward(layers, images)[1].argmax(axis=1) != labels))


def measured(widths, learn, report, eta):
    """Mean test error over the reporting seeds and half its 95 % Student interval."""
    errors = np.array([error(trained(widths, *learn, eta, seed), *report) for seed in REPORTING])
    half = stats.t.ppf(0.975, len(errors) - 1) * errors.std(ddof=1) / np.sqrt(len(errors))
    return {"eta": eta, "error": errors.mean(), "half": half}


def compute():
    np.seterr(over="ignore", invalid="ignore")
    learn, choose, report = digits()
    sizes = {}
    for key, hidden in HIDDEN.items():
        widths = (64, *hidden, 10)
        tried = [
            np.mean([error(trained(widths, *learn, eta, seed), *choose) for seed in CHOOSING]) for eta in GRID
        ]
        sizes[key] = {
            "hidden": f"{len(hidden)} × {hidden[0]}" if len(hidden) > 1 else str(hidden[0]),
            "parameters": sum(a * b + b for a, b in pairwise(widths)),
            "bad": measured(widths, learn, report, AS_IT_CAME),
            "good": measured(widths, learn, report, GRID[int(np.argmin(tried))]),
        }
    return {
        "as_it_came": AS_IT_CAME,
        "grid": GRID,
        "epochs": EPOCHS,
        "seeds": len(REPORTING),
        "sizes": sizes,
        "times_bigger": sizes["h256x2"]["parameters"] / sizes["h16"]["parameters"],
        "by_training": sizes["h16"]["bad"]["error"] - sizes["h16"]["good"]["error"],
        "by_size": sizes["h16"]["good"]["error"] - sizes["h256"]["good"]["error"],
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=320, x="error de test (%), eje logarítmico", y="neuronas ocultas", x_log=True, x_range=(1, 100)
    )
    rows = list(data["sizes"].values())
    for series, key, label in (("c5", "bad", "η como vino"), ("c2", "good", "η elegido")):
        for row, size in enumerate(rows):
            mean, half = size[key]["error"], size[key]["half"]
            canvas.line(
                ax, [mean - half, mean + half], [row, row], series=series, width=5, alpha=0.45, labelled=False
            )
        canvas.points(
            ax,
            [size[key]["error"] for size in rows],
            range(len(rows)),
            series=series,
            size=9,
            hollow=key == "bad",
        )
        canvas.note(ax, label, (rows[2][key]["error"], 2), offset=(0, 24), align="center")
    ax.set_yticks(range(len(rows)), [size["hidden"] for size in rows])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xticks([1, 2, 5, 10, 20, 50, 100])
