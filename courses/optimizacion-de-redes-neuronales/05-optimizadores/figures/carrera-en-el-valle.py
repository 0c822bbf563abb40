"""The valley of the race: SGD, momentum and Nesterov, each with its best η and the β of the books."""

import numpy as np

KAPPA, START, STEPS, GOAL, BETA = 40.0, (-1.6, 0.4), 400, 1e-3, 0.9
TURN = np.array([[np.cos(np.pi / 6), np.sin(np.pi / 6)], [-np.sin(np.pi / 6), np.cos(np.pi / 6)]])
CURVATURE = TURN.T @ np.diag([1.0, KAPPA]) @ TURN
ETAS = 10 ** (-4 + np.arange(29) / 7)  # the grid of the lab


def run(eta, beta, ahead):
    at, speed = np.array(START), np.zeros(2)
    path = [at]
    for _ in range(STEPS):
        seen = at - eta * beta * speed if ahead else at
        speed = beta * speed + CURVATURE @ seen
        at = at - eta * speed
        if not np.abs(at).max() < 1e6:
            return None
        path.append(at)
    path = np.array(path)
    losses = 0.5 * np.einsum("ki,ij,kj->k", path, CURVATURE, path)
    late = np.flatnonzero(losses > GOAL * losses[0])
    arrival = int(late[-1]) + 1
    return (arrival if arrival <= STEPS else None), path, losses


def best(beta, *, ahead=False):
    runs = [(eta, run(eta, beta, ahead)) for eta in ETAS]
    arrived = [(found[0], eta, found) for eta, found in runs if found and found[0] is not None]
    arrival, eta, (_, path, losses) = min(arrived, key=lambda one: one[0])
    return {"eta": eta, "beta": beta, "arrival": arrival, "path": path[:101], "losses": losses[:101]}


def compute():
    side = np.linspace(-2, 2, 41)
    x, y = np.meshgrid(side, side)
    points = np.stack([x, y], axis=-1)
    return {
        "kappa": KAPPA,
        "side": side,
        "loss": 0.5 * np.einsum("abi,ij,abj->ab", points, CURVATURE, points),
        "sgd": best(0.0),
        "momentum": best(BETA),
        "nesterov": best(BETA, ahead=True),
    }


def draw(data, canvas):
    *maps, right = canvas.panels(3, height=250)
    side = np.array(data["side"])
    for ax, key, name in zip(maps, ("sgd", "momentum"), ("SGD", "momentum, β = 0,9"), strict=True):
        canvas.axis(ax, title=name, x="w₁", y="w₂")
        canvas.surface(ax, side, side, np.array(data["loss"]), log=True)
        path = np.array(data[key]["path"])
        canvas.path(ax, path[:, 0], path[:, 1], label=name)
        ax.set_xlim(-2, 2)
        ax.set_ylim(-2, 2)
    canvas.axis(right, x="paso", y="pérdida / la primera", title="La llegada", y_log=True, y_range=(1e-6, 3))
    for key, name in (("sgd", "SGD"), ("momentum", "momentum"), ("nesterov", "Nesterov")):
        losses = np.array(data[key]["losses"])
        losses = losses / losses[0]
        under = np.flatnonzero(losses < 1e-6)
        seen = int(under[0]) if len(under) else len(losses)
        canvas.line(right, range(seen), losses[:seen], series=key, label=name)
    canvas.reference(right, "llegada", y=1e-3)
