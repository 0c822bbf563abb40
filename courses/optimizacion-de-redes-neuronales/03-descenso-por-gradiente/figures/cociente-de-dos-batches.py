"""The noise scale from the gradients of a small and a large batch: averaging before dividing, and after."""

import numpy as np
from _digitos import split
from _ruido import each_gradient, signal_and_noise, train

SMALL, LARGE = 16, 128
PAIRS = (1, 2, 4, 8, 16, 32, 64, 128)
REPEATS = 400


def estimates(each, count, rng):
    """`count` unbiased estimates of ‖g‖² and of tr Σ, each from one small and one large batch."""
    products = each @ each.T

    def squared(batch):
        some = rng.integers(len(each), size=(count, batch))
        return np.array([products[np.ix_(i, i)].mean() for i in some])

    small, large = squared(SMALL), squared(LARGE)
    signal = (LARGE * large - SMALL * small) / (LARGE - SMALL)
    noise = (small - large) / (1 / SMALL - 1 / LARGE)
    return signal, noise


def compute():
    images, labels, _, _ = split()
    path = train(30)
    runs = {}
    for epoch in (0, 10, 30):
        each = each_gradient(path[epoch], images, labels)
        signal, noise = signal_and_noise(each)
        got_signal, got_noise = estimates(each, 2000, np.random.default_rng(epoch + 1))
        rng = np.random.default_rng(11)
        spread = []
        for pairs in PAIRS:
            some = rng.integers(len(got_signal), size=(REPEATS, pairs))
            mean_signal, mean_noise = got_signal[some].mean(axis=1), got_noise[some].mean(axis=1)
            with np.errstate(divide="ignore"):
                quotients = np.where(mean_signal > 0, mean_noise / mean_signal, np.inf)
            spread.append(np.quantile(quotients, [0.1, 0.5, 0.9], method="nearest"))
        runs[f"e{epoch}"] = {
            "true": noise / signal,
            "signal": signal,
            "signal_ratio": got_signal.mean() / signal,
            "noise_ratio": got_noise.mean() / noise,
            "of_means": got_noise.mean() / got_signal.mean(),
            "mean_of": float(np.mean(got_noise / got_signal)),
            "negative": float(np.mean(got_signal < 0)),
            "signal_sd": got_signal.std() / signal,
            "low": [min(row[0], 1e5) for row in spread],
            "middle": [min(row[1], 1e5) for row in spread],
            "high": [min(row[2], 1e5) for row in spread],
        }
    return {"pairs": PAIRS, "runs": runs}


def draw(data, canvas):
    ax = canvas.axes(height=330 if canvas.wide else 290)
    canvas.axis(
        ax,
        x="pares promediados",
        y="escala de ruido estimada",
        x_log=True,
        y_log=True,
        x_range=(0.9, 150),
        y_range=(10, 9e3),
    )
    ax.set_xticks([1, 4, 16, 64], ["1", "4", "16", "64"])
    for series, (name, run) in zip(("c1", "c2", "c3"), data["runs"].items(), strict=True):
        canvas.band(ax, data["pairs"], run["low"], run["high"], series=series)
        canvas.line(ax, data["pairs"], run["middle"], series=series, label=f"época {name[1:]}")
        ax.plot([0.9, 150], [run["true"]] * 2, color="#575a62", linewidth=1.3, dashes=(1, 2))
