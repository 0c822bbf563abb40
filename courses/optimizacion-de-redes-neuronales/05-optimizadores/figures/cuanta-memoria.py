"""Steps to a thousandth of the first distance against β, each with its best α, for three κ."""

import numpy as np

KAPPAS, DIMENSION, GOAL, MOST = (10, 40, 400), 50, 1e-3, 3000
BETAS = np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.83, 0.86, 0.88, 0.9,
                  0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99])  # fmt: skip
SHARES = np.geomspace(0.02, 0.99, 40)  # of the largest α that is stable


def fewest(kappa):
    """For each β the fewest steps over α, and that α."""
    curvatures = np.geomspace(1, kappa, DIMENSION)
    alpha = SHARES[:, None] * (2 * (1 + BETAS) / kappa)[None, :]
    at = np.ones((len(SHARES), len(BETAS), DIMENSION))
    speed = np.zeros_like(at)
    last = np.zeros(alpha.shape, dtype=int)
    for step in range(1, MOST + 1):
        speed *= BETAS[None, :, None]
        speed += curvatures * at
        at -= alpha[:, :, None] * speed
        far = np.einsum("abd,abd->ab", at, at) > GOAL**2 * DIMENSION
        last[far] = step
        if step - last.min(axis=0).max() > 400:
            break
    best = last.argmin(axis=0)
    return last.min(axis=0) + 1, alpha[best, np.arange(len(BETAS))]


def compute():
    found = {}
    for kappa in KAPPAS:
        steps, alphas = fewest(kappa)
        least = int(np.argmin(steps))
        root = np.sqrt(kappa)
        at = {f"b{beta:g}".replace(".", "_"): int(steps[list(BETAS).index(beta)]) for beta in (0, 0.9, 0.99)}
        found[f"k{kappa}"] = {
            "kappa": kappa,
            "steps": steps,
            "alphas": alphas,
            "best": BETAS[least],
            "fewest": int(steps[least]),
            "polyak": ((root - 1) / (root + 1)) ** 2,
            **at,
        }
    return {"betas": BETAS, "memory": 1 / (1 - BETAS), "runs": found}


def draw(data, canvas):
    ax = canvas.axes(
        x="memoria 1/(1−β), en pasos",
        y="pasos hasta 10⁻³",
        x_log=True,
        y_log=True,
        height=320,
        y_range=(6, 2500),
    )
    for series, run in zip(("c3", "c1", "c2"), data["runs"].values(), strict=True):
        canvas.line(
            ax, data["memory"], run["steps"], series=series, label=f"κ = {run['kappa']}", label_at=1.5
        )
        beta = run["polyak"]
        canvas.points(
            ax,
            [1 / (1 - beta)],
            [float(np.interp(beta, data["betas"], run["steps"]))],
            series=series,
            size=7,
            hollow=True,
        )
    canvas.reference(ax, "β = 0,9", x=10.0)
    ax.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
