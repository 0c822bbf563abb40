"""The classic form and the average form against η, and what each does when β changes in the middle."""

import numpy as np
from _digitos import interval, split
from _red import loss, loss_gradient, net

WIDTHS, BATCH, EPOCHS, SEEDS, BETA = (64, 32, 10), 64, 5, 3, 0.9
ETAS = 10.0 ** np.arange(-2, 1.6, 0.25)
CHANGE, LATER, LATE_STEPS = 60, 0.99, 200


def run(form, eta, beta, seed, *, steps=None, change=None):
    """Train loss at the end, or at every step where `change` says when β becomes LATER."""
    images, labels, *_ = split()
    rng = np.random.default_rng(seed)
    layers = net(WIDTHS, rng)
    speed = [np.zeros_like(part) for part in layers]
    trace, step = [], 0
    total = steps or EPOCHS * (len(labels) // BATCH + 1)
    while step < total:
        order = rng.permutation(len(labels))
        for start in range(0, len(labels), BATCH):
            if step == total:
                break
            now = LATER if change is not None and step >= change else beta
            _, found = loss_gradient(
                layers, images[order[start : start + BATCH]], labels[order[start : start + BATCH]]
            )
            gain = 1 - now if form == "media" else 1.0
            speed = [now * v + gain * g for v, g in zip(speed, found, strict=True)]
            layers = [part - eta * v for part, v in zip(layers, speed, strict=True)]
            step += 1
            if change is not None:
                trace.append(loss(layers, images, labels))
    return trace if change is not None else loss(layers, images, labels)


def sweep(form, beta):
    losses = np.array([[run(form, eta, beta, seed) for seed in range(SEEDS)] for eta in ETAS])
    kept = np.where(np.isfinite(losses), losses, 1e9)
    mean = kept.mean(axis=1)
    best = int(np.argmin(mean))
    value, half = interval(kept[best])
    return {
        "mean": mean,
        "low": kept.min(axis=1),
        "high": kept.max(axis=1),
        "eta": ETAS[best],
        "best": value,
        "half": half,
    }


def compute():
    classic, average = sweep("clasica", BETA), sweep("media", BETA)
    plain = sweep("clasica", 0.0)
    late = {}
    for form, eta in (("clasica", classic["eta"]), ("media", average["eta"])):
        late[form] = run(form, eta, BETA, 0, steps=LATE_STEPS, change=CHANGE)
    return {
        "etas": ETAS,
        "beta": BETA,
        "seeds": SEEDS,
        "clasica": classic,
        "media": average,
        "sgd": plain,
        "ratio": average["eta"] / classic["eta"],
        "change": CHANGE,
        "late": late,
        "before": late["clasica"][CHANGE - 1],
        "worst": np.nanmax(np.array(late["clasica"][CHANGE:])),
        "worst_media": np.nanmax(np.array(late["media"][CHANGE:])),
        "end": late["clasica"][-1],
        "end_media": late["media"][-1],
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=310, y_log=True)
    canvas.axis(
        left, x="learning rate η", y="pérdida de entrenamiento", title="La misma carrera, dos η", x_log=True
    )
    etas = np.array(data["etas"])
    for series, key, name, at in (
        ("sgd", "sgd", "SGD", None),
        ("c2", "clasica", "clásica", 0.05),
        ("c5", "media", "media", None),
    ):
        row = data[key]
        mean, high = np.array(row["mean"]), np.minimum(np.array(row["high"]), 5)
        kept = mean < 5
        canvas.band(left, etas[kept], np.array(row["low"])[kept], high[kept], series=series)
        canvas.line(
            left, etas[kept], mean[kept], series=series, label=name, label_at=at, labelled=key != "sgd"
        )
        if key == "sgd":
            top = int(np.flatnonzero(kept)[-1])
            canvas.note(left, name, (etas[top], mean[top]), offset=(-34, -4), align="center")
    canvas.axis(right, x="paso", y="pérdida de entrenamiento", title="β pasa de 0,9 a 0,99 sin tocar η")
    for series, key, name in (("c2", "clasica", "clásica"), ("c5", "media", "media")):
        trace = np.array([np.nan if v is None else v for v in data["late"][key]], dtype=float)
        kept = np.isfinite(trace) & (trace < 1e4)
        canvas.line(right, np.arange(1, len(trace) + 1)[kept], trace[kept], series=series, label=name)
    canvas.reference(right, "cambio", x=float(data["change"]))
