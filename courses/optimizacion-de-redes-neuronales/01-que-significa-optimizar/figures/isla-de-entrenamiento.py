"""Test error for each initial scale and learning rate: how wide a target the initialisation leaves."""

import numpy as np
from _digitos import error, loss, net, split, train

WIDTHS = (64, 64, 64, 64, 10)
SCALES = (0.1, 0.2, 0.3, 0.41, 0.6, 1.0, 2.0, 3.0, 10.0)  # 0.41 is the default of PyTorch's Linear
ETAS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
EPOCHS, SEEDS = 15, 3
GOOD_ENOUGH = 5.0


def travel(start, end):
    """How far the weights went, as a fraction of where they started."""
    far = sum(((after - before) ** 2).sum() for (before, _), (after, _) in zip(start, end, strict=True))
    return float(np.sqrt(far / sum((before**2).sum() for before, _ in start)))


def compute():
    images, labels, test_images, test_labels = split()
    errors = np.empty((len(SCALES), len(ETAS)))
    losses, moved = np.empty_like(errors), np.empty_like(errors)
    for (row, scale), (column, eta) in ((r, c) for r in enumerate(SCALES) for c in enumerate(ETAS)):
        ends = []
        for seed in range(SEEDS):
            rng = np.random.default_rng(seed)
            start = net(WIDTHS, rng, scale=scale)
            end = train(start, images, labels, rng, eta=eta, epochs=EPOCHS)
            ends.append(
                (100 * error(end, test_images, test_labels), loss(end, images, labels), travel(start, end))
            )
        errors[row, column], losses[row, column], moved[row, column] = np.mean(ends, axis=0)
    rows = {}
    for row, scale in enumerate(SCALES):
        best = int(errors[row].argmin())
        rows[f"s{scale:g}".replace(".", "_")] = {
            "scale": scale,
            "best": errors[row, best],
            "eta": ETAS[best],
            "loss": losses[row, best],
            "moved": 100 * moved[row, best],
            "good": int((errors[row] < GOOD_ENOUGH).sum()),
            "at": {f"e{eta:g}".replace(".", "_"): errors[row, k] for k, eta in enumerate(ETAS)},
        }
    return {
        "scales": SCALES,
        "etas": ETAS,
        "seeds": SEEDS,
        "epochs": EPOCHS,
        "good_enough": GOOD_ENOUGH,
        "errors": errors,
        "rows": rows,
        "pytorch": np.sqrt(1 / 6),
    }


def number(value):
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}".replace(".", ",")


def draw(data, canvas):
    ax = canvas.axes(height=360, x="learning rate η", y="escala inicial (×1 es la de He)")
    errors = np.array(data["errors"])
    spanish = [[f"{value:g}".replace(".", ",") for value in data[key]] for key in ("scales", "etas")]
    texts = [[number(value) for value in row] for row in errors]
    canvas.heat(ax, np.log(errors), rows=[f"×{text}" for text in spanish[0]], columns=spanish[1], texts=texts)
