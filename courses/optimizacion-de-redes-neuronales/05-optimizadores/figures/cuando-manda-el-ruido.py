"""Batches of 4: SGD, the ball and Nesterov at the same η/(1 − β). Then the full batch, where they part."""

import numpy as np
from _digitos import interval, split
from _red import loss, loss_gradient, net

WIDTHS, BETA, SEEDS = (64, 32, 10), 0.9, 5
ETAS = (0.05, 0.1, 0.2)
KINDS = {"sgd": (0.0, False), "momentum": (BETA, False), "nesterov": (BETA, True)}
FULL_ETAS, FULL_STEPS, FULL_SEEDS = (1.0, 2.0, 4.0), 100, 3


def run(kind, effective, batch, steps, seed):
    """Mean train loss of the last points; `effective` is η/(1 − β)."""
    images, labels, *_ = split()
    rng = np.random.default_rng(seed)
    layers = net(WIDTHS, rng)
    beta, ahead = KINDS[kind]
    eta = effective * (1 - beta)
    speed, ends, order = [np.zeros_like(part) for part in layers], [], np.arange(0)
    for step in range(steps):
        if batch < len(labels):
            if len(order) < batch:
                order = rng.permutation(len(labels))
            chosen, order = order[:batch], order[batch:]
            some, names = images[chosen], labels[chosen]
        else:
            some, names = images, labels
        seen = [w - eta * beta * v for w, v in zip(layers, speed, strict=True)] if ahead else layers
        _, found = loss_gradient(seen, some, names)
        speed = [beta * v + g for v, g in zip(speed, found, strict=True)]
        layers = [w - eta * v for w, v in zip(layers, speed, strict=True)]
        if step >= steps - 20 and step % 4 == 3:
            ends.append(loss(layers, images, labels))
    return float(np.mean(ends))


def sweep(etas, batch, steps, kinds=tuple(KINDS), seeds=SEEDS):
    found = {}
    for kind in kinds:
        rows = [interval([run(kind, eta, batch, steps, seed) for seed in range(seeds)]) for eta in etas]
        found[kind] = {"mean": [m for m, _ in rows], "half": [h for _, h in rows]}
    return found


def compute():
    small = sweep(ETAS, 4, 648)
    full = {}
    for kind in KINDS:
        # each with its own best η: those with memory bear a larger η/(1 − β)
        grid = FULL_ETAS if kind == "sgd" else tuple(3 * eta for eta in FULL_ETAS)
        rows = sweep(grid, 1297, FULL_STEPS, (kind,), FULL_SEEDS)[kind]
        best = int(np.nanargmin(rows["mean"]))
        full[kind] = {
            "grid": grid,
            "eta": grid[best],
            "best": rows["mean"][best],
            "half": rows["half"][best],
            **rows,
        }
    apart = max(
        abs(small[kind]["mean"][i] - small["sgd"]["mean"][i]) / small["sgd"]["half"][i]
        for kind in KINDS
        for i in range(len(ETAS))
    )
    return {"etas": ETAS, "seeds": SEEDS, "small": small, "apart": apart, "full": full}


def draw(data, canvas):
    ax = canvas.axes(x="η/(1 − β)", y="pérdida de entrenamiento", x_log=True, height=300, y_range=(0, 0.32))
    for shift, (kind, series, name, hollow) in zip(
        (0.93, 1.0, 1.075),
        (
            ("sgd", "sgd", "SGD", False),
            ("momentum", "momentum", "bola", False),
            ("nesterov", "c5", "Nesterov", True),
        ),
        strict=True,
    ):
        row = data["small"][kind]
        etas = np.array(data["etas"]) * shift
        mean, half = np.array(row["mean"]), np.array(row["half"])
        for x, m, h in zip(etas, mean, half, strict=True):
            canvas.line(
                ax, [x, x], [m - h, m + h], series=series, label=f"{name}, intervalo", labelled=False, dash=()
            )
        canvas.points(ax, etas, mean, series=series, size=7, hollow=hollow)
        place = {"sgd": (-18, -34), "momentum": (0, -56), "nesterov": (34, -34)}[kind]
        canvas.note(ax, name, (etas[0], mean[0] - half[0]), offset=place, align="center")
    ax.set_xticks([0.05, 0.1, 0.2], ["0,05", "0,1", "0,2"])
    ax.minorticks_off()
