"""A push along the stiffest direction of a net: below 2/λmax it dies, above it grows until the net moves."""

import numpy as np
from _curvatura import loss_and_gradient, power, trained

SHARES = (0.95, 1.05, 1.3)
FINE = np.round(np.arange(0.9, 1.101, 0.02), 2)
SEEDS, PUSH, SHORT, LONG = range(3), 1e-3, 60, 300


def follow(w, v, eta, steps):
    """Loss and coordinate along v, step by step, and where it ends."""
    x, losses, along = w + PUSH * v, [], []
    for _ in range(steps + 1):
        value, gradient = loss_and_gradient(x)
        losses.append(value)
        along.append(float((x - w) @ v))
        if not value < 1e6:
            break
        x = x - eta * gradient
    return np.array(losses), np.array(along), x


def compute():
    runs, fine, limits, curvatures, sizes = {}, {}, [], [], []
    for seed in SEEDS:
        w = trained(seed)
        found, v = power(w, 60)
        largest = found[-1]
        limits.append(2 / largest)
        curvatures.append(largest)
        sizes.append(float(np.linalg.norm(loss_and_gradient(w)[1])))
        for share in FINE:
            losses, _, _ = follow(w, v, share * 2 / largest, SHORT)
            fine.setdefault(f"{share:.2f}".replace(".", "_"), []).append(int((np.diff(losses) > 0).sum()))
        if seed == 0:
            for share in SHARES:
                eta = share * 2 / largest
                losses, along, end = follow(w, v, eta, LONG)
                runs[f"r{round(100 * share)}"] = {
                    "share": share,
                    "eta": eta,
                    "loss": losses,
                    "along": np.abs(along),
                    "rises": int((np.diff(losses[: SHORT + 1]) > 0).sum()),
                    "peak": losses.max(),
                    "end": losses[-1],
                    "grown": float(np.abs(along[: SHORT + 1]).max() / PUSH),
                    "ends_at": power(end, 40)[0][-1] * eta / 2,
                }
    quiet = [key for key, rises in fine.items() if max(rises) == 0]
    loud = [key for key, rises in fine.items() if min(rises) > 0]
    return {
        "limits": limits,
        "curvatures": curvatures,
        "gradient": max(sizes),
        "weights": len(trained(0)),
        "start": runs["r95"]["loss"][0],
        "runs": runs,
        "fine": {"share": FINE, "rises": fine},
        "last_quiet": max(float(key.replace("_", ".")) for key in quiet),
        "first_loud": min(float(key.replace("_", ".")) for key in loud),
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=300, y_log=True)
    canvas.axis(left, x="paso", y="distancia en la dirección rígida", x_range=(0, 100), y_range=(1e-6, 10))
    canvas.axis(right, x="paso", y="pérdida", x_range=(0, 300), y_range=(0.25, 4))
    right.set_yticks([0.3, 0.5, 1, 2, 4], ["0,3", "0,5", "1", "2", "4"])
    for (name, run), series in zip(data["runs"].items(), ("c1", "c2", "c5"), strict=True):
        label = f"{run['share']:.2f}".replace(".", ",")
        canvas.line(left, range(101), run["along"][:101], series=series, label=label)
        canvas.line(
            right, range(len(run["loss"])), run["loss"], series=series, label=label, labelled=name != "r95"
        )
