"""How many digits the loss has at each step of a divergence, in a net and in a quadratic valley."""

import numpy as np
from _ejecuciones import activations
from _rotas import IMAGES, SINGLE_MAX, planted

SEEDS, STEPS = 3, 40


def digits(cause, seed):
    net, rows = planted(cause, seed, STEPS)
    losses = np.array([row.loss for row in rows])
    return np.log10(losses[np.isfinite(losses)]), [
        np.mean(h.max(axis=0) <= 0) for h in activations(net, IMAGES)[1:-1]
    ]


def compute():
    runs = {}
    for cause in ("eta", "inicio"):
        found = [digits(cause, seed) for seed in range(SEEDS)]
        traces = [trace for trace, _ in found]
        grown = [t[1:][up] / t[:-1][up] for t in traces for up in [(t[:-1] > 3) & (t[1:] > t[:-1])]]
        runs[cause] = {
            "traces": traces,
            "first": np.mean([10 ** t[0] for t in traces]),
            "growth": np.median(np.concatenate(grown)),
            "dead_by_layer": [share for _, share in found],
            "top": [t.max() for t in traces],
            "end_loss": [10 ** min(t[-1], 300) for t in traces],
        }
    story = [int(np.floor(value)) + 1 for value in runs["eta"]["traces"][1]]
    six = [planted("seis", seed, 400)[1] for seed in range(SEEDS)]
    valley = np.log10(2.4) + 2 * np.log10(3.0) * np.arange(19)
    return {
        "runs": runs,
        "story": story,
        "six": {"first": min(rows[0].loss for rows in six), "last": max(rows[-1].loss for rows in six)},
        "valley": valley,
        "limit": np.log10(SINGLE_MAX),
        "steps": STEPS,
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=300, x="pasos", y="cifras de la pérdida (log₁₀)", x_range=(0, 16), y_range=(0, 60)
    )
    for series, cause, name in (("c1", "eta", "η = 12"), ("c5", "inicio", "pesos ×10")):
        for seed, trace in enumerate(data["runs"][cause]["traces"]):
            canvas.line(
                ax,
                range(len(trace)),
                trace,
                series=series,
                label=name if seed == 0 else f"{name}, semilla {seed}",
                labelled=seed == 0,
                width=2 if seed == 0 else 1.2,
            )
    canvas.line(ax, range(len(data["valley"])), data["valley"], series="c3", label="valle, ×9 por paso")
    canvas.reference(ax, "float32", y=data["limit"])
