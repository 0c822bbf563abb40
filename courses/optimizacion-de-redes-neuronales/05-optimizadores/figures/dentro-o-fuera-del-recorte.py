"""L2 in the loss and decay of the weights are one step, until the gradient is clipped."""

import numpy as np
from _digitos import split
from _red import loss, loss_gradient, net, norm

WIDTHS, BATCH, STEPS, ETA, DECAY, SEEDS = (64, 64, 64, 10), 64, 400, 0.3, 0.03, 5


def run(limit, seed, *, inside):
    """Length of the weights at each step, with λw inside what is clipped, or outside."""
    images, labels, *_ = split()
    rng = np.random.default_rng(seed)
    layers = net(WIDTHS, rng)
    sizes = [norm(layers[::2])]
    for _ in range(STEPS):
        chosen = rng.integers(0, len(labels), BATCH)
        _, found = loss_gradient(layers, images[chosen], labels[chosen])
        pull = [DECAY * part if part.ndim == 2 else 0 * part for part in layers]
        if inside:
            found = [slope + back for slope, back in zip(found, pull, strict=True)]
        else:
            layers = [part - ETA * back for part, back in zip(layers, pull, strict=True)]
        factor = min(1.0, limit / norm(found))
        layers = [part - ETA * factor * slope for part, slope in zip(layers, found, strict=True)]
        sizes.append(norm(layers[::2]))
    return np.array(sizes), layers, loss(layers, images, labels)


def compute():
    found = {"eta": ETA, "decay": DECAY, "seeds": SEEDS, "steps": STEPS}
    for key, limit in (("sin", np.inf), ("c02", 0.2)):
        ends = {}
        for where in ("dentro", "fuera"):
            rows = [run(limit, seed, inside=where == "dentro") for seed in range(SEEDS)]
            traces = np.array([sizes for sizes, _, _ in rows])
            ends[where] = rows[0][1]
            found[f"{key}_{where}"] = {
                "trace": traces.mean(axis=0),
                "low": traces.min(axis=0),
                "high": traces.max(axis=0),
                "start": traces[:, 0].mean(),
                "end": traces[:, -1].mean(),
                "loss": np.mean([end for _, _, end in rows]),
            }
        found[f"{key}_difference"] = max(
            float(np.abs(a - b).max()) for a, b in zip(ends["dentro"], ends["fuera"], strict=True)
        )
    found["by_hand"] = found["sin_dentro"]["start"] * (1 - ETA * DECAY) ** STEPS
    return found


def draw(data, canvas):
    ax = canvas.axes(x="paso", y="norma de los pesos", height=300)
    steps = range(data["steps"] + 1)
    for series, key, name in (
        ("muted", "sin_fuera", "sin recorte"),
        ("c1", "c02_fuera", "λw fuera"),
        ("c5", "c02_dentro", "λw dentro"),
    ):
        row = data[key]
        canvas.band(ax, steps, row["low"], row["high"], series=series)
        canvas.line(ax, steps, row["trace"], series=series, label=name)
