"""Logistic regression on words of Zipf's frequencies, and the adaptive rules on it."""

import numpy as np

TRAIN, TEST, WORDS, BATCH, EPOCHS = 3000, 1000, 500, 10, 3
FREQUENCY = np.minimum(0.5, 2 / np.arange(1, WORDS + 1))


def problem(seed):
    """Documents (N, 500) of zeros and ones, their labels, and the true weights."""
    rng = np.random.default_rng(seed)
    truth = 2 * rng.standard_normal(WORDS)
    documents = (rng.random((TRAIN + TEST, WORDS)) < FREQUENCY).astype(float)
    labels = (rng.random(TRAIN + TEST) < 1 / (1 + np.exp(-documents @ truth))).astype(float)
    return documents, labels, truth


def loss(documents, labels, weights):
    scores = documents @ weights
    return float(np.mean(np.logaddexp(0, scores) - labels * scores))


def rule(name, eta, state, gradient, t):
    """What one optimiser takes from the weights at step t; `state` holds its sums."""
    if name == "sgd":
        return eta * gradient
    if name == "sgd_raiz":
        return eta * gradient / np.sqrt(t)
    if name == "adagrad":
        state["v"] = state.get("v", 0) + gradient**2
        return eta * gradient / (np.sqrt(state["v"]) + 1e-10)
    state["v"] = 0.99 * state.get("v", 0) + 0.01 * gradient**2
    return eta * gradient / (np.sqrt(state["v"]) + 1e-8)


def run(name, eta, documents, labels, seed, every=0):
    """Weights after three epochs, the state, and the training loss every so many steps."""
    rng = np.random.default_rng(1000 + seed)
    weights, state, trace, t = np.zeros(WORDS), {}, [], 0
    for _ in range(EPOCHS):
        order = rng.permutation(TRAIN)
        for first in range(0, TRAIN, BATCH):
            chosen = order[first : first + BATCH]
            x = documents[chosen]
            gradient = x.T @ (1 / (1 + np.exp(-x @ weights)) - labels[chosen]) / BATCH
            t += 1
            weights = weights - rule(name, eta, state, gradient, t)
            if every and t % every == 0:
                trace.append(loss(documents[:TRAIN], labels[:TRAIN], weights))
    return weights, state, trace
