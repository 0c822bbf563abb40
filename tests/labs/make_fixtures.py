"""Writes what the labs' mathematics must give, computed by NumPy, for the tests beside the labs.

Run it after changing a lab:
`.dev/venv/bin/python -m tests.labs.make_fixtures`.
"""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np

from grading.judge.races import SURFACES

FIXTURES = Path(__file__).resolve().parents[2] / "frontend" / "src" / "labs" / "fixtures"


def valley(flat, stiff, eta, angle, count):
    """Losses of gradient descent, by the iterates and not by the closed form."""
    curvature = np.array([flat, stiff])
    at = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    losses = []
    for _ in range(count + 1):
        losses.append(0.5 * np.sum(curvature * at**2))
        at = at - eta * curvature * at
    return {"flat": flat, "stiff": stiff, "eta": eta, "angle": angle, "losses": losses}


def heavy_ball(alpha, beta, kappa, form, count):
    """Distances by the iterates, and the moduli of the roots by the eigenvalues of the companion matrix."""
    curvature = np.array([1.0, kappa])
    at, speed = np.array([1.0, 1.0]) / np.sqrt(2), np.zeros(2)
    gain = 1 - beta if form == "media" else 1.0
    distances = []
    for _ in range(count + 1):
        distances.append(float(np.linalg.norm(at)))
        speed = beta * speed + gain * curvature * at
        at = at - alpha * speed
    moduli = [
        float(np.abs(np.linalg.eigvals([[1 + beta - alpha * gain * one, -beta], [1, 0]])).max())
        for one in curvature
    ]
    told = {"alpha": alpha, "beta": beta, "kappa": kappa, "form": form}
    return {**told, "distances": distances, "moduli": moduli}


def symmetric(n, rng):
    """A random symmetric matrix and its eigenvalues."""
    square = rng.standard_normal((n, n)) / np.sqrt(n)
    matrix = (square + square.T) / np.sqrt(2)
    return {"n": n, "values": matrix.ravel().tolist(), "eigenvalues": np.linalg.eigvalsh(matrix).tolist()}


ACTIVATIONS = {
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "lineal": (lambda z: z, np.ones_like),
}


def rms(values):
    return float(np.sqrt(np.mean(values**2)))


def plain(matrix):
    """A matrix as the labs hold it."""
    return {"rows": matrix.shape[0], "columns": matrix.shape[1], "values": matrix.ravel().tolist()}


def network(activation, rng):
    """A small random network with its signals, gradients and loss."""
    shapes = [(6, 7), (7, 7), (7, 5), (5, 4)]
    weights = [rng.standard_normal(shape) for shape in shapes]
    inputs, labels = rng.standard_normal((8, 6)), rng.integers(0, 4, 8)
    forward, slope = ACTIVATIONS[activation]
    hidden, before = [inputs], []
    for weight in weights[:-1]:
        before.append(hidden[-1] @ weight)
        hidden.append(forward(before[-1]))
    scores = hidden[-1] @ weights[-1]
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    loss = float(-np.mean(np.log(shares[np.arange(8), labels])))
    back = (shares - np.eye(4)[labels]) / 8
    gradient = []
    for layer in range(len(weights) - 1, -1, -1):
        back = back @ weights[layer].T
        gradient.insert(0, rms(back))
        if layer:
            back = back * slope(before[layer - 1])
    return {
        "activation": activation,
        "weights": [plain(weight) for weight in weights],
        "inputs": plain(inputs),
        "labels": labels.tolist(),
        "signal": [rms(h) for h in hidden],
        "gradient": gradient,
        "loss": loss,
    }


SIZES = [1, 16, 16, 1]


def differentiate(weights, inputs, targets):
    """Loss ½ mean (f(x) − y)² of a tanh network and its gradient, both by whole matrices."""
    hidden, matrices, at = [inputs], [], 0
    for layer, (rows, columns) in enumerate(pairwise(SIZES)):
        matrix = weights[at : at + rows * columns].reshape(rows, columns)
        sums = hidden[-1] @ matrix + weights[at + rows * columns : at + (rows + 1) * columns]
        hidden.append(np.tanh(sums) if layer < len(SIZES) - 2 else sums)
        matrices.append(matrix)
        at += (rows + 1) * columns
    error = hidden[-1] - targets
    back, parts = error / len(inputs), []
    for layer in range(len(matrices) - 1, -1, -1):
        parts = [(hidden[layer].T @ back).ravel(), back.sum(axis=0), *parts]
        back = (back @ matrices[layer].T) * (1 - hidden[layer] ** 2)
    return float(0.5 * np.mean(error**2)), np.concatenate(parts)


def small_network(rng, eta=0.2, count=50):
    """A descent of the small network, with the largest eigenvalue of its whole Hessian at the start."""
    inputs = np.cos((2 * np.arange(20) + 1) / 40 * np.pi)[:, None]
    targets = 8 * inputs**4 - 8 * inputs**2 + 1
    shapes = list(pairwise(SIZES))
    start = np.concatenate([0.8 * rng.standard_normal((a + 1) * b) / np.sqrt(a) for a, b in shapes])
    probe = 1e-5
    columns = [
        (differentiate(start + e, inputs, targets)[1] - differentiate(start - e, inputs, targets)[1])
        for e in probe * np.eye(len(start))
    ]
    hessian = np.array(columns) / (2 * probe)
    losses, at = [], start
    for _ in range(count):
        loss, gradient = differentiate(at, inputs, targets)
        losses.append(loss)
        at = at - eta * gradient
    return {
        "weights": start.tolist(),
        "gradient": differentiate(start, inputs, targets)[1].tolist(),
        "sharpness": float(np.linalg.eigvalsh((hessian + hessian.T) / 2)[-1]),
        "eta": eta,
        "losses": losses,
    }


