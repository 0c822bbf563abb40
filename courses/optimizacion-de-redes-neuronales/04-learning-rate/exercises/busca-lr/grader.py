"""Hidden nets in random units: the student proposes a rate, the judge trains with it and with the best."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from grading.judge.author import Float, group

INPUTS, CLASSES, IMAGES, BATCH, STEPS = 20, 6, 240, 32, 80
BUDGET = 100
SHARE = (
    0.8  # of the descent that the best rate of the grid reaches; a third of that rate reaches more than 0.9
)
# log10 of the best constant rate of each net, in units of its own: 80 steps, two seeds, a grid of ×1.8.
BEST = (
    *(-0.25, -0.5, -0.75, -0.5, 0.5, 0.25, -0.25, 0.0, -0.25, 0.25, -0.5, -0.25),
    *(0.0, 0.0, 0.0, -0.25, 0.25, 0.0, -0.5, -0.5, 0.25, 0.0, -0.5, -0.25),
)
EXAMPLES, CALM = (4, 5), (4, 5, 7, 8, 10, 11, 12, 14, 16, 18, 20, 23)
SHARP = (2, 6, 9, 13, 15, 22)  # loss / gradient² is three to twenty times beyond the wall


def net(number):
    """Net and data of a number: 1 to 4 hidden layers, ReLU or tanh, a tenth of the labels redrawn."""
    rng = np.random.default_rng(7000 + number)
    depth, tanh, width = 1 + number % 4, bool((number // 4) % 2), int(rng.choice([16, 24, 32]))
    spread, gain = 10 ** rng.uniform(-0.4, 0.4), 10 ** rng.uniform(-0.2, 0.2)
    centres, which = rng.normal(size=(2 * CLASSES, INPUTS)), np.arange(IMAGES) % (2 * CLASSES)
    x = spread * (centres[which] + 0.7 * rng.normal(size=(IMAGES, INPUTS))) * np.linspace(1, 0.3, INPUTS)
    labels = which % CLASSES
    labels = np.where(rng.random(IMAGES) < 0.1, rng.integers(0, CLASSES, IMAGES), labels)
    parts = []
    for rows, columns in pairwise((INPUTS, *(width,) * depth, CLASSES)):
        parts.append(gain * np.sqrt((1 if tanh else 2) / rows) * rng.normal(size=(rows, columns)))
        parts.append(np.zeros(columns))
    return x, labels, parts, tanh


def look(parts, x, labels, tanh):
    """Mean cross-entropy and its gradient."""
    seen = [x]
    for at in range(0, len(parts), 2):
        z = seen[-1] @ parts[at] + parts[at + 1]
        seen.append(z if at == len(parts) - 2 else np.tanh(z) if tanh else np.maximum(z, 0))
    scores = seen[-1] - seen[-1].max(axis=1, keepdims=True)
    odds = np.exp(scores)
    total, rows = odds.sum(axis=1, keepdims=True), np.arange(len(labels))
    value = float(np.mean(np.log(total[:, 0]) - scores[rows, labels]))
    back = odds / total
    back[rows, labels] -= 1
    back /= len(labels)
    found = []
    for at in range(len(parts) - 2, -1, -2):
        depth = at // 2
        found = [seen[depth].T @ back, back.sum(axis=0), *found]
        if depth:
            back = (back @ parts[at].T) * (1 - seen[depth] ** 2 if tanh else seen[depth] > 0)
    return value, found


@dataclass(frozen=True)
class Model:
    """A net whose loss is told multiplied by `height` and whose weights are told multiplied by `unit`."""

    x: np.ndarray
    labels: np.ndarray
    parts: list
    tanh: bool
    height: float
    unit: float
    best: float

    def weights(self):
        return self.unit * np.concatenate([part.ravel() for part in self.parts])

    def split(self, w):
        parts, at = [], 0
        for part in self.parts:
            parts.append(w[at : at + part.size].reshape(part.shape) / self.unit)
            at += part.size
        return parts

    def told(self, w, rng):
        """What a question answers: loss and gradient on a fresh batch, in the units of the student."""
        some = rng.integers(0, IMAGES, BATCH)
        with np.errstate(all="ignore"):
            value, found = look(self.split(w), self.x[some], self.labels[some], self.tanh)
            gradient = np.concatenate([part.ravel() for part in found])
            return float(self.height * value), self.height / self.unit * gradient

    def own(self, eta):
        """A rate of the student in the net's own units."""
        return eta * self.height / self.unit**2

    def train(self, eta, seed):
        """Loss of all the data over that of the start, every ten steps; infinite once it breaks."""
        rng, parts, trace = np.random.default_rng(seed), self.parts, []
        with np.errstate(all="ignore"):
            for step in range(STEPS + 1):
                if step % 10 == 0:
                    value = look(parts, self.x, self.labels, self.tanh)[0]
                    trace.append(value if np.isfinite(value) else np.inf)
                some = rng.integers(0, IMAGES, BATCH)
                found = look(parts, self.x[some], self.labels[some], self.tanh)[1]
                parts = [part - eta * slope for part, slope in zip(parts, found, strict=True)]
        return np.array(trace) / trace[0]


