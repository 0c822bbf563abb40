"""The plane of two nets and of the curve that joins them: a ridge, and the way round it."""

import numpy as np
from _digitos import split
from _gemelas import bend, on_curve, pair
from _red import loss


def compute():
    images, labels, *_ = split()
    nets, rng = pair(0, images, labels)
    w, other = nets["net"], nets["other"]
    middle = bend(w, other, rng, images, labels)
    across = other - w
    span = np.linalg.norm(across)
    up = middle - w
    up = up - (up @ across) / span**2 * across
    up = up / np.linalg.norm(up) * span
    horizontal, vertical = np.linspace(-0.25, 1.25, 46), np.linspace(-0.35, 0.75, 36)
    curve = [on_curve(w, middle, other, t) for t in np.linspace(0, 1, 41)]
    return {
        "x": horizontal,
        "y": vertical,
        "loss": [
            [loss(w + a * across + b * up, images, labels, tanh=False) for a in horizontal] for b in vertical
        ],
        "curve": [[(u - w) @ across / span**2, (u - w) @ up / span**2] for u in curve],
        "middle": [(middle - w) @ across / span**2, (middle - w) @ up / span**2],
        "apex": max((u - w) @ up / span**2 for u in curve),
        "straight_worst": max(
            loss(w + t * across, images, labels, tanh=False) for t in np.linspace(0, 1, 31)
        ),
        "curve_worst": max(loss(u, images, labels, tanh=False) for u in curve),
    }


def draw(data, canvas):
    ax = canvas.axes(
        height=360 if canvas.wide else 280,
        x="de una red (0) a la otra (1)",
        y="desvío, en distancias entre las dos",
        x_range=(-0.25, 1.25),
        y_range=(-0.35, 0.75),
    )
    heights = np.array(data["loss"])
    ax.contourf(
        data["x"],
        data["y"],
        heights,
        levels=np.geomspace(0.99 * heights.min(), 8, 18),
        cmap="cividis",
        norm="log",
        extend="both",
    )
    lines = ax.contour(
        data["x"], data["y"], heights, levels=[0.05, 0.1, 0.2, 0.5, 1, 3], colors="#ffffff", linewidths=0.8
    )
    ax.clabel(lines, fmt=lambda level: f"{level:g}".replace(".", ","), fontsize=12)
    ax.grid(visible=False)
    ax.plot([0, 1], [0, 0], color="#ffffff", linestyle=(0, (3, 3)), linewidth=1.5)
    curve = np.array(data["curve"])
    canvas.path(ax, curve[:, 0], curve[:, 1], label="curva")
    ax.plot([0, 1], [0, 0], "o", color="#000000", markeredgecolor="#ffffff", markersize=7)
