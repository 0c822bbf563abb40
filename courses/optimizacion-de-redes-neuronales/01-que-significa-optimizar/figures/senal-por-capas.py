"""Five initial scales of one net: the signal at step 0, layer by layer, and the training that follows."""

import numpy as np
from _digitos import activations, error, gradients, interval, loss, net, split, train

WIDTHS = (64, 64, 64, 64, 10)
SCALES = {"s0_1": 0.1, "s0_3": 0.3, "s1": 1.0, "s3": 3.0, "s10": 10.0}
ETA, EPOCHS, SEEDS = 0.1, 15, 10


def size(values):
    """Root mean square: what one entry of the array is worth, typically."""
    return float(np.sqrt(np.mean(values**2)))


def start(scale, seed, *, tanh=False):
    rng = np.random.default_rng(seed)
    return net(WIDTHS, rng, scale=scale, gain=1.0 if tanh else 2.0), rng


def follow(scale, *, tanh=False):
    """Loss after each epoch (row per seed), with epoch 0 first, and the final test errors."""
    images, labels, test_images, test_labels = split()
    losses, errors = [], []
    for seed in range(SEEDS):
        layers, rng = start(scale, seed, tanh=tanh)
        trace = [loss(layers, images, labels, tanh=tanh)]

        def watch(_, now, trace=trace):
            trace.append(loss(now, images, labels, tanh=tanh))

        end = train(layers, images, labels, rng, eta=ETA, epochs=EPOCHS, tanh=tanh, watch=watch)
        losses.append(trace)
        errors.append(100 * error(end, test_images, test_labels, tanh=tanh))
    return np.array(losses), np.array(errors)


def summary(scale, *, tanh=False):
    losses, errors = follow(scale, tanh=tanh)
    mean, half = interval(errors)
    return {
        "scale": scale,
        "loss0": losses[:, 0].mean(),
        "loss": losses[:, -1].mean(),
        "trace": losses.mean(axis=0),
        "error": mean,
        "half": half,
    }


def first_look(scale):
    """At step 0: size of the signal after each layer, gradient of the weights, and of the last biases."""
    images, labels, *_ = split()
    signal, weights, biases = [], [], []
    for seed in range(SEEDS):
        layers, _ = start(scale, seed)
        signal.append([size(layer) for layer in activations(layers, images)])
        found = gradients(layers, images, labels)
        weights.append(np.sqrt(sum((g**2).sum() for g, _ in found)))
        biases.append(np.linalg.norm(found[-1][1]))
    return {
        "signal": np.mean(signal, axis=0),
        "scores": np.mean(signal, axis=0)[-1],
        "gradient": np.mean(weights),
        "gradient_last_bias": np.mean(biases),
    }


def frequencies_only():
    """The least loss that a net can have by its last biases alone: the entropy of the labels."""
    share = np.bincount(split()[1]) / len(split()[1])
    return float(-(share * np.log(share)).sum())


def compute():
    relu = {key: {**summary(scale), **first_look(scale)} for key, scale in SCALES.items()}
    tanh = {key: summary(scale, tanh=True) for key, scale in SCALES.items() if scale >= 1}
    return {
        "eta": ETA,
        "epochs": EPOCHS,
        "seeds": SEEDS,
        "chance": np.log(10),
        "frequencies_only": frequencies_only(),
        "relu": relu,
        "tanh": tanh,
        "ratio": {
            "loss0_10_3": relu["s10"]["loss0"] / relu["s3"]["loss0"],
            "scores_10_3": relu["s10"]["scores"] / relu["s3"]["scores"],
            "hand": (10 / 3) ** 4,
            "loss0_over_scores": relu["s3"]["loss0"] / relu["s3"]["scores"],
            "gradient_0_1": relu["s0_1"]["gradient"] / relu["s1"]["gradient"],
            "loss_3_1": relu["s1"]["loss"] / relu["s3"]["loss"],
            "error_3_1": relu["s3"]["error"] / relu["s1"]["error"],
            "bias_over_weights": relu["s0_1"]["gradient_last_bias"] / relu["s0_1"]["gradient"],
        },
    }


NAMES = {"s0_1": "×0,1", "s0_3": "×0,3", "s1": "×1", "s3": "×3", "s10": "×10"}


def draw(data, canvas):
    before, after = canvas.panels(2, height=320, y_log=True)
    canvas.axis(
        before, x="capa", y="tamaño típico de la señal", title="Antes del primer paso", y_range=(1e-5, 3e4)
    )
    canvas.axis(
        after, x="época", y="pérdida de entrenamiento", title="Quince épocas con η = 0,1", y_range=(2e-3, 2e4)
    )
    for series, (key, name) in zip(("c1", "c2", "c3", "c4", "c5"), NAMES.items(), strict=True):
        run = data["relu"][key]
        canvas.line(before, range(5), run["signal"], series=series, label=name)
        trace = np.array(run["trace"], dtype=float)
        kept = trace[: np.flatnonzero(np.isfinite(trace))[-1] + 1]
        if len(kept) > 1:
            canvas.line(after, range(len(kept)), kept, series=series, label=name)
        else:
            canvas.points(after, [0], kept, series=series, label=f"{name}, diverge en la primera")
    before.set_xticks(range(5), ["x", "1", "2", "3", "z"])
    canvas.reference(after, "ln 10", y=data["chance"])
