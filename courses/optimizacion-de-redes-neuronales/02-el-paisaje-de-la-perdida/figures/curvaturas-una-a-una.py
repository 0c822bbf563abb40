"""All the curvatures of one trained net, sorted, and their mean, which is what a random slice sees."""

import numpy as np
from _digitos import split
from _red import WEIGHTS, hessian_product
from _tanh import trained


def compute():
    images, labels, *_ = split()
    _, w, rng = trained(0, images, labels)
    hessian = np.empty((WEIGHTS, WEIGHTS))
    for i in range(WEIGHTS):
        unit = np.zeros(WEIGHTS)
        unit[i] = 1
        hessian[i] = hessian_product(w, unit, images, labels)
    values = np.linalg.eigvalsh((hessian + hessian.T) / 2)[::-1]
    trace = float(values.sum())
    ways = rng.standard_normal((2000, WEIGHTS))
    seen = np.einsum("ij,ij->i", ways @ hessian, ways) / np.einsum("ij,ij->i", ways, ways)
    share = np.cumsum(values) / trace
    return {
        "weights": WEIGHTS,
        "largest": values[0],
        "trace": trace,
        "mean": trace / WEIGHTS,
        "ratio": values[0] / (trace / WEIGHTS),
        "spread": np.sqrt(2 * (values**2).sum()) / WEIGHTS,
        "over_mean": int((values > trace / WEIGHTS).sum()),
        "over_tenth": int((values > values[0] / 10).sum()),
        "for_90": int(np.argmax(share > 0.9) + 1),
        "negative": int((values < -1e-6 * values[0]).sum()),
        "most_negative": values[-1],
        "random": {
            "mean": seen.mean(),
            "spread": seen.std(),
            "largest": seen.max(),
            "below_largest": values[0] / seen.max(),
            "directions": len(seen),
        },
        "rank": (kept := np.unique(np.geomspace(1, WEIGHTS, 160).astype(int))),
        "values": values[kept - 1],
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=320,
        x="puesto, de la mayor a la menor",
        y="curvatura",
        x_log=True,
        y_log=True,
        x_range=(0.8, 3000),
        y_range=(1e-6, 1),
    )
    values = np.array(data["values"])
    up = values > 1e-7
    rank = np.array(data["rank"])
    canvas.points(ax, rank[up], values[up], series="c1", size=4)
    canvas.reference(ax, "la media", y=data["mean"])
