"""Adam, AMSGrad and SGD run on the student's own random slopes; where each ends decides."""

import numpy as np

from grading.judge.author import Float, Items, Tuple, group

SEEDS = 12
RAREST, STEEPEST, MOST = 1 / 2300, 1e4, 8
# The reference answer gets Adam 0.82…0.99 and AMSGrad −0.90…−0.97 (means of 12 runs, sd about 0.03).
ADAM_FAILS, AMSGRAD_ARRIVES = 0.3, -0.6


def ask(attempt, beta1, beta2):
    """The student's slopes, held to what makes them a problem whose best point is −1."""
    with attempt.hinting("lista"):
        pairs = attempt.call(
            "contraejemplo",
            float(beta1),
            float(beta2),
            returns=Items(Tuple(Float(low=0, high=1), Float(low=-STEEPEST, high=STEEPEST))),
        )
    if not 2 <= len(pairs) <= MOST:
        attempt.fail(hint="lista", message=f"Devolviste {len(pairs)} pendientes; se piden de 2 a {MOST}.")
    probabilities, slopes = (np.array(column) for column in zip(*pairs, strict=True))
    if abs(probabilities.sum() - 1) > 1e-9:
        attempt.fail(hint="lista", message="Tus probabilidades no suman 1.")
    if probabilities.min() < RAREST * (1 - 1e-9):
        attempt.fail(hint="rara", message="Una de tus pendientes es más rara de lo que se permite.")
    if probabilities @ slopes <= 1e-9 * np.abs(slopes).max():
        attempt.fail(hint="optimo", message="Con tus pendientes el mejor punto no es −1.")
    return probabilities, slopes


def play(rng, problem, beta1, beta2):
    """Mean x of Adam, AMSGrad and SGD at a hundred moments: a row each."""
    probabilities, slopes = problem
    rarest = probabilities.min()
    steps, rate = int(max(3000, round(60 / rarest))), min(0.05, 10 * rarest)
    edges = np.cumsum(probabilities)[:-1]
    drawn = slopes[np.searchsorted(edges, rng.random((steps, SEEDS)), side="right")]
    share = 5 / np.abs(slopes).max()
    first, second, top = np.zeros((3, SEEDS))
    x, move = np.zeros((3, SEEDS)), np.empty((3, SEEDS))
    power1 = power2 = 1.0
    every = steps // 100
    sums, trace = np.zeros((3, SEEDS)), []
    for step in range(every * 100):
        g = drawn[step]
        first = beta1 * first + (1 - beta1) * g
        second = beta2 * second + (1 - beta2) * (g * g)
        np.maximum(top, second, out=top)
        power1, power2 = power1 * beta1, power2 * beta2
        corrected = second * ((1 - power1) ** 2 / (1 - power2))
        np.divide(first, np.sqrt(corrected) + 1e-8, out=move[0])
        np.divide(first, np.sqrt(top) + 1e-8, out=move[1])
        np.multiply(g, share, out=move[2])
        x = np.clip(x - rate * move, -1, 1)
        sums += x
        if step % every == every - 1:
            trace.append(sums.mean(axis=1) / every)
            sums = np.zeros((3, SEEDS))
    return np.array(trace).T


def judge(attempt, pairs):
    attempt.axes(x="parte de la ejecución (%)", y="x", log=False)
    attempt.target(-1.0, label="óptimo")
    worst, why = 1.0, None
    for number, (beta1, beta2) in enumerate(pairs):
        trace = play(attempt.rng, ask(attempt, beta1, beta2), beta1, beta2)
        adam, amsgrad, _ = trace[:, 80:].mean(axis=1)
        if number == 0:
            moments = np.arange(1, 101)
            attempt.curve("Adam, en tu problema", moments, trace[0])
            attempt.reference("AMSGrad", moments, trace[1])
            attempt.reference("SGD", moments, trace[2])
        fails = float(np.clip((adam + 1) / (ADAM_FAILS + 1), 0, 1))
        arrives = float(np.clip((1 - amsgrad) / (1 - AMSGRAD_ARRIVES), 0, 1))
        if fails * arrives < worst:
            worst = fails * arrives
            why = "adam-llega" if fails < arrives else "amsgrad-no-llega"
    if worst < 1:
        attempt.score(
            worst,
            hint=why,
            message="Adam no acaba en el peor lado."
            if why == "adam-llega"
            else "AMSGrad no llega cerca del óptimo.",
        )


@group("ejemplos")
def ejemplos(attempt):
    judge(attempt, [(0.0, 0.1)])


@group("memoria-corta")
def memoria_corta(attempt):
    rng = attempt.rng
    judge(attempt, [(0.0, rng.uniform(0.8, 0.9)), (0.5, rng.uniform(0.85, 0.9))])


@group("con-momentum")
def con_momentum(attempt):
    rng = attempt.rng
    judge(attempt, [(0.9, rng.uniform(0.94, 0.96)), (0.8, rng.uniform(0.92, 0.95))])


@group("memoria-larga")
def memoria_larga(attempt):
    rng = attempt.rng
    judge(attempt, [(0.9, rng.uniform(0.98, 0.985)), (rng.uniform(0.5, 0.8), rng.uniform(0.96, 0.97))])


@group("bordes")
def bordes(attempt):
    judge(attempt, [(0.0, 0.0)])
    for beta2 in (0.995, float(attempt.rng.uniform(0.99, 0.995)), float(attempt.rng.uniform(0, 0.05))):
        ask(attempt, 0.0, beta2)
