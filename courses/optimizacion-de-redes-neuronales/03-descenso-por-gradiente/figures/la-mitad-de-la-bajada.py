"""One step with the best η for its batch: its share of the whole set's descent, against B over the scale."""

import numpy as np
from _digitos import loss, split
from _ruido import each_gradient, flat_step, signal_and_noise, train

BATCHES = (1, 4, 16, 64, 256, 1024, 4096)
ETAS = np.geomspace(0.02, 32, 17)
DRAWS = 30


def best_fall(layers, directions, images, labels):
    """Mean fall of the loss over the directions with the best single η, and that η."""
    now = loss(layers, images, labels)
    falls = [
        now - np.mean([loss(flat_step(layers, one, eta), images, labels) for one in directions])
        for eta in ETAS
    ]
    return max(falls), ETAS[int(np.argmax(falls))]


def bent_scale(layers, each, images, labels, rng):
    """The scale with curvature in it, tr(HΣ) / gᵀHg, from the Hessian along 80 examples' errors."""
    mean = each.mean(axis=0)

    def curvature(direction, reach=1e-3):
        unit = direction / np.linalg.norm(direction)
        ahead = each_gradient(flat_step(layers, unit, -reach), images, labels).mean(axis=0)
        behind = each_gradient(flat_step(layers, unit, reach), images, labels).mean(axis=0)
        return direction @ (ahead - behind) / (2 * reach) * np.linalg.norm(direction)

    noise = np.mean([curvature(each[i] - mean) for i in rng.integers(len(each), size=80)])
    return noise / curvature(mean)


def compute():
    images, labels, _, _ = split()
    path = train(10)
    rng = np.random.default_rng(3)
    moments = {}
    for epoch in (0, 5, 10):
        layers = path[epoch]
        each = each_gradient(layers, images, labels)
        signal, noise = signal_and_noise(each)
        whole, whole_eta = best_fall(layers, [each.mean(axis=0)], images, labels)
        shares, etas = [], []
        for batch in BATCHES:
            some = rng.integers(len(labels), size=(DRAWS, batch))
            fall, eta = best_fall(layers, [each[i].mean(axis=0) for i in some], images, labels)
            shares.append(fall / whole)
            etas.append(eta)
        moments[f"e{epoch}"] = {
            "epoch": epoch,
            "scale": noise / signal,
            "bent_scale": bent_scale(layers, each, images, labels, rng),
            "shares": shares,
            "etas": etas,
            "whole_eta": whole_eta,
            "x": np.array(BATCHES) * signal / noise,
            "half_at": float(np.exp(np.interp(0.5, shares, np.log(BATCHES)))),
        }
    for run in moments.values():
        run["half_over_scale"] = run["half_at"] / run["scale"]
        run["half_over_bent"] = run["half_at"] / run["bent_scale"]
    grid = np.geomspace(0.003, 150, 80)
    return {"batches": BATCHES, "moments": moments, "grid": grid, "law": grid / (1 + grid)}


def draw(data, canvas):
    ax = canvas.axes(height=330 if canvas.wide else 290)
    canvas.axis(
        ax,
        x="B ÷ escala de ruido",
        y="parte de la bajada del batch completo",
        x_log=True,
        x_range=(0.003, 150),
        y_range=(0, 1.05),
    )
    ax.set_xticks([0.01, 0.1, 1, 10, 100], ["0,01", "0,1", "1", "10", "100"])
    ax.plot(data["grid"], data["law"], color="#575a62", linewidth=1.3, dashes=(1, 2))
    for series, (name, run) in zip(("c1", "c2", "c3"), data["moments"].items(), strict=True):
        place = -2 if name == "e5" else -1
        label = f"época {run['epoch']}"
        canvas.line(
            ax, run["x"], run["shares"], series=series, width=1.2, label=label, label_at=run["x"][place]
        )
        canvas.points(ax, run["x"], run["shares"], series=series)
