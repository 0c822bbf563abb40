"""SGD that starts at the exact minimum leaves it; where it stays, against η."""

import numpy as np
from _minimos import DIMENSION, problem, sgd
from scipy import stats

STEPS, SEEDS = 20_000, 5
SHOWN = {"e016": 0.016, "e004": 0.004, "e001": 0.001}
ETAS = (0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.05, 0.065, 0.08)


def half_width(values):
    return float(stats.t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))


def relative_errors(of, repeats=20_000):
    """Mean of many mini-batch gradients at w = 0 against the exact one."""
    rng = np.random.default_rng(2)
    each = -of.y[:, None] * of.a
    exact = each.mean(axis=0)
    found = {}
    for batch in (1, 8, 64):
        votes = np.bincount(rng.integers(len(each), size=repeats * batch), minlength=len(each))
        found[f"b{batch}"] = np.linalg.norm(votes @ each / votes.sum() - exact) / np.linalg.norm(exact)
    return found


def compute():
    of = problem()
    trace = of.noise_trace()
    floors, paths = [], {}
    for eta in ETAS:
        _, excess, averaged = sgd(of, lambda _, eta=eta: eta, STEPS, start=of.best, seeds=SEEDS)
        late = excess[len(excess) // 2 :].mean(axis=0)
        floors.append(
            {"eta": eta, "mean": late.mean(), "half": half_width(late), "averaged": averaged.mean()}
        )
        for name, shown in SHOWN.items():
            if shown == eta:
                # ten readings, 200 steps, to a point: what is drawn is a level, not its jitter
                early = excess[:500].reshape(50, 10, SEEDS).mean(axis=1)
                paths[name] = {
                    "eta": eta,
                    "excess": early.mean(axis=1),
                    "low": early.min(axis=1),
                    "high": early.max(axis=1),
                    "floor": trace * eta / 4,
                }
    grid = np.geomspace(0.001, 0.085, 60)
    gradient_at_best = of.a.T @ (of.a @ of.best - of.y) / len(of.y)
    return {
        "trace": trace,
        "quarter": trace / 4,
        "gradient_at_best": np.linalg.norm(gradient_at_best),
        "largest": np.linalg.eigvalsh(of.hessian)[-1],
        "full_limit": 2 / np.linalg.eigvalsh(of.hessian)[-1],
        "wall": 2 / (DIMENSION + 2),
        "floors": floors,
        "paths": paths,
        "steps": np.arange(50) * 200 + 100,
        "grid": grid,
        "line": grid * trace / 4,
        "bent": grid * trace / 2 / (2 - grid * (DIMENSION + 2)),
        "over_line": floors[-1]["mean"] / (ETAS[-1] * trace / 4),
        "errors": relative_errors(of),
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=320 if canvas.wide else 280, y_log=True)
    canvas.axis(
        left,
        x="paso",
        y="exceso de pérdida",
        title="Desde el mínimo",
        x_range=(0, 10_000),
        y_range=(1e-3, 0.3),
    )
    left.set_xticks([0, 5000, 10_000], ["0", "5000", "10 000"])
    for series, (_, run) in zip(("c1", "c2", "c3"), data["paths"].items(), strict=True):
        label = f"η = {run['eta']:.3f}".replace(".", ",")
        canvas.band(left, data["steps"], run["low"], run["high"], series=series)
        canvas.line(left, data["steps"], run["excess"], series=series, label=label)
        left.plot([0, 10_000], [run["floor"]] * 2, color="#575a62", linewidth=1.3, dashes=(1, 2))
    canvas.axis(
        right,
        x="η",
        y="exceso en que se queda",
        title="El suelo según η",
        x_log=True,
        x_range=(8e-4, 0.12),
        y_range=(2e-3, 9),
    )
    etas = [floor["eta"] for floor in data["floors"]]
    canvas.points(right, etas, [floor["mean"] for floor in data["floors"]], series="c1")
    canvas.reference(right, "η tr C/4", xs=data["grid"], ys=data["line"])
    canvas.line(right, data["grid"], data["bent"], series="c1", width=1.2)
    canvas.reference(right, "2/(d+2)", x=data["wall"], left=True)
