"""Final loss against the ratio of step to weight at the start and at the end, for three ways of training."""

import numpy as np
from _senales import train

WAYS = {
    "sgd": ({}, 10 ** np.arange(-3, 1.3, 0.5)),
    "adam": ({"adam": True}, 10 ** np.arange(-4, 0, 0.5)),
    "tanh": ({"widths": (64, 32, 32, 32, 10), "tanh": True}, 10 ** np.arange(-3, 1.3, 0.5)),
}
SEEDS = range(3)


def compute():
    found = {}
    for name, (how, etas) in WAYS.items():
        rows = []
        for eta in etas:
            logs = [train(float(eta), seed, **how) for seed in SEEDS]
            rows.append(
                (
                    float(np.mean([log.end(tanh=name == "tanh") for log in logs])),
                    float(np.median([np.median(log.ratio[:20]) for log in logs])),
                    float(np.median([np.median(log.ratio[-100:]) for log in logs])),
                )
            )
        table = np.array(rows)
        best = int(table[:, 0].argmin())
        found[name] = {
            "etas": etas,
            "loss": table[:, 0],
            "early": table[:, 1],
            "late": np.maximum(table[:, 2], 1e-7),
            "best": {
                "eta": etas[best],
                "early": table[best, 1],
                "late": table[best, 2],
                "loss": table[best, 0],
            },
        }
    rule = [
        float(np.interp(-3, np.log10(way["early"][:6]), np.log10(way["loss"][:6]))) for way in found.values()
    ]
    return {"ways": found, "rule": {name: 10**value for name, value in zip(found, rule, strict=True)}}


LOOK = {"sgd": ("sgd", "SGD"), "adam": ("adam", "Adam"), "tanh": ("c2", "SGD, tanh")}


def draw(data, canvas):
    left, right = canvas.panels(
        2, height=300, x_log=True, y_log=True, share_y=True, y="pérdida final", y_range=(3e-4, 5)
    )
    canvas.axis(left, x="razón en los primeros 20 pasos", x_range=(2e-5, 1), title="Al principio")
    canvas.axis(right, x="razón en los últimos 100", x_range=(2e-5, 1), title="Al final")
    for name, (series, label) in LOOK.items():
        way = data["ways"][name]
        values = np.array(way["loss"], dtype=float)
        for ax, key in ((left, "early"), (right, "late")):
            at = np.array(way[key], dtype=float)
            keep = (at > 2e-5) & (values < 5)
            canvas.line(ax, at[keep], values[keep], series=series, label=label, labelled=False)
            canvas.points(ax, at[keep], values[keep], series=series, label="", size=3)
        canvas.note(
            left,
            label,
            (way["early"][2], values[2]),
            offset={"sgd": (14, 10), "adam": (14, 12), "tanh": (-14, -16)}[name],
            align="right" if name == "tanh" else "left",
        )
    for ax in (left, right):
        canvas.reference(ax, "", x=1e-3)
