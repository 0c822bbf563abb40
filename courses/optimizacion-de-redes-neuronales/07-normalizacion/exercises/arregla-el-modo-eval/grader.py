"""Gaussian classes; the judge recomputes the statistics from its own data and the weights that come back."""

import numpy as np

from grading.judge.author import Mapping, Tensor, as_tensor, group

WIDTH, DIM, CLASSES, EPOCHS = 32, 12, 4, 12
OFF, SPREAD_RATIO = 0.12, 1.25  # of one standard deviation, and of the variance


def data(rng, n, spread=0.8):
    """`n` points of four Gaussian classes around well separated centres, shuffled."""
    centres = 2.0 * rng.normal(size=(CLASSES, DIM))
    labels = rng.integers(0, CLASSES, size=n)
    points = centres[labels] + spread * rng.normal(size=(n, DIM))
    return points.astype(np.float32), labels.astype(np.int64)


WEIGHTS = Mapping(
    {
        "0.weight": Tensor((WIDTH, DIM)),
        "0.bias": Tensor((WIDTH,)),
        "1.weight": Tensor((WIDTH,)),
        "1.bias": Tensor((WIDTH,)),
        "1.running_mean": Tensor((WIDTH,)),
        "1.running_var": Tensor((WIDTH,)),
        "1.num_batches_tracked": Tensor((), dtype="int"),
        "3.weight": Tensor((CLASSES, WIDTH)),
        "3.bias": Tensor((CLASSES,)),
    }
)


def train(attempt, x, y):
    seed = int(attempt.rng.integers(2**31))
    return attempt.call("entrena", as_tensor(x), as_tensor(y), CLASSES, EPOCHS, seed, returns=WEIGHTS)


def sendable(weights):
    """The weights as they came, as tensors again."""
    exact = dict.fromkeys(weights, np.float32) | {"1.num_batches_tracked": np.int64}
    return {name: as_tensor(value.astype(exact[name])) for name, value in weights.items()}


def predict(attempt, weights, x):
    contract = Tensor((len(x), CLASSES))
    return attempt.call("predice", sendable(weights), as_tensor(x), CLASSES, returns=contract)


def evaluated(weights, x):
    """The logits in evaluation mode, computed here: however the student predicts, this is the network."""
    hidden = x @ weights["0.weight"].T + weights["0.bias"]
    scaled = (hidden - weights["1.running_mean"]) / np.sqrt(weights["1.running_var"] + 1e-5)
    active = np.maximum(scaled * weights["1.weight"] + weights["1.bias"], 0)
    return active @ weights["3.weight"].T + weights["3.bias"]


def accuracy(logits, y):
    return float((logits.argmax(1) == y).mean())


@group("ejemplos")
def ejemplos(attempt):
    x, y = data(attempt.rng, 320)
    weights = train(attempt, x, y)
    if accuracy(predict(attempt, weights, x), y) < 0.8:
        attempt.fail(hint="no-aprende", message="Aciertas menos del 80 % en los datos de entrenamiento.")


@group("vecinas")
def vecinas(attempt):
    x, y = data(attempt.rng, 320)
    weights = train(attempt, x, y)
    together = predict(attempt, weights, x[:64])
    order = attempt.rng.permutation(64)
    shuffled = predict(attempt, weights, x[:64][order])
    few = np.concatenate([predict(attempt, weights, x[i : i + 2]) for i in range(0, 16, 2)])
    scale = 1e-3 * (1 + np.abs(together).max())
    if np.abs(shuffled - together[order]).max() > scale or np.abs(few - together[:16]).max() > scale:
        attempt.fail(hint="vecinas", message="El mismo ejemplo da logits distintos según su batch.")


@group("ordenados")
def ordenados(attempt):
    x, y = data(attempt.rng, 640)
    by_class = np.argsort(y[320:], kind="stable")
    weights = train(attempt, x[:320], y[:320])
    logits = predict(attempt, weights, x[320:][by_class])
    right = accuracy(logits, y[320:][by_class])
    attempt.note(accuracy=round(right, 3))
    if right < 0.9:
        attempt.fail(hint="ordenados", message="Con los datos de prueba ordenados por clase, el acierto cae.")


@group("batch-de-uno")
def batch_de_uno(attempt):
    x, y = data(attempt.rng, 321)
    with attempt.hinting("uno"):
        weights = train(attempt, x, y)
    if accuracy(evaluated(weights, x), y) < 0.8:
        attempt.fail(hint="uno", message="Con un resto de un ejemplo, la red deja de aprender.")


@group("acumuladas")
def acumuladas(attempt):
    x, y = data(attempt.rng, 640)
    got = train(attempt, x, y)
    activations = x @ got["0.weight"].T + got["0.bias"]
    mean, spread = activations.mean(0), activations.std(0)
    off = float(np.median(np.abs(got["1.running_mean"] - mean) / spread))
    ratio = float(np.median(got["1.running_var"] / spread**2))
    attempt.note(mean_off=round(off, 3), variance_ratio=round(ratio, 3))
    if off > OFF or not 1 / SPREAD_RATIO < ratio < SPREAD_RATIO:
        few = got["1.num_batches_tracked"] < EPOCHS * (len(x) // 32)
        attempt.fail(
            hint="congeladas" if few else "ultimo-batch",
            message="Las medias acumuladas no son las de las activaciones de tus datos.",
        )
