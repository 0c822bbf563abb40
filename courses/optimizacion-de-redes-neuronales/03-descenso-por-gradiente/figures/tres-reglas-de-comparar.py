"""Test error against the batch under three rules of comparison: the gap is in the rule."""

import numpy as np
from _digitos import interval
from _lotes import digits, errors, losses, nets, step

BATCHES = (8, 32, 128, 600)
ETAS = {"epochs": (0.1, 0.3, 1.0, 3.0), "steps": (0.3, 1.0, 3.0)}
TRAIN, EPOCHS, STEPS = 600, 30, 1000
TUNING, REPORTING = tuple(range(100, 103)), tuple(range(8))


def train(batch, eta, seeds, steps):
    """Final error in validation and in test, and final train loss; η falls in a line to zero."""
    images, labels, test_images, test_labels = digits()
    sources = [np.random.default_rng(1000 + seed) for seed in seeds]
    layers, done = nets((64, 64, 10), seeds), 0
    while done < steps:
        orders = np.stack([rng.permutation(TRAIN) for rng in sources])
        for start in range(0, TRAIN - batch + 1, batch):
            if done == steps:
                break
            some = orders[:, start : start + batch]
            step(layers, images[some], labels[some], eta * (1 - done / steps))
            done += 1
    return (
        errors(layers, images[TRAIN:], labels[TRAIN:]),
        errors(layers, test_images, test_labels),
        losses(layers, images[:TRAIN], labels[:TRAIN]),
    )


def compute():
    rules = {}
    dots = {"loss": [], "error": [], "batch": []}
    for rule in ("epochs", "steps"):
        rows = []
        for batch in BATCHES:
            steps = TRAIN // batch * EPOCHS if rule == "epochs" else STEPS
            chosen = min(ETAS[rule], key=lambda eta: train(batch, eta, TUNING, steps)[0].mean())
            for eta in ETAS[rule]:
                if rule == "steps" and eta != chosen:
                    continue
                _, test, loss = train(batch, eta, REPORTING, steps)
                dots["loss"].append(loss.mean())
                dots["error"].append(test.mean())
                dots["batch"].append(batch)
                mean, half = interval(test)
                row = {
                    "batch": batch,
                    "eta": eta,
                    "mean": mean,
                    "half": half,
                    "errors": test,
                    "loss": loss.mean(),
                    "steps": steps,
                }
                if eta == chosen:
                    rows.append(row)
                if eta == 0.1 and rule == "epochs":
                    rules.setdefault("fixed", []).append(row)
        rules[rule] = rows
    _, test, loss = train(128, 10.0, REPORTING, TRAIN // 128 * EPOCHS)
    hurt = {"mean": test.mean(), "half": interval(test)[1], "loss": loss.mean()}
    found = {name: {f"b{row['batch']}": row for row in rows} for name, rows in rules.items()}
    apart = found["steps"]["b600"]["errors"] - found["steps"]["b8"]["errors"]
    gap, gap_half = interval(apart)
    return {
        "batches": BATCHES,
        "rules": found,
        "dots": dots,
        "hurt": hurt,
        "fixed_ratio": found["fixed"]["b600"]["mean"] / found["fixed"]["b8"]["mean"],
        "gap": {"mean": gap, "half": gap_half, "most": gap + gap_half},
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=330 if canvas.wide else 280, y_log=True)
    canvas.axis(
        left,
        x="B",
        y="error de test, %",
        title="Tres reglas",
        x_log=True,
        x_range=(6, 800),
        y_range=(1.5, 90),
    )
    left.set_xticks([8, 32, 128, 600], ["8", "32", "128", "600"])
    labels = {"fixed": "épocas, η fija", "epochs": "épocas", "steps": "pasos"}
    for series, (name, label) in zip(("c5", "c2", "c1"), labels.items(), strict=True):
        rows = list(data["rules"][name].values())
        mean, half = (np.array([row[key] for row in rows]) for key in ("mean", "half"))
        canvas.band(left, data["batches"], mean - half, mean + half, series=series)
        canvas.line(left, data["batches"], mean, series=series, label=label)
        canvas.points(left, data["batches"], mean, series=series)
    canvas.axis(
        right,
        x="pérdida de entrenamiento al final",
        y="error de test, %",
        title="Los mismos, por lo que ajustan",
        x_log=True,
        x_range=(5e-4, 3),
        y_range=(1.5, 90),
    )
    for ax in (left, right):
        ax.set_yticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
    dots = {key: np.array(values) for key, values in data["dots"].items()}
    canvas.points(right, [data["hurt"]["loss"]], [data["hurt"]["mean"]], series="c3", hollow=True)
    canvas.note(
        right, "η = 10", (data["hurt"]["loss"], data["hurt"]["mean"]), offset=(-10, 22), align="right"
    )
    for series, batch in zip(("c1", "c2", "c3", "c4"), data["batches"], strict=True):
        own = dots["batch"] == batch
        order = np.argsort(dots["loss"][own])
        canvas.points(right, dots["loss"][own][order], dots["error"][own][order], series=series)
        canvas.note(
            right,
            f"B = {batch}",
            (dots["loss"][own][order][-1], dots["error"][own][order][-1]),
            offset=(-16, 8),
            align="right",
        )
