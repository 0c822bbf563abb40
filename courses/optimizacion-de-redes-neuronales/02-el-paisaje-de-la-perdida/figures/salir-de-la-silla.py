"""Leaving a saddle by gradient descent: the distance grows by a factor, unless the curvature is zero."""

import numpy as np

ETA = 0.1
STARTS = (1e-2, 1e-4, 1e-8, 1e-12)


def steps_away(slope, start, limit=2_000_000):
    """Steps until the unstable coordinate reaches 1."""
    y, steps = start, 0
    while y < 1 and steps < limit:
        y += ETA * slope(y)
        steps += 1
    return steps


def compute():
    strict = {
        f"l{round(100 * curvature)}": {
            "curvature": curvature,
            "steps": [steps_away(lambda y, c=curvature: c * y, start) for start in STARTS],
            "formula": [int(np.ceil(np.log(1 / start) / np.log1p(ETA * curvature))) for start in STARTS],
        }
        for curvature in (0.1, 0.5)
    }
    flat_starts = (1e-1, 1e-2, 1e-3, 1e-4)
    paths = [start * (1 + ETA * 0.5) ** np.arange(0, 601, 3) for start in STARTS]
    return {
        "eta": ETA,
        "starts": STARTS,
        "strict": strict,
        "flat_starts": flat_starts,
        "flat": [steps_away(lambda y: y**2, start) for start in flat_starts],
        "paths": [np.minimum(path, 3) for path in paths],
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=300)
    canvas.axis(
        left,
        title="λ = −0,5: una recta por salida",
        x="pasos",
        y="distancia en la dirección que baja",
        y_log=True,
        y_range=(1e-13, 10),
    )
    canvas.axis(
        right,
        title="Cuánto se tarda",
        x="distancia inicial ε",
        y="pasos hasta 1",
        x_log=True,
        y_log=True,
        x_range=(1e-13, 1),
        y_range=(30, 3e5),
    )
    for series, start, path in zip(("c2", "c3", "c4", "c5"), data["starts"], data["paths"], strict=True):
        values = np.array(path)
        inside = values < 1.2
        power = {1e-2: "10⁻²", 1e-4: "10⁻⁴", 1e-8: "10⁻⁸", 1e-12: "10⁻¹²"}[start]
        steps = np.arange(0, 601, 3)[inside]
        canvas.line(left, steps, values[inside], series=series, label=f"ε = {power}", labelled=False)
        canvas.note(left, power, (steps[len(steps) // 3], values[len(steps) // 3]), offset=(14, -14))
    canvas.reference(left, "fuera", y=1)
    for key, series, name in (("l10", "c1", "λ = −0,1"), ("l50", "c2", "λ = −0,5")):
        canvas.points(right, data["starts"], data["strict"][key]["steps"], series=series)
        canvas.line(
            right, data["starts"], data["strict"][key]["steps"], series=series, label=name, labelled=False
        )
        canvas.note(right, name, (1e-8, data["strict"][key]["steps"][2]), offset=(-30, 14))
    canvas.points(right, data["flat_starts"], data["flat"], series="c5")
    canvas.line(right, data["flat_starts"], data["flat"], series="c5", label="λ = 0", labelled=False)
    canvas.note(right, "λ = 0", (1e-3, data["flat"][2]), offset=(-50, 6))
