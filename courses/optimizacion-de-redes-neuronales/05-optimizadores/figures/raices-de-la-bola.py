"""The two roots of the heavy ball as the curvature grows, and the larger modulus for four memories."""

import numpy as np

BETA, BETAS, MARKS = 0.81, (0.0, 0.5, 0.81, 0.95), (0.0, 0.01, 1.0, 3.61)


def roots(product, beta):
    """Both roots of r² − (1 + β − αλ) r + β, the first of the larger modulus."""
    half = (1 + beta - np.asarray(product, dtype=complex)) / 2
    inside = np.sqrt(half**2 - beta)
    pair = np.stack([half + inside, half - inside])
    order = np.abs(pair).argsort(axis=0)[::-1]
    return np.take_along_axis(pair, order, axis=0)


def compute():
    products = np.concatenate([np.geomspace(1e-4, 4.2, 400)])
    pair = roots(np.linspace(0, 3.8, 381), BETA)
    found = {
        "beta": BETA,
        "root": np.sqrt(BETA),
        "products": products,
        "plane": {"real": pair.real, "imaginary": pair.imag},
        "moduli": {f"b{round(100 * beta)}": np.abs(roots(products, beta)[0]) for beta in BETAS},
        "edges": {
            f"b{round(100 * beta)}": [(1 - np.sqrt(beta)) ** 2, (1 + np.sqrt(beta)) ** 2, 2 * (1 + beta)]
            for beta in BETAS
        },
    }
    found["example"] = {  # α = 0.01, β = 0.9
        f"l{lam}": float(np.abs(roots(0.01 * lam, 0.9)[0])) for lam in (1, 10, 100, 380, 390)
    }
    return found


def draw(data, canvas):
    left, right = canvas.panels(2, height=330)
    canvas.axis(left, x="parte real", y="parte imaginaria", title="Las dos raíces, β = 0,81")
    turn = np.linspace(0, 2 * np.pi, 181)
    for radius, series in ((1.0, "muted"), (data["root"], "c3")):
        left_x, left_y = radius * np.cos(turn), radius * np.sin(turn)
        canvas.line(left, left_x, left_y, series=series, label=f"radio {radius:.2f}", labelled=False, width=1)
    real, imaginary = np.array(data["plane"]["real"]), np.array(data["plane"]["imaginary"])
    canvas.points(left, real.ravel()[::6], imaginary.ravel()[::6], series="c1", size=3)
    canvas.note(left, "αλ = 0", (1, 0), offset=(-24, 34), align="center")
    canvas.note(left, "se juntan", (data["root"], 0), offset=(-40, -34), align="center")
    canvas.note(left, "se separan", (-data["root"], 0), offset=(50, 26), align="center")
    canvas.note(left, "αλ = 2(1+β)", (-1, 0), offset=(30, -52), align="center")
    left.set_aspect("equal")
    left.set_xlim(-1.25, 1.25)
    left.set_ylim(-1.25, 1.25)
    canvas.axis(
        right,
        x="αλ",
        y="la mayor, en módulo",
        title="Lo que encoge cada curvatura",
        x_log=True,
        y_range=(0, 1.25),
    )
    products = np.array(data["products"])
    for series, beta, at in zip(("sgd", "c5", "c1", "c2"), BETAS, (0.35, 0.2, 0.03, 0.004), strict=True):
        moduli = np.array(data["moduli"][f"b{round(100 * beta)}"])
        kept = moduli < 1.25
        canvas.line(
            right,
            products[kept],
            moduli[kept],
            series=series,
            label=f"β = {beta:g}".replace(".", ","),
            label_at=at,
        )
    canvas.reference(right, "se escapa", y=1.0)
