"""Loss along the run with noisy labels, and what is left of a schedule that is cut half-way."""

import numpy as np
from _caidas import eta_share
from _digitos import interval, split
from _manada import batches, gradients, herd, losses, step

WIDTHS, BATCH, STEPS, SEEDS, WRONG, ETA, EVERY = (64, 32, 10), 16, 1312, 10, 0.15, 2.0, 16
HALF = STEPS // 2


def branched(k):
    """WSD that is told at half-time to end: down in the last fifth of the first half."""
    return eta_share("wsd", k, HALF)


RUNS = {
    "constant": ("constante", lambda k: 0.5, STEPS),
    "cosine": ("coseno", lambda k: eta_share("cosine", k, STEPS), STEPS),
    "wsd": ("WSD", lambda k: eta_share("wsd", k, STEPS), STEPS),
    "early": ("WSD hasta 656", branched, HALF),
    "cosine_half": ("coseno hasta 656", lambda k: eta_share("cosine", k, HALF), HALF),
}


def compute():
    images, labels, _, _ = split()
    rng = np.random.default_rng(1)
    redrawn = rng.random(len(labels)) < WRONG
    labels = labels.copy()
    labels[redrawn] = rng.integers(0, 10, redrawn.sum())
    found = {}
    for name, (_, share, steps) in RUNS.items():
        flock, curve, at, etas = herd(WIDTHS, range(SEEDS)), [], [], []
        for k, chosen in enumerate(batches(range(SEEDS), len(labels), BATCH, steps)):
            if k % EVERY == 0:
                curve.append(losses(flock, images, labels))
                at.append(k)
                etas.append(ETA * share(k))
            flock = step(flock, gradients(flock, images[chosen], labels[chosen])[1], ETA * share(k))
        curve.append(losses(flock, images, labels))
        at.append(steps)
        curve = np.array(curve)
        mean, half = interval(curve[-1])
        middle = HALF // EVERY
        found[name] = {
            "at": at,
            "eta": etas,
            "mean": curve.mean(axis=1),
            "low": curve.min(axis=1),
            "high": curve.max(axis=1),
            "end": mean,
            "half": half,
            "middle": curve[middle].mean(),
            "before": curve[int(0.8 * steps) // EVERY].mean(),
        }
    return {"steps": STEPS, "half": HALF, "seeds": SEEDS, "top": ETA, "runs": found}


def draw(data, canvas):
    ax = canvas.axes(
        height=340,
        x="paso",
        y="pérdida de entrenamiento",
        y_log=True,
        x_range=(0, 1312 * (1.0 if canvas.wide else 1.02)),
        y_range=(0.2, 1.6),
    )
    for series, name in (("c3", "constant"), ("c2", "cosine"), ("c1", "wsd")):
        run = data["runs"][name]
        canvas.band(ax, run["at"], run["low"], run["high"], series=series)
        canvas.line(ax, run["at"], run["mean"], series=series, label=RUNS[name][0])
    early = data["runs"]["early"]
    start = next(i for i, k in enumerate(early["at"]) if k >= 0.8 * data["half"])
    canvas.line(
        ax, early["at"][start:], early["mean"][start:], series="c1", dash=(4, 3), label="rama", labelled=False
    )
    canvas.note(ax, "rama de WSD", (early["at"][-1], early["mean"][-1]), offset=(-12, -16), align="right")
    ax.set_yticks([0.2, 0.3, 0.5, 1], ["0,2", "0,3", "0,5", "1"])
    ax.minorticks_off()
