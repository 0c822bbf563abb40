"""Five shapes of η and what each leaves of the noise of one direction, against its curvature."""

import numpy as np
from _caidas import NAMES, eta_share

SHOWN = ("constant", "root", "linear", "cosine", "wsd")
STEPS = 4000
PATHS = np.geomspace(3, 1000, 26)  # η₀λT: how far this direction could walk at the largest η


def compute():
    found = {}
    for name in SHOWN:
        shares = np.array([eta_share(name, k, STEPS) for k in range(STEPS)])
        noise, memory = np.zeros(len(PATHS)), np.ones(len(PATHS))
        for share in shares:
            eta = share * PATHS / STEPS  # η λ of this step
            noise = noise * (1 - eta) ** 2 + eta**2
            memory = memory * (1 - eta)
        first = PATHS / STEPS
        floor = first / (2 - first)
        ratio = noise / floor
        found[name] = {
            "share": shares[:: STEPS // 200],
            "left": ratio,
            "memory": memory**2,
            "slope": np.polyfit(np.log(PATHS[-8:]), np.log(ratio[-8:]), 1)[0],
            "at100": float(np.interp(np.log(100), np.log(PATHS), ratio)),
        }
    return {
        "steps": STEPS,
        "paths": PATHS,
        "runs": found,
        "predicted": {"linear": np.sqrt(np.pi) / 2 / 10, "wsd": np.sqrt(np.pi) / 2 / np.sqrt(20)},
    }


LOOK = {
    "constant": ("c3", 300, (0, 12)),
    "root": ("c5", 30, (0, 12)),
    "wsd": ("c1", 300, (16, 12)),
    "linear": ("c2", 60, (-12, -16)),
    "cosine": ("c4", 300, (-12, -14)),
}


def draw(data, canvas):
    left, right = canvas.panels(2, height=310)
    canvas.axis(
        left,
        x="parte del presupuesto gastada",
        y="η / η₀",
        title="La forma",
        x_range=(0, 1),
        y_range=(0, 1.08),
    )
    canvas.axis(
        right,
        x="camino posible η₀λT",
        y="ruido al final / suelo",
        title="Lo que deja",
        x_log=True,
        y_log=True,
        x_range=(3, 1000),
        y_range=(0.008, 1.6),
    )
    at = {
        "constant": (0.5, (0, 8)),
        "root": (0.55, (0, 12)),
        "wsd": (0.87, (-30, 14)),
        "linear": (0.3, (-12, -14)),
        "cosine": (0.86, (-14, -6)),
    }
    for name, (series, spot, offset) in LOOK.items():
        run = data["runs"][name]
        t = np.arange(len(run["share"])) / len(run["share"])
        canvas.line(left, t, run["share"], series=series, label=NAMES[name], labelled=False)
        canvas.line(right, data["paths"], run["left"], series=series, label=NAMES[name], labelled=False)
        i = int(np.argmin(np.abs(np.array(data["paths"]) - spot)))
        canvas.note(
            right,
            NAMES[name],
            (data["paths"][i], run["left"][i]),
            offset=offset,
            align="right" if offset[0] < 0 else "left",
        )
        where, off = at[name]
        j = int(where * len(t))
        canvas.note(
            left, NAMES[name], (t[j], run["share"][j]), offset=off, align="right" if off[0] < 0 else "left"
        )
