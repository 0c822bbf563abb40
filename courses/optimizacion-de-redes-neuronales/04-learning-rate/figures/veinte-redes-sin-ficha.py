"""Nets whose scales nobody knows: what each rule's η gives, over the best constant of a grid."""

import numpy as np
from _digitos import split
from _manada import batches, gradients, herd, losses, step
from _prueba import range_test

NETS, GRID, STEPS, TEST_STEPS, BATCH = 20, 25, 200, 100, 32
LOW, HIGH = 1e-6, 1e4


def compute():
    images, labels, _, _ = split()
    rng = np.random.default_rng(4)
    ratios = {name: [] for name in ("fixed", "slope", "minimum", "third", "tenth")}
    bests = []
    for seed in range(NETS):
        widths = (64, *[int(rng.choice((16, 32, 64)))] * int(rng.integers(1, 5)), 10)
        tanh, times = bool(rng.random() < 0.5), 10 ** rng.uniform(-2, 2)
        x, scale = images * 10 ** rng.uniform(-0.5, 0.5), 10 ** rng.uniform(-0.2, 0.2)
        look = {"scale": scale, "gain": 1.0 if tanh else 2.0}
        (test,) = range_test(
            herd(widths, [seed], **look),
            x,
            labels,
            [seed],
            steps=TEST_STEPS,
            low=LOW,
            high=HIGH,
            batch=BATCH,
            tanh=tanh,
            times=times,
        )
        rules = [0.1, test.steepest, test.minimum, test.minimum / 3, test.minimum / 10]
        etas = np.array([*np.geomspace(1e-3, 1e3, GRID) / times / 10**0.5, *rules])
        seeds = [seed] * len(etas)
        flock = herd(widths, seeds, **look)
        for chosen in batches([seed + 500] * len(etas), len(labels), BATCH, STEPS):
            flock = step(flock, gradients(flock, x[chosen], labels[chosen], tanh=tanh)[1], etas * times)
        ends = losses(flock, x, labels, tanh=tanh)
        ends = np.where(np.isfinite(ends), ends, np.inf)
        best = int(ends.argmin())
        bests.append(etas[best])
        for name, end in zip(ratios, ends[GRID:], strict=True):
            ratios[name].append(min(end / ends[best], 1e3))
    return {
        "nets": NETS,
        "ratios": ratios,
        "rules": {
            name: {
                "near": sum(r <= 3 for r in values),
                "median": float(np.median(values)),
                "worst": max(values),
            }
            for name, values in ratios.items()
        },
        "spread": max(bests) / min(bests),
    }


NAMES = {
    "fixed": "η = 0,1",
    "slope": "pendiente",
    "minimum": "mínimo",
    "third": "mínimo/3",
    "tenth": "mínimo/10",
}


def draw(data, canvas):
    ax = canvas.axes(
        height=300,
        x="pérdida, en veces la mejor η constante",
        x_log=True,
        x_range=(0.8, 1200),
        y_range=(-0.6, 4.6),
    )
    jitter = np.random.default_rng(0).uniform(-0.22, 0.22, data["nets"])
    for row, name in enumerate(NAMES):
        values = np.array(data["ratios"][name])
        canvas.points(
            ax,
            values,
            4 - row + jitter,
            series="c1" if name == "third" else "c3",
            size=7 if canvas.wide else 5,
            hollow=name != "third",
        )
    ax.set_yticks(
        range(4, -1, -1),
        [f"{label} · {data['rules'][name]['near']}/{data['nets']}" for name, label in NAMES.items()],
    )
    canvas.reference(ax, "×3", x=3)
