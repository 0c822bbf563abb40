"""Gradient descent in a valley of curvatures 1 and 10, with four learning rates around 2/λmax = 0.2."""

import numpy as np

CURVATURES, START = np.array([1.0, 10.0]), np.array([3.0, 0.9])
PRODUCTS = (0.5, 1.5, 2.0, 2.1)  # ηλmax
STEPS = 24


def compute():
    runs = {}
    for product in PRODUCTS:
        eta = product / CURVATURES[1]
        path = START * (1 - eta * CURVATURES) ** np.arange(STEPS + 1)[:, None]
        runs[f"p{round(10 * product)}"] = {
            "product": product,
            "eta": eta,
            "factors": 1 - eta * CURVATURES,
            "flat": path[:, 0],
            "stiff": path[:, 1],
            "loss_end": 0.5 * float(CURVATURES @ path[-1] ** 2),
        }
    return {"runs": runs, "steps": STEPS}


TITLES = ("sin rebote", "rebota y se calma", "rebota siempre", "se escapa")


def draw(data, canvas):
    flat, stiff = np.linspace(-0.6, 3.4, 81), np.linspace(-2.6, 2.6, 81)
    heights = 0.5 * (flat[None, :] ** 2 + 10 * stiff[:, None] ** 2)
    panels = canvas.panels(
        4, columns=2, height=215 if canvas.wide else 200, share_x=canvas.wide, share_y=canvas.wide
    )
    for ax, title, run in zip(panels, TITLES, data["runs"].values(), strict=True):
        name = f"ηλmax = {run['product']}: ".replace(".", ",")
        canvas.axis(ax, title=name + title, x_range=(-0.6, 3.4), y_range=(-2.6, 2.6))
        ax.contour(
            flat, stiff, heights, levels=[0.3, 1, 2.5, 5, 10, 18, 28], colors="#575a62", linewidths=0.8
        )
        ax.grid(visible=False)
        canvas.line(ax, run["flat"], run["stiff"], series="c1", width=1.2)
        canvas.points(ax, run["flat"], run["stiff"], series="c1", size=5)
        if ax in panels[-2:] or not canvas.wide:
            ax.set_xlabel("dirección plana, λ = 1")
        if not canvas.wide or ax in panels[::2]:
            ax.set_ylabel("rígida, λ = 10")