def classifier(activation, rng):
    """Loss and gradient of a small classifier for one example, by central differences."""
    sizes, label = [2, 5, 4, 3], 1
    weights = 0.7 * rng.standard_normal(sum((a + 1) * b for a, b in pairwise(sizes)))
    inputs = rng.standard_normal(2)

    def loss(flat):
        hidden, at = inputs, 0
        for layer, (rows, columns) in enumerate(pairwise(sizes)):
            matrix = flat[at : at + rows * columns].reshape(rows, columns)
            hidden = hidden @ matrix + flat[at + rows * columns : at + (rows + 1) * columns]
            if layer < len(sizes) - 2:
                hidden = ACTIVATIONS[activation][0](hidden)
            at += (rows + 1) * columns
        return float(np.log(np.exp(hidden).sum()) - hidden[label])

    probe = 1e-5
    gradient = [(loss(weights + e) - loss(weights - e)) / (2 * probe) for e in probe * np.eye(len(weights))]
    told = {"activation": activation, "sizes": sizes, "label": label, "inputs": inputs.tolist()}
    return {**told, "weights": weights.tolist(), "loss": loss(weights), "gradient": gradient}


def adam(variant, beta1, beta2, epsilon, rng):
    """Adam's steps in units of η, by whole arrays: m and v as weighted sums of all gradients so far."""
    gradients = rng.standard_normal(40) * np.logspace(-2, 1, 40)
    t = np.arange(1, 41)
    age = t[:, None] - t[None, :]
    weigh = lambda beta: np.where(age >= 0, (1 - beta) * beta ** np.maximum(age, 0), 0.0)  # noqa: E731
    m, v = weigh(beta1) @ gradients, weigh(beta2) @ gradients**2
    if variant != "cruda":
        m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    if variant == "amsgrad":
        v = np.maximum.accumulate(v)
    told = {"variant": variant, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}
    return {**told, "gradients": gradients.tolist(), "steps": (m / (np.sqrt(v) + epsilon)).tolist()}


def ran(surface, name, eta, beta, steps):
    """A run on one of the judge's surfaces."""
    ground = SURFACES[surface]
    at, speed, squares = np.array(ground.start), np.zeros(2), np.zeros(2)
    path, losses = [], []
    for t in range(1, steps + 2):
        path.append(at.tolist())
        losses.append(ground.value(at))
        g = ground.gradient(at - eta * beta * speed if name == "nesterov" else at)
        if name in {"momentum", "nesterov"}:
            speed = beta * speed + g
            at = at - eta * speed
        elif name == "adam":
            speed, squares = beta * speed + (1 - beta) * g, 0.999 * squares + 0.001 * g**2
            at = at - eta * (speed / (1 - beta**t)) / (np.sqrt(squares / (1 - 0.999**t)) + 1e-8)
        elif name == "rmsprop":
            squares = 0.99 * squares + 0.01 * g**2
            at = at - eta * g / (np.sqrt(squares) + 1e-8)
        elif name == "adagrad":
            squares = squares + g**2
            at = at - eta * g / (np.sqrt(squares) + 1e-8)
        else:
            at = at - eta * g
    told = {"surface": surface, "name": name, "eta": eta, "beta": beta}
    return {**told, "path": path, "losses": losses}


def main():
    rng = np.random.default_rng(20)
    runs = [valley(1, 10, eta, angle, 40) for eta in (0.02, 0.1, 2 / 11, 0.199, 0.21) for angle in (20, 70)]
    nets = [network(name, rng) for name in ACTIVATIONS]
    FIXTURES.mkdir(parents=True, exist_ok=True)
    small = small_network(rng)
    balls = [
        heavy_ball(0.03, 0.65, 100.0, "clasica", 60),
        heavy_ball(0.3, 0.9, 100.0, "media", 60),
        heavy_ball(0.019, 0.0, 100.0, "clasica", 60),
        heavy_ball(0.04, 0.9, 100.0, "clasica", 60),
    ]
    matrices = [symmetric(n, rng) for n in (1, 2, 3, 7, 12)]
    classifiers = [classifier(name, rng) for name in ("tanh", "relu")]
    adams = [
        adam("adam", 0.9, 0.999, 1e-8, rng),
        adam("cruda", 0.9, 0.99, 1e-3, rng),
        adam("amsgrad", 0.5, 0.9, 1e-8, rng),
        adam("adam", 0.0, 0.1, 1e-8, rng),
    ]
    races = [
        ran("valle", "momentum", 0.03, 0.7, 40),
        ran("valle", "sgd", 0.04, 0.0, 40),
        ran("rosenbrock", "nesterov", 0.003, 0.9, 60),
        ran("rosenbrock", "adam", 0.1, 0.9, 60),
        ran("silla", "rmsprop", 0.05, 0.0, 40),
        ran("silla", "adagrad", 0.3, 0.0, 40),
    ]
    files = {
        "races": races,
        "adam": adams,
        "classifiers": classifiers,
        "symmetric": matrices,
        "valley": runs,
        "networks": nets,
        "small-network": small,
        "heavy-ball": balls,
    }
    for name, content in files.items():
        (FIXTURES / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
