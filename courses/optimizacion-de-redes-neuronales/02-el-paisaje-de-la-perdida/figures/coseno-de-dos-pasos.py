"""The cosine between a step and the next in three runs, and what else tells them apart."""

from itertools import pairwise

import numpy as np
from _digitos import interval
from _rebote import RUNS, SEEDS, WINDOW, cosines, last_steps, loss, loss_and_gradient, stiffest


def measured(kind, seed):
    losses, trail = last_steps(kind, seed)
    curvatures, directions = stiffest(trail[WINDOW // 2])
    steps, ahead = np.diff(trail, axis=0), trail[-1] - trail[0]
    along = steps @ directions
    return {
        "cosines": cosines(trail),
        "curvature": curvatures[0],
        "energy": (along**2).sum() / (steps**2).sum(),
        "net": ((ahead @ directions) ** 2).sum() / (ahead @ ahead),
        "flips": np.mean(np.sign(along[1:]) != np.sign(along[:-1])),
        "ratio": np.linalg.norm(steps, axis=1).sum() / np.linalg.norm(ahead),
        "rises": np.mean(np.diff(losses[-WINDOW:]) > 0),
        "loss": np.mean([loss(w) for w in trail]),
        "two": np.mean([loss((a + b) / 2) for a, b in pairwise(trail)]),
        "all": loss(trail.mean(axis=0)),
    }


def half_of_the_step(seed):
    """The rebounding run's window again: whole steps, steps without the stiff directions, and these alone."""
    eta = RUNS["rebote"][0]
    trail = last_steps("rebote", seed)[1]
    stiff = stiffest(trail[0])[1]
    ends = {}
    for kind in ("whole", "without", "only"):
        weights = trail[0]
        for _ in range(WINDOW):
            step = -eta * loss_and_gradient(weights)[1]
            among = stiff @ (stiff.T @ step)
            weights = weights + {"whole": step, "without": step - among, "only": among}[kind]
        ends[kind] = loss(weights)
    return {"before": loss(trail[0]), **ends}


def compute():
    runs = {}
    for kind, (eta, batch, steps) in RUNS.items():
        found = [measured(kind, seed) for seed in range(SEEDS)]
        numbers = {key: np.mean([one[key] for one in found]) for key in found[0] if key != "cosines"}
        mean, half = interval([one["cosines"].mean() for one in found])
        runs[kind] = {
            "eta": eta,
            "batch": batch,
            "steps": steps,
            "trace": found[0]["cosines"],
            "cosine": mean,
            "half": half,
            "implied": -2 * mean / eta,
            "two_saves": 1 - numbers["two"] / numbers["loss"],
            "all_saves": 1 - numbers["all"] / numbers["loss"],
            **numbers,
        }
    halves = [half_of_the_step(seed) for seed in range(SEEDS)]
    weights = len(last_steps("liso", 0)[1][0])
    return {
        "runs": runs,
        "window": WINDOW,
        "seeds": SEEDS,
        "weights": weights,
        "halves": {key: np.mean([one[key] for one in halves]) for key in halves[0]},
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=270, x="pasos de la ventana", y="coseno entre un paso y el siguiente", y_range=(-1.1, 1.1)
    )
    names = {"liso": "η = 0,1", "ruido": "batches de 8", "rebote": "η = 0,4"}
    for series, (kind, name) in zip(("c3", "c2", "c1"), names.items(), strict=True):
        trace = data["runs"][kind]["trace"]
        canvas.line(ax, range(1, len(trace) + 1), trace, series=series, label=name)
    canvas.reference(ax, "perpendiculares", y=0)
