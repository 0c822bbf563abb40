"""The race of `carrera-con-tres-relojes` priced by any machine: cost = steps × (c + batch).

`c` is the fixed cost of a step, in examples: c = 0 counts examples, c = ∞ counts steps.
"""

import numpy as np
from _carrera import race


def compute():
    found = race()
    overheads = np.geomspace(1, 1e5, 101)
    batches = [run["batch"] for run in found["runs"].values()]
    costs = np.array([run["mean_steps"] * (overheads + run["batch"]) for run in found["runs"].values()])
    return {
        "overheads": overheads,
        "relative": {f"b{batch}": cost for batch, cost in zip(batches, costs / costs.min(0), strict=True)},
        "here": found["fixed_cost_in_examples"],
        "ties": found["ties"],
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=330 if canvas.wide else 300,
        x="c, coste fijo de un paso, en ejemplos" if canvas.wide else "c, coste fijo (ejemplos)",
        y="coste hasta la pérdida 0,15, veces el más barato",
        x_log=True,
        y_log=True,
        x_range=(1, 1e5),
        y_range=(0.93, 25),
    )
    ax.set_yticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
    canvas.reference(ax, "numpy, CPU", x=data["here"])
    for series, (name, values) in zip(("c1", "c2", "c3", "c5"), data["relative"].items(), strict=True):
        canvas.line(ax, data["overheads"], values, series=series, label=f"B = {name[1:]}")
