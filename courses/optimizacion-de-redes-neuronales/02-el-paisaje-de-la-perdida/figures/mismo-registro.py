"""Five runs: the loss and the gradient that a log keeps, and the shares that it does not."""

import numpy as np
from _ejecuciones import activations, build, dead, length, saturated, sharpness
from _paradas import (
    ETA,
    IMAGES,
    LABELS,
    NAMES,
    SEEDS,
    STEPS,
    TEST_IMAGES,
    TEST_LABELS,
    WIDTHS,
    descend,
    start,
)


def tanh_net(gain):
    """Means over seeds of a tanh net whose weights have variance gain/inputs."""
    rows = []
    for seed in range(SEEDS):
        net = build(WIDTHS, np.random.default_rng(seed), gain=gain, tanh=True)
        end, passes = descend(net, IMAGES, ETA, STEPS)
        wrong = activations(end, TEST_IMAGES)[-1].argmax(axis=1) != TEST_LABELS
        rows.append([passes[0].loss, passes[-1].loss, saturated(passes[-1].seen), 100 * wrong.mean()])
    return dict(zip(("start", "end", "saturated", "error"), np.mean(rows, axis=0), strict=True))


def compute():
    runs = {}
    for cause in NAMES:
        losses, norms, rows = [], [], []
        for seed in range(SEEDS):
            net, images, eta = start(cause, seed)
            end, passes = descend(net, images, eta, STEPS)
            losses.append([p.loss for p in passes])
            norms.append([p.norm for p in passes])
            last = passes[-1]
            rows.append(
                {
                    "eta": eta,
                    "dead": 0.0 if net.tanh else dead(last.seen),
                    "saturated": saturated(last.seen) if net.tanh else 0.0,
                    "rate": eta * last.norm**2,
                    "curvature": sharpness(end, images, LABELS, 40),
                    "last_bias": length([(np.zeros(1), last.grads[-1][1])]) / last.norm,
                }
            )
        runs[cause] = {
            "loss": np.mean(losses, axis=0),
            "norm": np.mean(norms, axis=0),
            "losses": [trace[-1] for trace in losses],
            "start": np.mean(losses, axis=0)[0],
            "end": np.mean(losses, axis=0)[-1],
            "norm_end": np.mean(norms, axis=0)[-1],
            "fall_last_100": np.mean([trace[-101] - trace[-1] for trace in losses]),
            **{key: np.mean([row[key] for row in rows]) for key in rows[0]},
        }
    share = np.bincount(LABELS) / len(LABELS)
    return {
        "runs": runs,
        "large": tanh_net(100.0),
        "tanh": tanh_net(1.0),
        "steps": STEPS,
        "seeds": SEEDS,
        "images": len(LABELS),
        "frequencies_only": -(share * np.log(share)).sum(),
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=300, x="pasos", y_log=True)
    canvas.axis(left, title="Pérdida", y_range=(1e-2, 40))
    canvas.axis(right, title="Norma del gradiente ‖g‖", y_range=(6e-4, 40))
    steps = np.arange(data["steps"] + 1)
    for series, (cause, name) in zip(("c1", "c2", "c3", "c4", "c5"), NAMES.items(), strict=True):
        run = data["runs"][cause]
        for ax, key in ((left, "loss"), (right, "norm")):
            canvas.line(
                ax,
                steps,
                run[key],
                series=series,
                label=name,
                dash=(5, 3) if cause == "muertas" else (),
                width=2,
            )
