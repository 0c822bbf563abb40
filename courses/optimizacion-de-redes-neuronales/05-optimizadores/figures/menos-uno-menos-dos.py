"""A convex valley with very flat directions: f against k for descent, Nesterov and the ball."""

import numpy as np

COUNT, STEPS, BETA = 20_000, 1000, 0.9
STRONG = 100


def valley():
    curvatures = np.arange(1, COUNT + 1) / COUNT
    return curvatures, (COUNT * curvatures) ** -0.5


def follow(kind):
    curvatures, at = valley()
    before, t, losses = at.copy(), 1.0, []
    for _ in range(STEPS + 1):
        losses.append(0.5 * float(curvatures @ at**2))
        if kind == "gd":
            at = at - curvatures * at
        elif kind == "ball":
            at, before = at - curvatures * at + BETA * (at - before), at
        else:
            later = (1 + np.sqrt(1 + 4 * t * t)) / 2
            ahead = at + (t - 1) / later * (at - before)
            at, before, t = ahead - curvatures * ahead, at, later
    return np.array(losses)


def strong(kappa, kind, goal=1e-8):
    """Steps until f is under `goal` of the first, in a valley of 50 directions from 1 to κ."""
    curvatures, at = np.geomspace(1, kappa, 50), np.ones(50)
    root, before, t = np.sqrt(kappa), np.ones(50), 1.0
    losses = [0.5 * float(curvatures @ at**2)]
    while losses[-1] > goal * losses[0]:
        if kind == "gd":
            at = at - 2 / (1 + kappa) * curvatures * at
        elif kind == "ball":
            beta, alpha = ((root - 1) / (root + 1)) ** 2, (2 / (root + 1)) ** 2
            at, before = at - alpha * curvatures * at + beta * (at - before), at
        else:
            later = (1 + np.sqrt(1 + 4 * t * t)) / 2
            beta = (root - 1) / (root + 1) if kind == "fixed" else (t - 1) / later
            ahead = at + beta * (at - before)
            at, before, t = ahead - curvatures * ahead / kappa, at, later
            if kind == "restart" and 0.5 * float(curvatures @ at**2) > losses[-1]:
                before, t = at, 1.0
        losses.append(0.5 * float(curvatures @ at**2))
    return len(losses) - 1


def compute():
    kept = np.unique(np.round(np.geomspace(1, STEPS, 120)).astype(int))
    _, start = valley()
    reach = float(start @ start)
    runs, all_losses = {}, {}
    for kind in ("gd", "nesterov", "ball"):
        losses = all_losses[kind] = follow(kind)
        runs[kind] = {
            "losses": losses[kept],
            "slope": float(np.log(losses[1000] / losses[10]) / np.log(100)),
            "at10": losses[10],
            "at100": losses[100],
            "at1000": losses[1000],
        }
    gd, nesterov = all_losses["gd"], all_losses["nesterov"]
    reached = int(np.flatnonzero(nesterov <= gd[1000])[0])
    return {
        "k": kept,
        "runs": runs,
        "bound": 2 * reach / (kept + 1) ** 2,
        "bound1000": 2 * reach / 1001**2,
        "equal": reached,
        "strong": {kind: strong(STRONG, kind) for kind in ("gd", "fixed", "growing", "restart", "ball")},
    }


def draw(data, canvas):
    ax = canvas.axes(x="paso k", y="f − f*", x_log=True, y_log=True, height=330)
    for kind, series, name in (
        ("gd", "sgd", "descenso"),
        ("ball", "momentum", "bola, β = 0,9"),
        ("nesterov", "nesterov", "Nesterov"),
    ):
        canvas.line(ax, data["k"], data["runs"][kind]["losses"], series=series, label=name)
    canvas.reference(ax, "cota 2LR²/(k+1)²", xs=data["k"], ys=data["bound"])
