"""Critical points of a linear net and those that Newton finds in a tanh net: index against loss."""

import numpy as np
from _lineal import SIZE, critical_points, index, loss
from scipy import stats
from sklearn.datasets import load_digits

STARTS, ITERATIONS, DECAY = 80, 45, 1e-2
IN, HIDDEN, OUT, EXAMPLES = 4, 3, 4, 100
WEIGHTS = IN * HIDDEN + HIDDEN + HIDDEN * OUT + OUT


def data_set():
    """A hundred digits on their first four principal components, class modulo 4."""
    digits = load_digits()
    chosen = np.random.default_rng(0).permutation(len(digits.target))[:EXAMPLES]
    images = digits.data[chosen] - digits.data[chosen].mean(axis=0)
    left, *_ = np.linalg.svd(images, full_matrices=False)
    return left[:, :IN] * np.sqrt(EXAMPLES), digits.target[chosen] % OUT


def slope_and_loss(w, x, labels):
    """Gradient and loss of many nets at once, one per row of `w`."""
    cuts = np.cumsum([IN * HIDDEN, HIDDEN, HIDDEN * OUT])
    first, bias, last, scores = np.split(w, cuts, axis=1)
    hidden = np.tanh(x @ first.reshape(-1, IN, HIDDEN) + bias[:, None])
    last = last.reshape(-1, HIDDEN, OUT)
    z = hidden @ last + scores[:, None]
    p = np.exp(z - z.max(axis=2, keepdims=True))
    p /= p.sum(axis=2, keepdims=True)
    value = -np.log(p[:, np.arange(EXAMPLES), labels]).mean(axis=1) + DECAY / 2 * (w**2).sum(axis=1)
    back = (p - np.eye(OUT)[labels]) / EXAMPLES
    deep = (back @ last.transpose(0, 2, 1)) * (1 - hidden**2)
    parts = [
        (x.T @ deep).reshape(len(w), -1),
        deep.sum(axis=1),
        (hidden.transpose(0, 2, 1) @ back).reshape(len(w), -1),
        back.sum(axis=1),
    ]
    return np.concatenate(parts, axis=1) + DECAY * w, value


def hessians(w, x, labels, step=1e-5):
    rows = []
    for unit in np.eye(WEIGHTS) * step:
        ahead = slope_and_loss(w + unit, x, labels)[0]
        rows.append(ahead - slope_and_loss(w - unit, x, labels)[0])
    found = np.stack(rows, axis=1) / (2 * step)
    return (found + found.transpose(0, 2, 1)) / 2


def newton(x, labels):
    """Newton on the gradient, steps no longer than 1, from random nets: any critical point will do."""
    w = np.random.default_rng(1).standard_normal((STARTS, WEIGHTS))
    for _ in range(ITERATIONS):
        curvatures, ways = np.linalg.eigh(hessians(w, x, labels))
        curvatures = np.where(np.abs(curvatures) < 1e-4, 1e-4, curvatures)
        along = np.einsum("sij,si->sj", ways, slope_and_loss(w, x, labels)[0]) / curvatures
        move = -np.einsum("sij,sj->si", ways, along)
        w = w + move / np.maximum(1, np.linalg.norm(move, axis=1, keepdims=True))
    slope, value = slope_and_loss(w, x, labels)
    arrived = np.linalg.norm(slope, axis=1) < 1e-7
    below = (np.linalg.eigvalsh(hessians(w[arrived], x, labels)) < -1e-6).sum(axis=1)
    return value[arrived], below


def all_positive(n, rng, tries=200_000):
    """Share of Gaussian symmetric n×n matrices without a negative eigenvalue."""
    entries = rng.standard_normal((tries, n, n))
    return float((np.linalg.eigvalsh(entries + entries.transpose(0, 2, 1))[:, 0] > 0).mean())


def compute():
    exact = [(loss(w), index(w), len(chosen)) for chosen, w in critical_points()]
    value, below = newton(*data_set())
    pairs = sorted(set(zip(np.round(value, 4).tolist(), below.tolist(), strict=True)))
    rng = np.random.default_rng(0)
    return {
        "weights": 2 * SIZE**2,
        "exact": [{"loss": found[0], "index": found[1], "modes": found[2]} for found in exact],
        "exact_rank": stats.spearmanr([e[0] for e in exact], [e[1] for e in exact]).statistic,
        "net": {
            "starts": STARTS,
            "weights": WEIGHTS,
            "arrived": len(value),
            "minima": int((below == 0).sum()),
            "loss": [pair[0] for pair in pairs],
            "index": [pair[1] for pair in pairs],
            "rank": stats.spearmanr([p[0] for p in pairs], [p[1] for p in pairs]).statistic,
            "distinct": len(pairs),
        },
        "positive": {f"n{n}": all_positive(n, rng) for n in range(1, 6)},
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=300)
    canvas.axis(
        left, title="Red lineal: los dieciséis", x="pérdida", y="curvaturas negativas", y_range=(-1, 18)
    )
    canvas.axis(
        right, title="Red tanh: los que halló Newton", x="pérdida", y="curvaturas negativas", y_range=(-1, 18)
    )
    canvas.points(left, [e["loss"] for e in data["exact"]], [e["index"] for e in data["exact"]], series="c1")
    canvas.points(right, data["net"]["loss"], data["net"]["index"], series="c2")
    for ax, reach in ((left, 10), (right, 1.6)):
        ax.set_xlim(0, reach)
