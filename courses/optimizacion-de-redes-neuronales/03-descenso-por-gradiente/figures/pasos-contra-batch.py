"""Steps to a train loss against the batch, with the best η for each; what a fixed η and η ∝ B give instead.

Batches are drawn with replacement. η is chosen on other seeds than those reported.
"""

import numpy as np
from _digitos import interval
from _lotes import digits, losses, nets, step

BATCHES = (4, 8, 16, 32, 64, 128, 256, 512, 1024)
TARGETS = {"t50": 0.5, "t15": 0.15, "t05": 0.05}
ALL = tuple(TARGETS.values())
ETAS = (0.25, 0.4, 0.63, 1.0, 1.6, 2.5, 4.0, 6.3, 10.0)
TUNING, REPORTING = tuple(range(100, 103)), tuple(range(5))
FIXED, PER_EXAMPLE = 0.4, 0.1


def grid(batch):
    """Four learning rates about where the best is: in proportion to B at first, then the largest."""
    near = int(np.argmin(np.abs(np.log(np.array(ETAS) / (0.12 * min(batch, 40))))))
    low = min(max(near - 1, 0), len(ETAS) - 4)
    return ETAS[low : low + 4]


def race(batch, eta, seeds, targets=ALL):
    """Steps until each target, one column a seed; infinite if it is not reached in time."""
    images, labels, _, _ = digits()
    rng = np.random.default_rng(batch)
    layers = nets((64, 64, 10), seeds)
    found = np.full((len(targets), len(seeds)), np.inf)
    every, most = max(1, 32 // batch), 1600 if batch == 4 else 220
    if batch in (8, 16):
        most = 6400 // batch
    for now in range(most):
        if now % every == 0:
            seen = losses(layers, images, labels)
            if not (seen < 30).all():
                break
            for row, target in zip(found, targets, strict=True):
                row[(seen < target) & np.isinf(row)] = now
            if np.isfinite(found).all():
                break
        some = rng.integers(len(labels), size=(len(seeds), batch))
        step(layers, images[some], labels[some], eta)
    return found


def hyperbola(steps):
    """Least squares, in relative error, of steps = fewest (1 + critical / B)."""
    steps, batches = np.array(steps), np.array(BATCHES)
    rows = np.column_stack([1 / steps, 1 / (steps * batches)])
    fewest, examples = np.linalg.lstsq(rows, np.ones(len(steps)), rcond=None)[0]
    law = fewest * (1 + examples / fewest / batches)
    return {
        "fewest": fewest,
        "critical": examples / fewest,
        "examples": examples,
        "law": law,
        "worst": float(np.max(np.abs(law / steps - 1))),
    }


def compute():
    tuned = {batch: {eta: race(batch, eta, TUNING).mean(axis=1) for eta in grid(batch)} for batch in BATCHES}
    reported, targets = {}, {}
    for place, (name, target) in enumerate(TARGETS.items()):
        rows = []
        for batch in BATCHES:
            eta = min(tuned[batch], key=lambda one, b=batch: tuned[b][one][place])
            if (batch, eta) not in reported:
                reported[batch, eta] = race(batch, eta, REPORTING)
            mean, half = interval(reported[batch, eta][place])
            rows.append({"batch": batch, "eta": eta, "steps": mean, "half": half, "examples": batch * mean})
        targets[name] = {
            "target": target,
            "runs": {f"b{row['batch']}": row for row in rows},
            "steps": [row["steps"] for row in rows],
            "half": [row["half"] for row in rows],
            "etas": [row["eta"] for row in rows],
            "fit": hyperbola([row["steps"] for row in rows]),
        }
    only = (TARGETS["t15"],)
    rules = {
        "fixed": [race(batch, FIXED, REPORTING, only).mean() for batch in BATCHES],
        "linear": [race(batch, PER_EXAMPLE * batch, REPORTING, only).mean() for batch in BATCHES],
    }
    return {
        "batches": BATCHES,
        "targets": targets,
        "rules": {name: [x if np.isfinite(x) else None for x in row] for name, row in rules.items()},
        "saved": {
            "b4_32": targets["t15"]["runs"]["b4"]["steps"] / targets["t15"]["runs"]["b32"]["steps"],
            "more_examples": targets["t15"]["runs"]["b1024"]["examples"]
            / targets["t15"]["runs"]["b128"]["examples"],
        },
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=340 if canvas.wide else 290, x_log=True, y_log=True)
    canvas.axis(left, x="B", y="pasos", title="Hasta tres pérdidas", x_range=(3, 1500), y_range=(4, 1200))
    canvas.axis(
        right,
        x="B",
        y="pasos",
        title="Hasta 0,15, con tres reglas para η",
        x_range=(3, 1500),
        y_range=(4, 1200),
    )
    for ax in (left, right):
        ax.set_xticks([4, 32, 256], ["4", "32", "256"])
        ax.set_yticks([10, 100, 1000], ["10", "100", "1000"])
    for series, run in zip(("c1", "c2", "c3"), data["targets"].values(), strict=True):
        label = f"{run['target']:g}".replace(".", ",")
        canvas.line(left, data["batches"], run["fit"]["law"], series=series, label=label)
        canvas.points(left, data["batches"], run["steps"], series=series)
    canvas.line(right, data["batches"], data["targets"]["t15"]["steps"], series="c2", label="la mejor η")
    canvas.points(right, data["batches"], data["targets"]["t15"]["steps"], series="c2")
    for series, name, label in (("c5", "fixed", "η = 0,4"), ("c4", "linear", "η = 0,1 B")):
        got = [(b, s) for b, s in zip(data["batches"], data["rules"][name], strict=True) if s is not None]
        canvas.line(right, [b for b, _ in got], [s for _, s in got], series=series, label=label)
        canvas.points(right, [b for b, _ in got], [s for _, s in got], series=series)
