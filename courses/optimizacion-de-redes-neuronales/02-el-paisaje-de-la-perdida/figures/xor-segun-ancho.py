"""XOR with few hidden neurons: how many seeds learn it, and where the others stay."""

import numpy as np

INPUTS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
TARGETS = np.array([0.0, 1, 1, 0])[:, None]
WIDTHS, SEEDS, STEPS, ETA = (2, 3, 4, 6, 8, 16), 200, 3000, 0.5
LEARNT, PUSH = 0.1, 0.1


def start(width, rng, *, tanh):
    gain = 1 if tanh else 2
    return [
        rng.standard_normal((SEEDS, 2, width)) * np.sqrt(gain / 2),
        np.zeros((SEEDS, 1, width)),
        rng.standard_normal((SEEDS, width, 1)) * np.sqrt(gain / width),
        np.zeros((SEEDS, 1, 1)),
    ]


def losses(nets, *, tanh):
    before = INPUTS @ nets[0] + nets[1]
    hidden = np.tanh(before) if tanh else np.maximum(before, 0)
    scores = hidden @ nets[2] + nets[3]
    return np.mean(np.logaddexp(0, scores) - TARGETS * scores, axis=(1, 2))


def train(nets, *, tanh):
    """Full-batch gradient descent on all the nets at once."""
    first, bias, last, offset = (array.copy() for array in nets)
    for _ in range(STEPS):
        before = INPUTS @ first + bias
        hidden = np.tanh(before) if tanh else np.maximum(before, 0)
        back = (1 / (1 + np.exp(-(hidden @ last + offset))) - TARGETS) / 4
        deep = (back @ last.transpose(0, 2, 1)) * (1 - hidden**2 if tanh else before > 0)
        last = last - ETA * hidden.transpose(0, 2, 1) @ back
        offset = offset - ETA * back.sum(axis=1, keepdims=True)
        first = first - ETA * INPUTS.T @ deep
        bias = bias - ETA * deep.sum(axis=1, keepdims=True)
    return [first, bias, last, offset]


def pushed(nets, rng):
    """Every weight moved by a tenth of the typical size of its array."""
    return [
        array
        + PUSH * np.sqrt(np.mean(array**2, axis=(1, 2), keepdims=True)) * rng.standard_normal(array.shape)
        for array in nets
    ]


LEVELS = {"two": np.log(2) / 2, "three": (np.log(3) + 2 * np.log(1.5)) / 4, "none": np.log(2)}


def compute():
    found = {"seeds": SEEDS, "levels": LEVELS}
    for name, tanh in (("relu", False), ("tanh", True)):
        runs = {}
        for width in WIDTHS:
            nets = train(start(width, np.random.default_rng(width), tanh=tanh), tanh=tanh)
            ends = losses(nets, tanh=tanh)
            stuck = ends >= LEARNT
            share = 1 - stuck.mean()
            runs[f"h{width}"] = {
                "width": width,
                "learnt": int((~stuck).sum()),
                "percent": 100 * share,
                "half": 196 * np.sqrt(share * (1 - share) / SEEDS),
                "stuck": int(stuck.sum()),
                "at": {key: int((np.abs(ends - level) < 0.02).sum()) for key, level in LEVELS.items()},
            }
            if name == "relu" and width == 3:
                again = train(pushed(nets, np.random.default_rng(99)), tanh=False)
                after = losses(again, tanh=False)[stuck]
                found["freed"] = int((after < LEARNT).sum())
                found["back"] = int((np.abs(after - ends[stuck]) < 0.02).sum())
        found[name] = runs
    return found


def draw(data, canvas):
    left, right = canvas.panels(2, height=290, x_range=(1.7, 19), x_log=True)
    canvas.axis(left, title="Semillas que aprenden", x="neuronas ocultas", y="%", y_range=(0, 105))
    canvas.axis(right, title="Dónde se quedan las demás (ReLU)", x="neuronas ocultas", y="pérdida final")
    right.set_ylim(0.2, 0.8)
    for name, series, label in (("tanh", "c2", "tanh"), ("relu", "c1", "ReLU")):
        runs = list(data[name].values())
        widths = [run["width"] for run in runs]
        percent, half = (np.array([run[key] for run in runs]) for key in ("percent", "half"))
        canvas.band(left, widths, percent - half, percent + half, series=series)
        canvas.line(left, widths, percent, series=series, label=label, label_at=2.5)
    for name, label in (("none", "ln 2"), ("three", "¾ H(⅓)"), ("two", "½ ln 2")):
        canvas.reference(right, label, y=data["levels"][name])
    for run in data["relu"].values():
        for name, count in run["at"].items():
            if count:
                canvas.points(
                    right,
                    [run["width"]],
                    [data["levels"][name]],
                    series="c1",
                    size=3 + 2 * np.sqrt(count),
                )
    for ax in (left, right):
        ax.set_xticks([2, 3, 4, 6, 8, 16], ["2", "3", "4", "6", "8", "16"])
        ax.minorticks_off()
