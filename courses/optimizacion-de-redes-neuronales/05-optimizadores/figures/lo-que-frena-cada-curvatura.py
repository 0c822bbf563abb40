"""The larger root of the heavy ball and of Nesterov against the curvature, at the same η and β."""

import numpy as np

BETAS = (0.5, 0.9)


def modulus(total, product):
    """Of r² − total·r + product."""
    inside = np.sqrt(np.asarray(total, dtype=complex) ** 2 / 4 - product)
    return np.maximum(np.abs(total / 2 + inside), np.abs(total / 2 - inside))


def compute():
    products = np.linspace(0.001, 4, 1200)
    found = {"products": products}
    for beta in BETAS:
        key = f"b{round(100 * beta)}"
        heavy = modulus(1 + beta - products, np.full_like(products, beta))
        left = 1 - products
        look = modulus((1 + beta) * left, beta * left)
        found[key] = {
            "beta": beta,
            "heavy": heavy,
            "look": look,
            "wall_heavy": 2 * (1 + beta),
            "wall_look": 2 * (1 + beta) / (1 + 2 * beta),
            "ratio": 1 + 2 * beta,
            "measured_heavy": products[np.flatnonzero(heavy < 1)[-1]],
            "measured_look": products[np.flatnonzero(look < 1)[-1]],
        }
    at = {}
    for name, product in (("half", 0.5), ("one", 1.0)):
        left = 1 - product
        at[name] = float(modulus(np.array(1.9 * left), np.array(0.9 * left)))
    return {**found, "at": at}


def draw(data, canvas):
    panels = canvas.panels(2, height=290, share_y=canvas.wide)
    products = np.array(data["products"])
    for ax, key, title in zip(panels, ("b50", "b90"), ("β = 0,5", "β = 0,9"), strict=True):
        row = data[key]
        canvas.axis(ax, x="ηλ", y="lo que queda tras un paso", title=title, y_range=(0, 1.3), x_range=(0, 4))
        for name, series, label, place in (
            ("heavy", "momentum", "bola", 2.2),
            ("look", "nesterov", "Nesterov", 0.9),
        ):
            sizes = np.array(row[name])
            kept = sizes < 1.3
            canvas.line(ax, products[kept], sizes[kept], series=series, label=label, label_at=place)
        canvas.reference(ax, "se escapa", y=1.0)
