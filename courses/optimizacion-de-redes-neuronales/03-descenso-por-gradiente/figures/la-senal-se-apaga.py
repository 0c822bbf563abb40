"""What a batch's gradient errs, against what it tells; and how both change while a net is trained."""

import numpy as np
from _digitos import interval, loss, split
from _ruido import each_gradient, signal_and_noise, train

EPOCHS, SEEDS, DRAWS = 30, 5, 400
BATCHES = (1, 4, 16, 64, 256, 1024)
MOMENTS = (0, 10, 30)


def measured_errors(each, rng):
    """Mean of ‖g_B − g‖² over batches drawn with replacement, for each of BATCHES."""
    away = each - each.mean(axis=0)
    products = away @ away.T
    errors = []
    for batch in BATCHES:
        votes = rng.multinomial(batch, np.full(len(each), 1 / len(each)), size=DRAWS) / batch
        errors.append(float(np.mean(np.einsum("ij,jk,ik->i", votes, products, votes, optimize=True))))
    return errors


def compute():
    images, labels, _, _ = split()
    epochs = np.arange(EPOCHS + 1)
    found = np.empty((SEEDS, len(epochs), 2))
    moments, losses, heavy = {}, [], []
    for seed in range(SEEDS):
        for epoch, layers in enumerate(train(EPOCHS, seed)):
            each = each_gradient(layers, images, labels)
            found[seed, epoch] = signal_and_noise(each)
            if epoch not in MOMENTS:
                continue
            squares = np.sort(np.sum((each - each.mean(axis=0)) ** 2, axis=1))[::-1]
            heavy.append((epoch, squares[:13].sum() / squares.sum(), squares[:65].sum() / squares.sum()))
            losses.append((epoch, loss(layers, images, labels)))
            if seed == 0:
                errors = measured_errors(each, np.random.default_rng(7))
                signal, noise = found[0, epoch]
                moments[f"e{epoch}"] = {
                    "epoch": epoch,
                    "signal": signal,
                    "noise": noise,
                    "scale": noise / signal,
                    "errors": errors,
                    "predicted": [noise / batch for batch in BATCHES],
                    "slope": float(np.polyfit(np.log(BATCHES), np.log(errors), 1)[0]),
                    "error_64": errors[3] / signal,
                    "angle_64": float(np.degrees(np.arctan(np.sqrt(noise / 64 / signal)))),
                }
    scales = found[:, :, 1] / found[:, :, 0]
    mean = {f"e{e}": dict(zip(("mean", "half"), interval(scales[:, e]), strict=True)) for e in MOMENTS}
    return {
        "epochs": epochs,
        "batches": BATCHES,
        "moments": moments,
        "signal": found[:, :, 0].mean(axis=0),
        "signal_low": found[:, :, 0].min(axis=0),
        "signal_high": found[:, :, 0].max(axis=0),
        "noise": found[:, :, 1].mean(axis=0),
        "noise_low": found[:, :, 1].min(axis=0),
        "noise_high": found[:, :, 1].max(axis=0),
        "scales": mean,
        "signal_fell": found[:, 0, 0].mean() / found[:, -1, 0].mean(),
        "noise_fell": found[:, 0, 1].mean() / found[:, -1, 1].mean(),
        "losses": {f"e{e}": float(np.mean([x for at, x in losses if at == e])) for e in MOMENTS},
        "heavy": {
            f"e{e}": {
                "one": float(np.mean([x for at, x, _ in heavy if at == e])),
                "five": float(np.mean([x for at, _, x in heavy if at == e])),
            }
            for e in MOMENTS
        },
        "quiet_one": (1 - 13 / len(labels)) ** 64,
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=330 if canvas.wide else 280, y_log=True)
    canvas.axis(
        left,
        x="B",
        y="error medio al cuadrado",
        title="Un batch de B imágenes",
        x_log=True,
        x_range=(0.8, 1500),
        y_range=(8e-4, 20),
    )
    left.set_xticks([1, 16, 256], ["1", "16", "256"])
    for series, name in (("c1", "e0"), ("c2", "e30")):
        run = data["moments"][name]
        label = "época 0" if name == "e0" else "época 30"
        canvas.line(left, data["batches"], run["predicted"], series=series, label=label)
        canvas.points(left, data["batches"], run["errors"], series=series)
        left.plot([0.8, 1500], [run["signal"]] * 2, color="#575a62", linewidth=1.3, dashes=(1, 2))
        left.annotate(
            f"‖g‖², {label}", (0.95, run["signal"]), (0, -9), textcoords="offset points", gid="halo"
        )
    canvas.axis(
        right, x="época", y="norma al cuadrado", title="Mientras entrena", x_range=(0, 30), y_range=(8e-4, 20)
    )
    for series, name, label in (("c3", "noise", "tr Σ"), ("c4", "signal", "‖g‖²")):
        canvas.band(right, data["epochs"], data[f"{name}_low"], data[f"{name}_high"], series=series)
        canvas.line(right, data["epochs"], data[name], series=series, label=label)
