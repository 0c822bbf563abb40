"""What a seed alone changes in the test error, and what another split of the same data changes."""

import numpy as np
from _digitos import error, interval, net, split
from _parada import until
from sklearn.datasets import load_digits

RUNS = 40


def other_split(number):
    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(1000 + number).permutation(len(labels))
    learn, test = order[:1297], order[1297:]
    images = images / 16 - (images[learn] / 16).mean(axis=0)
    return images[learn], labels[learn], images[test], labels[test]


def test_error(data, weights_seed, order_seed):
    """Per cent of the test images that are wrong where training stops."""
    images, labels, test_images, test_labels = data
    layers = net((64, 64, 10), np.random.default_rng([weights_seed, 1]))
    _, layers = until(layers, images, labels, np.random.default_rng([order_seed, 2]), 0.2)
    return 100 * error(layers, test_images, test_labels)


def compute():
    ours = split()
    seeds = np.array([test_error(ours, seed, seed) for seed in range(RUNS)])
    order_only = np.array([test_error(ours, 0, seed) for seed in range(10)])
    splits = np.array([test_error(other_split(seed), seed, seed) for seed in range(RUNS)])
    mean, half = interval(seeds[:10])
    rng = np.random.default_rng(7)
    threes = np.array([rng.permutation(seeds)[:6].reshape(2, 3).mean(axis=1) for _ in range(20_000)])
    tens = np.array([rng.permutation(seeds)[:10].min() for _ in range(20_000)])
    return {
        "seeds": seeds,
        "splits": splits,
        "ten": {
            "mean": mean,
            "half": half,
            "low": mean - half,
            "high": mean + half,
            "min": seeds[:10].min(),
            "max": seeds[:10].max(),
        },
        "seeds_mean": seeds.mean(),
        "seeds_sd": seeds.std(ddof=1),
        "seeds_min": seeds.min(),
        "seeds_max": seeds.max(),
        "order_sd": order_only.std(ddof=1),
        "splits_mean": splits.mean(),
        "splits_sd": splits.std(ddof=1),
        "splits_min": splits.min(),
        "splits_max": splits.max(),
        "sd_ratio": splits.std(ddof=1) / seeds.std(ddof=1),
        "below_ours": float((splits < seeds.mean()).mean()),
        "binomial_sd": 100 * np.sqrt(0.018 * 0.982 / 500),
        "same_method_03": float((abs(np.diff(threes, axis=1)) >= 0.3 - 1e-9).mean()),
        "best_of_ten": tens.mean(),
    }


def draw(data, canvas):
    ax = canvas.axes(height=300 if canvas.wide else 280, x="error de test, %", x_range=(0, 5))
    for row, (key, series) in enumerate((("seeds", "c1"), ("splits", "c2"))):
        heights, seen = [], {}
        for value in data[key]:  # equal errors stand on one another
            seen[value] = seen.get(value, 0) + 1
            heights.append(row - 0.065 * seen[value])
        canvas.points(ax, data[key], heights, series=series, size=5, hollow=True)
    ten = data["ten"]
    canvas.line(ax, [ten["low"], ten["high"]], [0.1, 0.1], series="c1", width=4)
    canvas.note(ax, "intervalo de 10 semillas", (ten["high"], 0.1), offset=(30, -6))
    names = ("40 semillas,\nuna partición", "40 particiones")
    ax.set_yticks([-0.2, 0.85], names)
    ax.set_ylim(1.12, -0.98)
    ax.grid(visible=False, axis="y")
