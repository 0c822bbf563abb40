"""A range test of 100 steps and what every constant η gives after ten epochs, on the same axis."""

import numpy as np
from _digitos import split
from _manada import batches, gradients, herd, losses, step
from _prueba import range_test

NETS = {"shallow": (64, 32, 10), "deep": (64, 64, 64, 64, 64, 10)}
TITLES = {"shallow": "Una capa oculta", "deep": "Cuatro capas ocultas"}
ETAS = [10 ** (-3 + k / 6) for k in range(25)]
SEEDS, STEPS = 5, 200
LOW, HIGH, TEST_STEPS = 1e-4, 20.0, 100


def ends(widths, etas, images, labels):
    """Worst and mean loss over the seeds after ten epochs with each constant η; infinite where one broke."""
    seeds = [seed for _ in etas for seed in range(SEEDS)]
    flock, each = herd(widths, seeds), np.repeat(etas, SEEDS)
    for chosen in batches(seeds, len(labels), 64, STEPS):
        flock = step(flock, gradients(flock, images[chosen], labels[chosen])[1], each)
    found = losses(flock, images, labels).reshape(-1, SEEDS)
    found = np.where(np.isfinite(found), found, np.inf)
    return found.max(axis=1), found.mean(axis=1)


def compute():
    images, labels, _, _ = split()
    nets = {}
    for name, widths in NETS.items():
        worst, mean = ends(widths, ETAS, images, labels)
        last, best = int(np.flatnonzero(worst < 0.5).max()), int(mean.argmin())
        tests = range_test(
            herd(widths, range(SEEDS)), images, labels, range(SEEDS), steps=TEST_STEPS, low=LOW, high=HIGH
        )
        minima = [test.minimum for test in tests]
        third = float(np.exp(np.mean(np.log(minima)))) / 3
        climb = third * 3 ** (np.arange(6) / 2)
        reached = ends(widths, climb, images, labels)[1]
        stop = int(np.flatnonzero(np.diff(reached) > 0)[0])  # the last run that still got better
        nets[name] = {
            "loss": mean,
            "worst": worst,
            "best": {"eta": ETAS[best], "loss": mean[best]},
            "wall": {"last": ETAS[last], "first": ETAS[last + 1]},
            "tests": [{"etas": test.etas, "smooth": test.smooth, "blow": test.blow_up} for test in tests],
            "minimum": {"low": min(minima), "high": max(minima), "mean": third * 3},
            "third": {"low": min(minima) / 3, "high": max(minima) / 3, "mean": third, "loss": reached[0]},
            "climb": {
                "etas": climb,
                "loss": reached,
                "runs": stop + 2,
                "eta": climb[stop],
                "end": reached[stop],
            },
            "steepest": {"low": min(t.steepest for t in tests), "high": max(t.steepest for t in tests)},
            "beyond": sum(m > ETAS[last] for m in minima),
        }
    return {
        "etas": ETAS,
        "seeds": SEEDS,
        "nets": nets,
        "lag": (HIGH / LOW) ** (9 / (TEST_STEPS - 1)),
        "growth": (HIGH / LOW) ** (1 / (TEST_STEPS - 1)),
    }


def draw(data, canvas):
    panels = canvas.panels(
        2, height=330, x_log=True, y_log=True, share_y=True, y_range=(1e-3, 20), y="pérdida"
    )
    for ax, (name, net) in zip(panels, data["nets"].items(), strict=True):
        canvas.axis(ax, x="learning rate η", title=TITLES[name], x_range=(1e-3, 40))
        for k, test in enumerate(net["tests"]):
            canvas.line(
                ax,
                test["etas"],
                test["smooth"],
                series="c3",
                width=1,
                label=f"prueba, semilla {k}",
                labelled=False,
            )
        loss = np.array(
            [50 if one is None else one for one in net["loss"]], dtype=float
        )  # broken: off the top
        canvas.line(ax, data["etas"], loss, series="c1", label="200 pasos con η fija", labelled=False)
        canvas.note(ax, "prueba de 100 pasos", (0.006, 2.2), offset=(-6, 20), align="left")
        spot = int(np.nanargmin(np.abs(np.log(loss / 0.1))))
        canvas.note(ax, "η constante", (data["etas"][spot], loss[spot]), offset=(-14, -14), align="right")
        canvas.reference(ax, "mín.", x=net["minimum"]["mean"])
        canvas.reference(ax, "mín./3", x=net["third"]["mean"], left=True)
