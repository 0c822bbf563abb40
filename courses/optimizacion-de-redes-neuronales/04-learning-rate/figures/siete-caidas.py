"""Seven schedules with the same budget, with right and redrawn labels: who gains from going down."""

import numpy as np
from _caidas import NAMES, eta_share
from _digitos import interval, split
from _manada import batches, errors, gradients, herd, losses, step

WIDTHS, BATCH, STEPS = (64, 32, 10), 16, 656
ETAS = (0.3, 0.6, 1.0, 2.0, 3.0, 4.5)
TUNING, REPORT, WRONG = range(100, 104), range(10), 0.15


def run(images, labels, picks):
    """Nets at the end, one for each (schedule, η, seed)."""
    seeds = [seed for _, _, seed in picks]
    names = [name for name, _, _ in picks]
    etas = np.array([eta for _, eta, _ in picks])
    flock = herd(WIDTHS, seeds)
    for k, chosen in enumerate(batches(seeds, len(labels), BATCH, STEPS)):
        share = {name: eta_share(name, k, STEPS) for name in NAMES}
        now = etas * np.array([share[name] for name in names])
        flock = step(flock, gradients(flock, images[chosen], labels[chosen])[1], now)
    return flock


def compute():
    images, labels, test_images, test_labels = split()
    rng = np.random.default_rng(1)
    noisy = labels.copy()
    redrawn = rng.random(len(labels)) < WRONG
    noisy[redrawn] = rng.integers(0, 10, redrawn.sum())
    found = {}
    for key, told in (("clean", labels), ("noisy", noisy)):
        picks = [(name, eta, seed) for name in NAMES for eta in ETAS for seed in TUNING]
        ends = losses(run(images, told, picks), images, told).reshape(len(NAMES), len(ETAS), -1)
        ends = np.where(np.isfinite(ends), ends, np.inf).mean(axis=2)
        chosen = {name: ETAS[int(row.argmin())] for name, row in zip(NAMES, ends, strict=True)}
        flock = run(images, told, [(name, chosen[name], seed) for name in NAMES for seed in REPORT])
        loss = losses(flock, images, told).reshape(len(NAMES), -1)
        error = errors(flock, test_images, test_labels).reshape(len(NAMES), -1)
        found[key] = {
            name: {
                "eta": chosen[name],
                "losses": loss[i],
                "loss": interval(loss[i])[0],
                "loss_half": interval(loss[i])[1],
                "error": interval(error[i])[0],
                "error_half": interval(error[i])[1],
            }
            for i, name in enumerate(NAMES)
        }
    noisy_runs = found["noisy"]
    return {
        "steps": STEPS,
        "seeds": len(REPORT),
        "wrong": float((noisy != labels).mean()),
        "gain": 1 - noisy_runs["wsd"]["loss"] / noisy_runs["constant"]["loss"],
        **found,
    }


def draw(data, canvas):
    left, right = canvas.panels(
        2, height=290, x_log=False, y_range=(-0.6, 6.6), x="pérdida de entrenamiento al final"
    )
    jitter = np.random.default_rng(0).uniform(-0.16, 0.16, data["seeds"])
    for ax, key, title in ((left, "clean", "Etiquetas buenas"), (right, "noisy", "Con etiquetas sorteadas")):
        canvas.axis(ax, title=title)
        for row, name in enumerate(NAMES):
            run, y = data[key][name], 6 - row
            canvas.points(ax, run["losses"], y + jitter, series="c3", size=4, hollow=True)
            canvas.line(
                ax,
                [run["loss"] - run["loss_half"], run["loss"] + run["loss_half"]],
                [y, y],
                series="c1",
                width=5,
                label=NAMES[name],
                labelled=False,
            )
        ax.set_yticks(range(6, -1, -1), NAMES.values())
        ax.grid(visible=False, axis="y")