def model(number, height=1.0, unit=1.0):
    x, labels, parts, tanh = net(number)
    return Model(x, labels, parts, tanh, height, unit, 10 ** BEST[number])


def judge(attempt, one, *, budget=BUDGET, draw=False):
    """Share of the possible descent that the student's rate reaches, and which side it fails on."""
    rng = np.random.default_rng(attempt.rng.integers(2**32))
    start = one.weights()
    f = attempt.oracle(
        evalua=lambda w: one.told(w, rng),
        dim=len(start),
        budget=budget,
        record=None,
        finite=False,
    )
    eta = attempt.call("busca_lr", f, start, returns=Float(low=0), unchanged=True)
    seeds = attempt.rng.integers(2**32, size=2)
    yours = np.mean([one.train(one.own(eta), seed) for seed in seeds], axis=0)
    best = np.mean([one.train(one.best, seed) for seed in seeds], axis=0)
    if draw:
        steps = np.arange(0, STEPS + 1, 10)
        attempt.axes(x="pasos con la η elegida", y="pérdida ÷ la inicial", log=True)
        attempt.reference("la mejor η de una rejilla", steps, best)
        attempt.curve("tu η", steps, np.minimum(yours, 100.0))
    share = (1 - yours[-1]) / (1 - best[-1]) if np.isfinite(yours[-1]) else -np.inf
    return float(np.clip(share, 0, 1)), one.own(eta) > one.best


def decide(attempt, outcomes, needed, wrong_units=None):
    """Passes with `needed` good ones; else the mean share counts, and the hint tells the side."""
    shares = np.array([share for share, _ in outcomes])
    good = int((shares >= SHARE).sum())
    attempt.note(good=good, of=len(outcomes))
    if good >= needed:
        return
    above = [side for share, side in outcomes if share < SHARE]
    mixed = 0 < sum(above) < len(above)
    hint = "unidades" if mixed and wrong_units else "pared" if 2 * sum(above) >= len(above) else "corta"
    attempt.score(
        min(0.95, float(np.minimum(shares / SHARE, 1).mean())),
        hint=hint,
        message=f"Tu η llega donde debe en {good} de {len(outcomes)} redes; hacen falta {needed}.",
    )


@group("ejemplos")
def ejemplos(attempt):
    decide(attempt, [judge(attempt, model(n), draw=n == EXAMPLES[0]) for n in EXAMPLES], 2)


@group("unidades")
def unidades(attempt):
    heights = attempt.rng.permutation([-4, -2.5, -1, 1, 2.5, 4])
    units = attempt.rng.permutation([-2, -1.2, -0.4, 0.4, 1.2, 2])
    numbers = attempt.rng.choice(CALM, size=6, replace=False)
    outcomes = [
        judge(attempt, model(int(n), 10**height, 10**unit), draw=k == 0)
        for k, (n, height, unit) in enumerate(zip(numbers, heights, units, strict=True))
    ]
    decide(attempt, outcomes, 5, wrong_units=True)


@group("filo")
def filo(attempt):
    outcomes = [
        judge(
            attempt,
            model(n, 10 ** attempt.rng.uniform(-1, 1), 10 ** attempt.rng.uniform(-0.5, 0.5)),
            draw=n == SHARP[0],
        )
        for n in SHARP
    ]
    decide(attempt, outcomes, 5)


@group("bordes")
def bordes(attempt):
    with attempt.hinting("presupuesto"):
        short = [judge(attempt, model(n), budget=30, draw=n == 5) for n in (4, 5, 12)]
    if sum(share >= SHARE for share, _ in short) < 2:
        attempt.fail(hint="presupuesto", message="Con menos preguntas tu η ya no sirve.")
    with attempt.hinting("enorme"):
        huge = [judge(attempt, model(n, height)) for n, height in ((5, 1e12), (7, 1e-12))]
    if min(share for share, _ in huge) < SHARE:
        attempt.fail(hint="enorme", message="Con una pérdida en unidades extremas tu η no sirve.")
