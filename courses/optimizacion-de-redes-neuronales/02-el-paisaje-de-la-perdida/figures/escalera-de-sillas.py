"""Gradient descent from almost zero in a two-layer linear net: it goes from saddle to saddle."""

import numpy as np
from _lineal import SIZE, TARGET, gradient, hessian, loss

ETA, STEPS, EVERY = 0.02, 700, 4


def descend(size, seed=0):
    w = size * np.random.default_rng(seed).standard_normal(2 * SIZE**2)
    losses, lowest, norms = [], [], []
    for step in range(STEPS + 1):
        if step % EVERY == 0:
            losses.append(loss(w))
            norms.append(np.linalg.norm(gradient(w)))
        if step % (5 * EVERY) == 0:
            lowest.append(np.linalg.eigvalsh(hessian(w))[0])
        w = w - ETA * gradient(w)
    return np.array(losses), np.array(lowest), np.array(norms)


def compute():
    runs = {}
    for key, size in (("e2", 1e-2), ("e4", 1e-4)):
        losses, lowest, norms = descend(size)
        runs[key] = {
            "size": size,
            "loss": losses,
            "lowest": lowest,
            "norm_least": norms[: int(np.argmax(losses < 0.4))].min(),
            "below": {
                f"m{done}": int(EVERY * np.argmax(losses < 0.5 * (TARGET[done:] ** 2).sum() - 0.3))
                for done in range(SIZE)
            },
        }
    return {
        "eta": ETA,
        "runs": runs,
        "saved": runs["e4"]["below"]["m0"] - runs["e2"]["below"]["m0"],
        "heights": [0.5 * float((TARGET[done:] ** 2).sum()) for done in range(SIZE)],
        "first_wait_hand": np.log(1e4) / np.log1p(ETA * TARGET[0]),
    }


def draw(data, canvas):
    top, bottom = canvas.panels(2, columns=1, height=230, share_x=True, x_range=(0, STEPS))
    canvas.axis(top, title="Pérdida", y_range=(-0.3, 9))
    canvas.axis(bottom, title="Curvatura más negativa", x="pasos")
    for key, series, label in (("e4", "c1", "pesos de 10⁻⁴"), ("e2", "c3", "pesos de 10⁻²")):
        run = data["runs"][key]
        canvas.line(
            top, np.arange(0, STEPS + 1, EVERY), run["loss"], series=series, label=label, labelled=False
        )
        canvas.line(
            bottom,
            np.arange(0, STEPS + 1, 5 * EVERY),
            run["lowest"],
            series=series,
            label=label,
            labelled=False,
        )
        at = 39 if key == "e4" else 22
        canvas.note(top, label, (EVERY * at, run["loss"][at]), offset=(34, 6 if key == "e4" else -14))
    for height, name in zip(data["heights"], ("ninguno", "un modo", "dos", "tres"), strict=True):
        canvas.reference(top, name, y=height)
