"""RMSProp's steps in units of η, and the loss it ends with for every pair of ε and η."""

import numpy as np
from _apiladas import losses, per_run, split, start, train

RHO, STEPS, SEEDS = 0.99, 210, 3
EPSILONS = (1e-8, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
ETAS = (1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0)
WIDTHS = (64, 64, 64, 10)


def compute():
    images, labels, _, _ = split()
    pairs = [(epsilon, eta) for epsilon in EPSILONS for eta in ETAS]
    stack, rngs = start(WIDTHS, [seed for _ in pairs for seed in range(SEEDS)])
    epsilons, etas = (per_run([pair[k] for pair in pairs for _ in range(SEEDS)]) for k in (0, 1))
    squares = [np.zeros_like(w) for w in stack]
    followed = [
        SEEDS * pairs.index(pair) for pair in ((1e-8, 1e-2), (1e-2, 3e-2), (1.0, 3.0))
    ]  # the best η of each
    sizes, raw = [], []

    def move(t, weights, found):
        ratios = []
        for v, g in zip(squares, found, strict=True):
            v *= RHO
            v += (1 - RHO) * g**2
            ratios.append(g / (np.sqrt(v) + epsilons))
        sizes.append([float(np.mean(np.abs(ratios[2][run : run + SEEDS]))) for run in followed])
        if t == 1:
            raw.append([float(np.median(np.abs(found[2][0])[found[2][0] != 0])), *sizes[0]])
        return [etas * ratio for ratio in ratios]

    stack = train(stack, rngs, images, labels, move, steps=STEPS)
    ends = losses(stack, images, labels).reshape(len(EPSILONS), len(ETAS), SEEDS)
    ends = np.where(np.isfinite(ends), ends, 1e3)
    table = np.exp(np.log(ends).mean(axis=2))
    t = np.arange(1, STEPS + 1)
    sizes = np.array(sizes)
    return {
        "seeds": SEEDS,
        "steps": STEPS,
        "t": t,
        "constant": 1 / np.sqrt(1 - RHO**t),
        "size": {"nada": sizes[:, 0], "centesima": sizes[:, 1], "uno": sizes[:, 2]},
        "first": sizes[0],
        "last": sizes[-50:].mean(axis=0),
        "gradient": raw[0][0],
        "table": np.log10(table),
        "at_centesima": table[:, 2],
        "best": [
            {"epsilon": epsilon, "eta": ETAS[int(row.argmin())], "loss": row.min()}
            for epsilon, row in zip(EPSILONS, table, strict=True)
        ],
    }


def label(value):
    return {1.0: "1", 3.0: "3", 0.3: "0,3", 0.1: "0,1", 0.03: "0,03", 0.01: "0,01", 0.003: "0,003"}.get(
        value, f"10{str(round(np.log10(value))).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
    )


def draw(data, canvas):
    table = np.array(data["table"])
    ax = canvas.axes(height=300, x="η", y="ε", title="log₁₀ de la pérdida final")
    canvas.heat(
        ax,
        table,
        rows=[label(epsilon) for epsilon in EPSILONS],
        columns=[label(eta) for eta in ETAS],
        texts=[[f"{value:.1f}".replace(".", ",").replace("-", "−") for value in row] for row in table],
    )
