"""Picking the best of k by validation: its validation error is a record, its test error is not."""

import numpy as np
from _digitos import predicted
from _pocas_etiquetas import draw_data, fit

DECAYS = (0.008, 0.012, 0.016, 0.02, 0.025, 0.03)
STARTS, DATA_SETS = 4, 6
TRIED = (1, 2, 3, 4, 6, 8, 12, 16, 24)
SIZES = (50, 300)
DRAWS = 2000


def compute():
    misses = []  # one row per candidate net, one column per image never trained on
    for seed in range(DATA_SETS):
        data = draw_data(seed)
        images, labels = (np.concatenate(pair) for pair in zip(data.validation, data.test, strict=True))
        nets = [fit(data, 100 * seed + start, decay=decay) for decay in DECAYS for start in range(STARTS)]
        misses.append(np.array([predicted(layers, images) != labels for layers in nets]))
    rng = np.random.default_rng(0)
    curves = {}
    for size in SIZES:
        rows = []
        for tried in TRIED:
            pairs = []
            for draw_number in range(DRAWS):
                wrong = misses[draw_number % DATA_SETS]
                order = rng.permutation(wrong.shape[1])
                some = wrong[rng.permutation(len(wrong))[:tried]]
                scores = some[:, order[:size]].mean(axis=1)
                best = int(scores.argmin())
                pairs.append((100 * scores[best], 100 * some[best, order[size:]].mean()))
            rows.append(np.mean(pairs, axis=0))
        told, true = np.array(rows).T
        curves[f"v{size}"] = {
            "size": size,
            "validation": told,
            "test": true,
            "gap": {f"k{tried}": true[k] - told[k] for k, tried in enumerate(TRIED)},
            "last": {"validation": told[-1], "test": true[-1]},
            "first": {"validation": told[0], "test": true[0]},
        }
    return {"tried": TRIED, "candidates": len(DECAYS) * STARTS, "data_sets": DATA_SETS, "curves": curves}


def draw(data, canvas):
    ax = canvas.axes(
        height=300,
        x="candidatos entre los que elige la validación",
        y="error del elegido (%)",
        y_range=(10, 14),
    )
    ax.set_yticks(range(10, 15))
    validation = "validación" if canvas.wide else "val."
    for series, curve in zip(("c5", "c2"), data["curves"].values(), strict=True):
        canvas.line(ax, data["tried"], curve["test"], series=series, label=f"test ({curve['size']})")
        label = f"{validation} ({curve['size']})"
        canvas.line(ax, data["tried"], curve["validation"], series=series, label=label, dash=(4, 2))
