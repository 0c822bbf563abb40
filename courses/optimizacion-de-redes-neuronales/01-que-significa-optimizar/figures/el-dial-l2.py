"""One dial, L2, with and without wrong labels: what is memorised, what is predicted, which end fails."""

import numpy as np
from _digitos import error, gradients, interval, loss, predicted, step
from _pocas_etiquetas import ETA, STEPS, TRAIN, draw_data, fit

DECAYS = (0.0, 3e-4, 1e-3, 3e-3, 1e-2, 2e-2, 3e-2, 5e-2, 1e-1, 3e-1)
SEEDS = 8
STOPS = range(10, STEPS + 1, 10)


def measure(data, layers):
    """Everything in percent but the two losses."""
    guess, wrong = predicted(layers, data.images), data.labels != data.true
    return {
        "train_loss": loss(layers, data.images, data.labels),
        "train_error": 100 * np.mean(guess != data.labels),
        "memorised": 100 * np.mean(guess[wrong] == data.labels[wrong]) if wrong.any() else 0.0,
        "corrected": 100 * np.mean(guess[wrong] == data.true[wrong]) if wrong.any() else 0.0,
        "validation": 100 * error(layers, *data.validation),
        "test": 100 * error(layers, *data.test),
        "test_loss": loss(layers, *data.test),
    }


def sweep(redrawn):
    rows = []
    for decay in DECAYS:
        runs = []
        for seed in range(SEEDS):
            data = draw_data(seed, redrawn=redrawn)
            runs.append(measure(data, fit(data, seed, decay=decay)))
        row = {key: np.mean([run[key] for run in runs]) for key in runs[0]}
        row["decay"], row["half"] = decay, interval([run["test"] for run in runs])[1]
        row["half_validation"] = interval([run["validation"] for run in runs])[1]
        rows.append(row)
    return rows


def early_stop():
    """No L2: the step that validation prefers, and what the test says of it."""
    steps, errors = [], []
    for seed in range(SEEDS):
        data, seen = draw_data(seed), []
        layers = fit(data, seed, decay=0.0, steps=0)
        for now in range(1, STEPS + 1):
            layers = step(layers, gradients(layers, data.images, data.labels), ETA)
            if now in STOPS:
                seen.append((error(layers, *data.validation), now, 100 * error(layers, *data.test)))
        _, chosen, test = min(seen)
        steps.append(chosen)
        errors.append(test)
    mean, half = interval(errors)
    return {"error": mean, "half": half, "first": min(steps), "last": max(steps)}


def compute():
    noisy, clean = sweep(0.2), sweep(0.0)
    wrong = [100 * np.mean(draw_data(seed).labels != draw_data(seed).true) for seed in range(SEEDS)]
    best = min(noisy, key=lambda row: row["validation"])
    by_loss = min(noisy, key=lambda row: row["test_loss"])
    long = []
    for seed in range(3):
        data = draw_data(seed)
        long.append(measure(data, fit(data, seed, decay=1e-3, steps=6000))["memorised"])
    return {
        "seeds": SEEDS,
        "train": TRAIN,
        "steps": STEPS,
        "eta": ETA,
        "decays": DECAYS,
        "wrong_labels": np.mean(wrong),
        "noisy": {f"d{row['decay']:g}".replace(".", "_"): row for row in noisy},
        "clean": {f"d{row['decay']:g}".replace(".", "_"): row for row in clean},
        "best": best,
        "best_by_test_loss": by_loss,
        "early_stop": early_stop(),
        "memorised_6000_steps": np.mean(long),
    }


def draw(data, canvas):
    noisy, clean = canvas.panels(
        2, height=320, x_log=True, y="%", x="λ", x_range=(2e-4, 0.36), y_range=(0, 100)
    )
    canvas.axis(noisy, title="Una de cada cinco etiquetas, al azar")
    canvas.axis(clean, title="Todas las etiquetas, buenas")
    lambdas = np.array(data["decays"][1:])
    for ax, key in ((noisy, "noisy"), (clean, "clean")):
        rows = list(data[key].values())[1:]
        test, half = (np.array([row[name] for row in rows]) for name in ("test", "half"))
        canvas.band(ax, lambdas, test - half, test + half, series="c2", label="error de test")
        canvas.line(ax, lambdas, test, series="c2", label="error de test", labelled=False, dash=(4, 2))
        canvas.line(
            ax,
            lambdas,
            [row["train_error"] for row in rows],
            series="c2",
            label="error de entrenamiento",
            labelled=False,
        )
    rows = list(data["noisy"].values())[1:]
    memorised = np.array([row["memorised"] for row in rows])
    canvas.line(noisy, lambdas, memorised, series="c1", label="etiquetas falsas memorizadas", labelled=False)
    canvas.note(noisy, "etiquetas falsas\nmemorizadas", (0.0065, 65), offset=(-20, -14), align="right")
    canvas.note(noisy, "error de test", (3e-4, rows[0]["test"]), offset=(6, 14))
    canvas.note(noisy, "error de\nentrenamiento", (0.0042, 2.5), offset=(-20, 14), align="right")
    canvas.note(clean, "test", (3e-3, data["clean"]["d0_003"]["test"]), offset=(-4, 22), align="right")
    canvas.note(
        clean, "entrenamiento", (1e-1, data["clean"]["d0_1"]["train_error"]), offset=(-24, 20), align="right"
    )
