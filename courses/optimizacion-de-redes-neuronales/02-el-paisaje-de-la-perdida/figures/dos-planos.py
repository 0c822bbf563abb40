"""The same point in two planes: two random directions, and the stiffest with the way back to the start."""

import numpy as np
from _digitos import split
from _red import loss
from _tanh import random_direction, stiffest, trained

GRID = np.linspace(-1, 1, 41)


def plane(w, first, second, images, labels):
    return [[loss(w + a * first + b * second, images, labels, tanh=True) for a in GRID] for b in GRID]


def compute():
    images, labels, *_ = split()
    before, w, rng = trained(0, images, labels)
    _, stiff = stiffest(w, images, labels, rng)
    first, second = random_direction(w, rng), random_direction(w, rng)
    length = np.linalg.norm(first)
    back = before - w
    back = back - (back @ stiff) * stiff
    back *= length / np.linalg.norm(back)
    return {
        "grid": GRID,
        "random": plane(w, first, second, images, labels),
        "chosen": plane(w, length * stiff, back, images, labels),
        "cosine_random": first @ second / (np.linalg.norm(first) * np.linalg.norm(second)),
        "start": [(before - w) @ stiff / length, (before - w) @ back / length**2],
        "start_loss": loss(before, images, labels, tanh=True),
        "start_distance": np.linalg.norm(before - w) / length,
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=320 if canvas.wide else 300, x_range=(-1, 1), y_range=(-1, 1))
    titles = {"random": "Dos direcciones al azar", "chosen": "Dos direcciones elegidas"}
    names = {"random": ("al azar", "al azar, otra"), "chosen": ("la más rígida", "hacia los pesos iniciales")}
    for ax, key in ((left, "random"), (right, "chosen")):
        canvas.axis(ax, title=titles[key], x=names[key][0], y=names[key][1])
        heights = np.array(data[key])
        ax.contourf(
            data["grid"], data["grid"], heights, levels=np.geomspace(0.01, 40, 19), cmap="cividis", norm="log"
        )
        lines = ax.contour(
            data["grid"], data["grid"], heights, levels=[0.1, 0.3, 1, 3, 10], colors="#ffffff", linewidths=0.8
        )
        ax.clabel(lines, fmt=lambda level: f"{level:g}".replace(".", ","), fontsize=12)
        ax.grid(visible=False)
        ax.plot([0], [0], "o", color="#ffffff", markersize=5)
    ax.plot(*data["start"], "s", color="#ffffff", markersize=5)
