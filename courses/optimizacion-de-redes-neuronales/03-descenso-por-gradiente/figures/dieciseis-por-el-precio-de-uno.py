"""What a step costs against its batch, and the examples per second that come of it: two hidden widths."""

import numpy as np

BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)
# Milliseconds of one step (forward, back, update) of a 64-H-10 ReLU net in float64: measured once, least of
# 36 readings of the thread's own CPU time, one thread, numpy 2.4 with OpenBLAS, AMD EPYC, 1 MB of L2 a core.
# Constants on purpose: timed again they change with the machine and its load, the shape does not.
FEW = {
    "h64": (0.0313, 0.0270, 0.0282, 0.0311, 0.0357, 0.0458, 0.0651),
    "h512": (0.0881, 0.0587, 0.0678, 0.0801, 0.1189, 0.2045, 0.3512),
}
MANY = {
    "h64": (0.1049, 0.2202, 0.4159, 0.8132, 1.695, 3.363, 7.695),
    "h512": (0.6422, 1.363, 2.793, 5.575, 12.75, 33.99, 69.98),
}


def compute():
    batches = np.array(BATCHES)
    nets = {}
    for name in FEW:
        milliseconds = np.array([*FEW[name], *MANY[name]])
        some = batches <= 512
        rows = np.column_stack([1 / milliseconds, batches / milliseconds])[some]  # relative errors
        fixed, per_example = np.linalg.lstsq(rows, np.ones(some.sum()), rcond=None)[0]
        rate = 1000 * batches / milliseconds
        nets[name] = {
            "ms": milliseconds,
            "rate": rate,
            "tariff": fixed + per_example * batches,
            "tariff_rate": 1000 * batches / (fixed + per_example * batches),
            "fixed_in_examples": fixed / per_example,
            "best_batch": batches[np.argmax(rate)],
            "best_rate": rate.max(),
            "last_over_best": rate.max() / rate[-1],
            "sixteen_extra": milliseconds[4] / milliseconds[0] - 1,
            "rate_16_over_1": rate[4] / rate[0],
            "rate_256_over_16": rate[8] / rate[4],
        }
    return {"batches": batches, "nets": nets, "activations_mb": 4096 * 512 * 8 / 1e6}


def draw(data, canvas):
    left, right = canvas.panels(2, height=320 if canvas.wide else 270, x_log=True, y_log=True)
    canvas.axis(
        left, x="B", y="milisegundos por paso", title="Un paso", x_range=(1, 8192), y_range=(0.015, 120)
    )
    canvas.axis(
        right, x="B", y="ejemplos por segundo", title="Ritmo", x_range=(1, 8192), y_range=(8e3, 2.5e6)
    )
    for ax in (left, right):
        ax.set_xticks([1, 16, 256, 4096], ["1", "16", "256", "4096"])
    for series, (name, run) in zip(("c1", "c2"), data["nets"].items(), strict=True):
        label = f"H = {name[1:]}"
        canvas.line(left, data["batches"], run["ms"], series=series, label=label)
        canvas.points(left, data["batches"], run["ms"], series=series, size=4)
        right.plot(data["batches"], run["tariff_rate"], color="#575a62", linewidth=1.3, dashes=(1, 2))
        canvas.line(right, data["batches"], run["rate"], series=series, label=label)
        canvas.points(right, data["batches"], run["rate"], series=series, size=4)
