"""Gradient descent on quadratics of 100 directions: three condition numbers, then two learning rates."""

import numpy as np

KAPPAS, DIMENSION, GOAL = (10, 100, 1000), 100, 1e-6


def descend(curvatures, eta, steps):
    """Loss over its first value, at each step, from a point with every coordinate 1."""
    powers = (1 - eta * curvatures)[None, :] ** (2 * np.arange(steps + 1)[:, None])
    return powers @ curvatures / curvatures.sum()


def arrival(losses, goal=GOAL):
    return int(np.argmax(losses < goal))


def compute():
    found = {}
    for kappa in KAPPAS:
        curvatures = np.geomspace(1, kappa, DIMENSION)
        losses = descend(curvatures, 2 / (1 + kappa), 5 * kappa)
        rho = (kappa - 1) / (kappa + 1)
        half = len(losses) // 2
        found[f"k{kappa}"] = {
            "kappa": kappa,
            "rho": rho,
            "rho2": rho**2,
            "first_10": losses[10] ** (1 / 10),
            "tail": (losses[-1] / losses[half]) ** (1 / (len(losses) - 1 - half)),
            "predicted": np.log(1 / GOAL) / (-2 * np.log(rho)),
            "predicted_from_start": np.log(1 / GOAL) / (-np.log(losses[10]) / 10),
            "steps": arrival(losses),
            "loss": losses[:301],
        }
    curvatures = np.geomspace(1, 1000, DIMENSION)
    best, half = descend(curvatures, 2 / 1001, 4000), descend(curvatures, 1 / 1000, 4000)
    cross = int(np.flatnonzero(best < half)[0])
    goals = {
        f"e{digits}": {"best": arrival(best, 10.0**-digits), "half": arrival(half, 10.0**-digits)}
        for digits in (1, 2, 4, 6)
    }
    return {
        "kappas": found,
        "duel": {
            "best": best[::10],
            "half": half[::10],
            "cross": cross,
            "cross_loss": best[cross],
            "goals": goals,
        },
        "ratio_e2": goals["e2"]["best"] / goals["e2"]["half"],
    }


def draw(data, canvas):
    left, right = canvas.panels(
        2, height=330 if canvas.wide else 290, y_log=True, x="pasos", y="pérdida / pérdida inicial"
    )
    canvas.axis(left, title="η = 2/(L+μ), tres κ", x_range=(0, 300), y_range=(3e-7, 1.5))
    canvas.axis(right, title="κ = 1000, dos η", x_range=(0, 4000), y_range=(3e-9, 1.5))
    steps = np.arange(301)
    for series, run in zip(("c1", "c2", "c3"), data["kappas"].values(), strict=True):
        loss = np.array(run["loss"])
        seen = int(np.argmax(loss < 4e-7)) or 301
        canvas.line(left, steps[:seen], loss[:seen], series=series, label=f"κ = {run['kappa']}")
        last = min(run["steps"], 300)
        ax_steps = np.array([0, last])
        left.plot(
            ax_steps,
            loss[last] * run["rho2"] ** (ax_steps - last),
            color="#575a62",
            linewidth=1.5,
            dashes=(1, 2),
        )
    canvas.note(
        left,
        "pendiente 2 log ρ",
        (130, float(data["kappas"]["k100"]["loss"][269] * data["kappas"]["k100"]["rho2"] ** -139)),
        offset=(14, 26),
    )
    duel = data["duel"]
    tens = np.arange(0, 4001, 10)
    canvas.line(right, tens, duel["best"], series="c1", label="2/(L+μ)")
    canvas.line(right, tens, duel["half"], series="c5", label="1/L")
    canvas.note(
        right,
        f"se cruzan en {duel['cross']}",
        (duel["cross"], duel["cross_loss"]),
        offset=(-70, -52),
        align="center",
    )
