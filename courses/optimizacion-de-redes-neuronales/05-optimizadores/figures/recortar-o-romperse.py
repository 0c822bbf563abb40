"""One rotten batch in twenty: what clipping allows, η by η, and the same with clean data."""

import numpy as np
from _digitos import interval, split
from _red import error, loss, loss_gradient, net, norm

WIDTHS, BATCH, STEPS, EVERY, SEEDS = (64, 64, 64, 10), 64, 400, 20, 5
ETAS = (0.03, 0.1, 0.3, 1.0, 3.0)
LIMITS = {"sin": np.inf, "c5": 5.0, "c1": 1.0, "c02": 0.2}


def run(data, eta, limit, seed, *, rotten):
    """Train loss and test error (%) at the end, how many steps were clipped, and the norms seen."""
    images, labels, test_images, test_labels = data
    rng = np.random.default_rng(seed)
    layers, norms = net(WIDTHS, rng), []
    for step in range(1, STEPS + 1):
        chosen = rng.integers(0, len(labels), BATCH)
        some, names = images[chosen], labels[chosen]
        if rotten and step % EVERY == 0:
            some, names = some.copy(), names.copy()
            some[0] *= 100
            names[0] = (names[0] + 1 + rng.integers(9)) % 10
        _, found = loss_gradient(layers, some, names)
        size = norm(found)
        norms.append(size)
        if not np.isfinite(size):
            break
        factor = min(1.0, limit / size) if size else 1.0
        layers = [part - eta * factor * slope for part, slope in zip(layers, found, strict=True)]
    wrong = 100 * error(layers, test_images, test_labels)
    return loss(layers, images, labels), wrong, float(np.mean(np.array(norms) > limit)), norms


def compute():
    data = split()
    found = {}
    for kind, rotten in (("podrido", True), ("limpio", False)):
        found[kind] = {}
        for key, limit in LIMITS.items():
            if not rotten and key == "c5":
                continue  # the same as without: no clean gradient is that long
            rows = [[run(data, eta, limit, seed, rotten=rotten) for seed in range(SEEDS)] for eta in ETAS]
            losses = np.array([[r[0] for r in row] for row in rows])
            errors = np.array([[r[1] for r in row] for row in rows])
            median = np.median(losses, axis=1)
            best = int(np.argmin(median))
            mean, half = interval(errors[best])
            found[kind][key] = {
                "limit": limit if np.isfinite(limit) else None,
                "loss": median,
                "low": losses.min(axis=1),
                "high": np.where(np.isfinite(losses.max(axis=1)), losses.max(axis=1), 1e9),
                "errors": errors.mean(axis=1),
                "clipped": [np.mean([r[2] for r in row]) for row in rows],
                "eta": ETAS[best],
                "product": ETAS[best] * limit if np.isfinite(limit) else None,
                "best": median[best],
                "error": mean,
                "half": half,
                "clipped_best": np.mean([r[2] for r in rows[best]]),
            }
    _, _, _, norms = run(data, 0.1, np.inf, 0, rotten=False)
    return {
        "seeds": SEEDS,
        "steps": STEPS,
        "rotten": STEPS // EVERY,
        "etas": ETAS,
        **found,
        "norms": {"median": np.median(norms[:200]), "p90": np.quantile(norms[:200], 0.9)},
    }


NAMES = {"sin": "sin recorte", "c5": "c = 5", "c1": "c = 1", "c02": "c = 0,2"}


def draw(data, canvas):
    panels = canvas.panels(2, height=310, x_log=True, y_log=True, share_y=canvas.wide)
    titles = ("Un batch podrido de cada veinte", "Los mismos pasos, datos limpios")
    for ax, kind, title in zip(panels, ("podrido", "limpio"), titles, strict=True):
        canvas.axis(ax, x="learning rate η", y="pérdida de entrenamiento", title=title, y_range=(1e-4, 6))
        for series, key in zip(("muted", "c3", "c2", "c1"), NAMES, strict=True):
            if key not in data[kind]:
                continue
            row = data[kind][key]
            loss = np.array([np.nan if v is None else v for v in row["loss"]], dtype=float)
            kept = np.isfinite(loss) & (loss < 6)
            etas = np.array(data["etas"])[kept]
            canvas.band(
                ax,
                etas,
                np.array(row["low"], dtype=float)[kept],
                np.minimum(np.array(row["high"], dtype=float)[kept], 6),
                series=series,
            )
            canvas.line(ax, etas, loss[kept], series=series, label=NAMES[key])
        ax.set_xticks([0.03, 0.1, 0.3, 1, 3], ["0,03", "0,1", "0,3", "1", "3"])
