"""Eight optimisers, each with its own tuned η and the same linear decay: steps, time, loss and test error."""

import numpy as np
from _apiladas import errors, losses, per_run, split, start, train
from _digitos import interval

STEPS, TARGET, TUNE, SEEDS = 300, 0.1, range(100, 102), range(6)
GRIDS = {
    "sgd": (1, 3, 9),
    "momentum": (0.05, 0.15, 0.5),
    "adagrad": (0.03, 0.1, 0.3),
    "rmsprop": (0.003, 0.01, 0.03),
    "adam": (0.003, 0.01, 0.03, 0.1),
    "lion": (1e-3, 3e-3, 1e-2),
    "muon": (0.01, 0.03, 0.1, 0.3),
    "soap": (0.01, 0.03, 0.1, 0.3),
}
# Milliseconds of one step of PyTorch 2.13 on this net: measured once, on 2 x86-64 cores, one thread, float32.
STEP_MS = dict(zip(GRIDS, (0.50, 0.53, 0.52, 0.67, 0.54, 0.44, 1.09, 0.90), strict=True))
NAMES = dict(
    zip(GRIDS, ("SGD", "Momentum", "AdaGrad", "RMSProp", "Adam", "Lion", "Muon", "SOAP"), strict=True)
)


def orthogonal(m):
    """Muon's five Newton–Schulz steps: the singular values of every matrix go near 1."""
    x = m / (np.linalg.norm(m, axis=(1, 2), keepdims=True) + 1e-7)
    for _ in range(5):
        square = x @ np.swapaxes(x, 1, 2)
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x


class Rule:
    """One optimiser on one array of weights (R, inputs, outputs)."""

    def __init__(self, name, like):
        self.name = "adam" if name in ("muon", "soap") and like.shape[1] == 1 else name
        self.third = 0.3 if name == "muon" and like.shape[1] == 1 else 1.0
        self.m, self.v = np.zeros_like(like), np.zeros_like(like)
        if self.name == "soap":
            runs, rows, columns = like.shape
            self.left, self.right = np.zeros((runs, rows, rows)), np.zeros((runs, columns, columns))

    def adam(self, t, g, beta1, beta2):
        self.m += (1 - beta1) * (g - self.m)
        self.v += (1 - beta2) * (g**2 - self.v)
        return self.third * self.m / (1 - beta1**t) / (np.sqrt(self.v / (1 - beta2**t)) + 1e-8)

    def soap(self, t, g):
        """Adam in the eigenvectors of the means of GGᵀ and GᵀG, found anew every ten steps."""
        across = np.swapaxes(g, 1, 2)
        self.left += 0.05 * (g @ across - self.left)
        self.right += 0.05 * (across @ g - self.right)
        if t % 10 == 1:
            self.rows = np.linalg.eigh(self.left)[1].astype(np.float32)
            self.columns = np.linalg.eigh(self.right)[1].astype(np.float32)
        self.m += 0.1 * (g - self.m)
        inside = np.swapaxes(self.rows, 1, 2)
        self.v += 0.05 * ((inside @ g @ self.columns) ** 2 - self.v)
        turned = inside @ self.m @ self.columns / (1 - 0.9**t)
        turned = turned / (np.sqrt(self.v / (1 - 0.95**t)) + 1e-8)
        return self.rows @ turned @ np.swapaxes(self.columns, 1, 2)

    def __call__(self, t, g):
        match self.name:
            case "sgd":
                return g
            case "momentum":
                self.m = 0.9 * self.m + g
                return self.m
            case "adagrad":
                self.v += g**2
                return g / (np.sqrt(self.v) + 1e-10)
            case "rmsprop":
                self.v += 0.01 * (g**2 - self.v)
                return g / (np.sqrt(self.v) + 1e-8)
            case "lion":
                step = np.sign(0.9 * self.m + 0.1 * g)
                self.m += 0.01 * (g - self.m)
                return step
            case "muon":
                self.m = 0.95 * self.m + g
                return orthogonal(g + 0.95 * self.m) * max(1, g.shape[1] / g.shape[2]) ** 0.5
            case "soap":
                return self.soap(t, g)
        return self.adam(t, g, 0.9, 0.999)


def runs(name, etas, seeds, data):
    """Training loss, test error and steps to the target of every run; one η a run."""
    images, labels, test_images, test_labels = data
    stack, rngs = start((64, 64, 64, 10), seeds)
    rules = [Rule(name, w) for w in stack]
    eta, seen = per_run(etas), []

    def move(t, weights, found):
        rate = eta * np.float32(1 - (t - 1) / STEPS)
        return [(rate * rule(t, g)).astype(np.float32) for rule, g in zip(rules, found, strict=True)]

    stack = train(stack, rngs, images, labels, move, steps=STEPS, watch=lambda t, w, loss: seen.append(loss))
    smooth, steps = np.zeros(len(seeds)), np.full(len(seeds), STEPS)
    for t, loss in enumerate(seen, start=1):
        smooth = 0.9 * smooth + 0.1 * loss
        steps = np.where((steps == STEPS) & (smooth / (1 - 0.9**t) < TARGET), t, steps)
    ends = losses(stack, images, labels)
    return np.where(np.isfinite(ends), ends, 100), errors(stack, test_images, test_labels), steps


def compute():
    data = split()
    found = {"steps": STEPS, "seeds": len(SEEDS), "runs": {}}
    for name, grid in GRIDS.items():
        etas = [eta for eta in grid for _ in TUNE]
        ends, _, steps = (
            value.reshape(len(grid), -1).mean(axis=1)
            for value in runs(name, etas, list(TUNE) * len(grid), data)
        )
        low, soon = grid[int(ends.argmin())], grid[int(steps.argmin())]
        ends, wrong, steps = runs(name, [low] * len(SEEDS), SEEDS, data)
        if soon != low:
            steps = runs(name, [soon] * len(SEEDS), SEEDS, data)[2]
        train_mean, train_half = interval(ends)
        test, test_half = interval(wrong)
        until, until_half = interval(steps)
        found["runs"][name] = {
            "eta": low,
            "eta_soon": soon,
            "train": train_mean,
            "half": train_half,
            "test": test,
            "test_half": test_half,
            "until": until,
            "until_half": until_half,
            "step_ms": STEP_MS[name],
            "ms": until * STEP_MS[name],
        }
    return found


def draw(data, canvas):
    left, right = canvas.panels(2, height=290)
    names = sorted(data["runs"], key=lambda name: data["runs"][name]["until"])
    for ax, key, title in (
        (left, "until", "Pasos hasta pérdida 0,1"),
        (right, "ms", "Milisegundos hasta 0,1"),
    ):
        values = [data["runs"][name][key] for name in names]
        canvas.axis(ax, title=title)
        canvas.bars(
            ax,
            [NAMES[name] for name in names],
            values,
            series="c1",
            texts=[f"{value:.0f}" for value in values],
        )
