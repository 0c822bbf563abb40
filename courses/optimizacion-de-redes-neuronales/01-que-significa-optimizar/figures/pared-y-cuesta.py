"""Final loss against learning rate for three budgets: the slope moves with the budget, the wall does not."""

import numpy as np
from _digitos import error, loss, net, split, train

EPOCHS = (1, 10, 100)
ETAS = [10 ** (-3 + k / 4) for k in range(18)]  # a whole decade is four points
SEEDS = 5
STEPS_PER_EPOCH = 21


def compute():
    images, labels, test_images, test_labels = split()
    budgets = {}
    for epochs in EPOCHS:
        rows = []
        for eta in ETAS:
            losses, errors = [], []
            for seed in range(SEEDS):
                rng = np.random.default_rng(seed)
                end = train(net((64, 32, 10), rng), images, labels, rng, eta=eta, epochs=epochs)
                losses.append(loss(end, images, labels))
                errors.append(100 * error(end, test_images, test_labels))
            rows.append((losses, errors))
        losses = np.array([row[0] for row in rows])
        errors = np.array([row[1] for row in rows])
        best = int(losses.mean(axis=1).argmin())
        budgets[f"e{epochs}"] = {
            "epochs": epochs,
            "steps": epochs * STEPS_PER_EPOCH,
            "loss": losses.mean(axis=1),
            "low": losses.min(axis=1),
            "high": losses.max(axis=1),
            "error": errors.mean(axis=1),
            "best": {
                "eta": ETAS[best],
                "loss": losses[best].mean(),
                "error": errors[best].mean(),
                **{
                    side: {"eta": ETAS[k], "loss": losses[k].mean(), "error": errors[k].mean()}
                    for side, k in (("below", best - 2), ("above", best + 2))
                },
            },
        }
    ten = budgets["e10"]
    at = {
        name: {"loss": ten["loss"][k], "low": ten["low"][k], "high": ten["high"][k], "error": ten["error"][k]}
        for name, k in {"milesima": 0, "centesima": 4, "decima": 8, "uno": 12, "diez": 16}.items()
    }
    same_path = {f"e{epochs}": budgets[f"e{epochs}"]["loss"][k] for epochs, k in ((1, 12), (10, 8), (100, 4))}
    hand = {"above": 1.02 ** (2 * 210), "below": 0.98 ** (2 * 210), "ratio": (1.02 / 0.98) ** (2 * 210)}
    return {
        "etas": ETAS,
        "seeds": SEEDS,
        "budgets": budgets,
        "at10": at,
        "same_path": same_path,
        "hand": hand,
    }


LOOK = {
    1: ("c1", 6, (0, 18), "center"),
    10: ("c2", 10, (4, 19), "center"),
    100: ("c3", 7, (-10, -14), "right"),
}


def draw(data, canvas):
    left, right = canvas.panels(
        2,
        height=330,
        x_log=True,
        y_log=True,
        y="pérdida de entrenamiento al final",
        share_y=True,
        y_range=(5e-5, 12),
    )
    canvas.axis(left, x="learning rate η", title="Según η", x_range=(8e-4, 70))
    canvas.axis(right, x="camino η·T (T, pasos dados)", title="Según η·T", x_range=(1e-2, 1e5))
    etas = np.array(data["etas"])
    for epochs, (series, at, offset, align) in LOOK.items():
        run, name = data["budgets"][f"e{epochs}"], f"{epochs} épocas" if epochs > 1 else "1 época"
        low = int(np.argmin(run["loss"]))
        canvas.band(left, etas, run["low"], run["high"], series=series, label=name)
        canvas.line(left, etas, run["loss"], series=series, label=name, labelled=False)
        canvas.note(left, name, (etas[at], run["loss"][at]), offset=offset, align=align)
        canvas.line(right, etas * run["steps"], run["loss"], series=series, label=name, labelled=False)
        canvas.note(
            right, name, (etas[low] * run["steps"], run["loss"][low]), offset=(-16, -12), align="right"
        )
    canvas.reference(left, "", x=10)
    canvas.note(left, "pared", (10, 0.01), offset=(10, 0))
