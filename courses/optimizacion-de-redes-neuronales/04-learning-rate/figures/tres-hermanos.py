"""Fork a run: forty steps with η/3, η and 3η from the same weights. Does the winner win in the long run?"""

import numpy as np
from _redes import batches, look, loss, split, start

IMAGES, TRUTH, _, _ = split()
WIDTHS, BATCH, EPOCHS, FACTOR = (64, 64, 64, 10), 64, 15, 10**0.5
ETAS = 10 ** np.arange(-2.5, 0.6, 0.5)
FORK, SPAN, SEEDS = 4, 2, range(4)


def labels(seed, noisy):
    if not noisy:
        return TRUTH
    rng = np.random.default_rng(500 + seed)
    redrawn = rng.random(len(TRUTH)) < 0.15
    return np.where(redrawn, rng.integers(0, 10, len(TRUTH)), TRUTH)


def walk(parts, wanted, rng, eta, epochs):
    for some in batches(rng, len(wanted), BATCH, epochs):
        _, gradient = look(parts, IMAGES[some], wanted[some])
        parts = [part - eta * slope for part, slope in zip(parts, gradient, strict=True)]
    return parts


def at(parts, wanted):
    value = loss(parts, IMAGES, wanted)
    return value if np.isfinite(value) else 1e3


def compute():
    kinds, verdicts = {}, []
    for kind, noisy in (("clean", False), ("noisy", True)):
        whole, says, truth = {}, [], []
        for eta in 10 ** np.arange(-3, 1.1, 0.5):
            for seed in SEEDS:
                wanted, rng = labels(seed, noisy), np.random.default_rng(seed)
                whole[round(2 * float(np.log10(eta))), seed] = at(
                    walk(start(WIDTHS, rng), wanted, rng, eta, EPOCHS), wanted
                )
        for eta in ETAS:
            for seed in SEEDS:
                wanted, rng = labels(seed, noisy), np.random.default_rng(seed)
                parent = walk(start(WIDTHS, rng), wanted, rng, eta, FORK)
                three = [
                    at(walk(parent, wanted, np.random.default_rng(900 + seed), eta * factor, SPAN), wanted)
                    for factor in (1 / FACTOR, 1, FACTOR)
                ]
                here = round(2 * float(np.log10(eta)))
                says.append(int(np.argmin(three)) - 1)
                truth.append(int(np.argmin([whole[here + shift, seed] for shift in (-1, 0, 1)])) - 1)
        verdicts += list(zip(says, truth, strict=True))
        shape = (len(ETAS), len(SEEDS))
        kinds[kind] = {
            "says": np.reshape(says, shape).mean(axis=1),
            "truth": np.reshape(truth, shape).mean(axis=1),
        }
    return {
        "etas": ETAS,
        "kinds": kinds,
        "steps": SPAN * -(-len(TRUTH) // BATCH),
        "count": {
            "forks": len(verdicts),
            "up": sum(now == 1 for now, _ in verdicts),
            "up_right": sum(now == 1 and later == 1 for now, later in verdicts),
            "down": sum(now == -1 for now, _ in verdicts),
            "down_right": sum(now == -1 and later == -1 for now, later in verdicts),
            "down_up": sum(now == -1 and later == 1 for now, later in verdicts),
        },
    }


def draw(data, canvas):
    panels = canvas.panels(2, height=260 if canvas.wide else 220, x_log=True, share_y=True)
    for ax, kind, title in zip(
        panels, ("clean", "noisy"), ("Etiquetas limpias", "15 % de etiquetas al azar"), strict=True
    ):
        canvas.axis(
            ax, x="η de la madre", y="quién gana", title=title, x_range=(2.2e-3, 4.5), y_range=(-1.15, 1.15)
        )
        ax.set_yticks([-1, 0, 1], ["η/3", "η", "3η"])
        kinds = data["kinds"][kind]
        canvas.line(ax, data["etas"], kinds["truth"], series="c1", label="al final", labelled=False)
        canvas.line(
            ax, data["etas"], kinds["says"], series="c2", label="a los 42 pasos", dash=(4, 2), labelled=False
        )
        canvas.points(ax, data["etas"], kinds["truth"], series="c1", label="", size=3)
        canvas.points(ax, data["etas"], kinds["says"], series="c2", label="", size=3)
        canvas.note(ax, "al final", (data["etas"][5], kinds["truth"][5]), offset=(-6, 26), align="center")
        canvas.note(
            ax, "a los 42 pasos", (data["etas"][4], kinds["says"][4]), offset=(-16, -18), align="right"
        )
