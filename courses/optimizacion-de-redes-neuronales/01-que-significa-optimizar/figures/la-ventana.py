"""The learning rates that work, and how they move when something else does."""

import numpy as np
from _digitos import error, net, split, train

ETAS = [10 ** (-4 + k / 6) for k in range(32)]
SEEDS = 3
GOOD_ENOUGH = 5.0
CASES = {
    "base": {"name": "la red de partida"},
    "pixels": {"name": "entradas ×16", "pixels": 16.0},
    "depth": {"name": "4 capas ocultas", "widths": (64, 32, 32, 32, 32, 10)},
    "batch": {"name": "batch 8", "batch": 8},
}


def worst_error(eta, pixels=1.0, widths=(64, 32, 10), batch=64):
    images, labels, test_images, test_labels = split()
    found = []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        end = train(net(widths, rng), pixels * images, labels, rng, eta=eta, epochs=10, batch=batch)
        found.append(100 * error(end, pixels * test_images, test_labels))
    return max(found)


def compute():
    cases = {}
    for key, case in CASES.items():
        name, settings = case["name"], {k: v for k, v in case.items() if k != "name"}
        worst = np.array([worst_error(eta, **settings) for eta in ETAS])
        good = [eta for eta, value in zip(ETAS, worst, strict=True) if value < GOOD_ENOUGH]
        cases[key] = {
            "name": name,
            "worst": worst,
            "low": good[0],
            "high": good[-1],
            "wide": good[-1] / good[0],
            "whole": len(good) == ETAS.index(good[-1]) - ETAS.index(good[0]) + 1,
        }
    return {"etas": ETAS, "seeds": SEEDS, "good_enough": GOOD_ENOUGH, "cases": cases}


def draw(data, canvas):
    ax = canvas.axes(height=230, x_log=True, x="learning rate η", x_range=(1e-3, 20))
    cases = list(data["cases"].values())
    for row, case in enumerate(cases):
        canvas.line(
            ax,
            [case["low"], case["high"]],
            [row, row],
            series="c1",
            width=10,
            label=case["name"],
            labelled=False,
        )
    ax.set_yticks(range(len(cases)), [case["name"] for case in cases])
    ax.set_ylim(len(cases) - 0.5, -0.5)
    ax.grid(visible=False, axis="y")
    canvas.reference(ax, "η = 1", x=1)
