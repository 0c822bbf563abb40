"""The same large η after warm-ups of several lengths, and after 50 steps that only fill Adam's averages."""

import numpy as np
from _arranque import SEEDS, STEPS, run

ETA, LENGTHS, FROZEN = 0.03, (1, 5, 20, 50), 50


def compute():
    return {
        "eta": ETA,
        "seeds": SEEDS,
        "steps": STEPS,
        "lengths": LENGTHS,
        "frozen_steps": FROZEN,
        "warm": {f"w{w}": run(ETA, w) for w in LENGTHS},
        "frozen": run(ETA, 1, FROZEN),
    }


def draw(data, canvas):
    ax = canvas.axes(height=240, x="error de test (%)", x_range=(0, 100), y_range=(-0.6, 4.6))
    names = [
        "sin calentamiento",
        *[f"calentar {w} pasos" for w in data["lengths"][1:]],
        f"{FROZEN} pasos quieta",
    ]
    runs = [*data["warm"].values(), data["frozen"]]
    for row, one in enumerate(runs):
        last = row == len(runs) - 1
        canvas.points(
            ax,
            one["errors"],
            4 - row + np.linspace(-0.12, 0.12, len(one["errors"])),
            series="c2" if last else "c1",
            size=8,
            hollow=last,
        )
    ax.set_yticks(range(4, -1, -1), names)
    ax.grid(visible=False, axis="y")
