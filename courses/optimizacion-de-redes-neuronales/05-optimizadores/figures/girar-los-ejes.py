"""The same valley, along the axes and turned: what a scale for each coordinate can and cannot see."""

import numpy as np

DIM, STEPS, RHO, SEEDS, TARGET = 50, 3000, 0.99, 5, 1e-3
KAPPAS = (10, 100, 1000)
ETAS = tuple(10 ** (-3 + k / 4) for k in range(14))
SHOWN = np.unique(np.round(np.logspace(0, np.log10(STEPS), 160)).astype(int))


def runs(basis, kappa, etas, seed, *, adaptive):
    """Loss over its start after every step, for all the η at once, until one is well below the target."""
    curvatures = np.logspace(0, np.log10(kappa), DIM)
    hessian = (basis * curvatures) @ basis.T
    along = np.random.default_rng(seed).standard_normal(DIM)
    w = np.tile(basis @ along, (len(etas), 1))
    start = 0.5 * curvatures @ along**2
    v, trace = np.zeros_like(w), np.full((STEPS, len(etas)), np.nan)
    etas = np.array(etas)[:, None]
    for t in range(STEPS):
        g = w @ hessian
        if adaptive:
            v = RHO * v + (1 - RHO) * g**2
            g = g / (np.sqrt(v / (1 - RHO ** (t + 1))) + 1e-12)
        w = w - etas * g
        trace[t] = 0.5 * np.einsum("ri,ij,rj->r", w, hessian, w) / start
        if np.nanmin(trace) < TARGET / 10:
            break
    return trace


def reach(traces):
    """Steps to the target of each η, by seed: (η, seeds)."""
    hit = np.array(traces) <= TARGET
    return np.where(hit.any(axis=1), hit.argmax(axis=1) + 1, np.inf).T


def compute():
    turned = [
        np.linalg.qr(np.random.default_rng(100 + s).standard_normal((DIM, DIM)))[0] for s in range(SEEDS)
    ]
    found = {"seeds": SEEDS, "t": SHOWN, "target": TARGET, "runs": {}, "steps": {}}
    for kappa in KAPPAS:
        for name, bases, adaptive in (
            ("rectos", [np.eye(DIM)] * SEEDS, True),
            ("girados", turned, True),
            ("gd", [np.eye(DIM)] * SEEDS, False),
        ):
            etas = ETAS if adaptive else (2 / (1 + kappa),)
            traces = [runs(basis, kappa, etas, s, adaptive=adaptive) for s, basis in enumerate(bases)]
            steps = reach(traces)
            best = int(np.median(steps, axis=1).argmin())
            found["steps"].setdefault(name, {})[f"k{kappa}"] = np.median(steps[best])
            if kappa == KAPPAS[-1]:
                chosen = np.array(traces)[:, :, best]
                found["runs"][name] = {
                    "eta": etas[best],
                    "trace": chosen[0, SHOWN - 1],
                    "edge": best in (0, len(etas) - 1),
                }
    return found


LOOK = {
    "rectos": ("rmsprop", "RMSProp, recto", None),
    "girados": ("c5", "RMSProp, girado", (5, 3)),
    "gd": ("sgd", "descenso por gradiente", None),
}


def draw(data, canvas):
    left, right = canvas.panels(2, height=300, y_log=True)
    canvas.axis(
        left, x="pasos", y="pérdida ÷ la inicial", x_log=True, y_range=(TARGET, 1.6), title="κ = 1000"
    )
    canvas.axis(right, x="número de condición κ", y="pasos hasta una milésima", x_log=True, x_range=(7, 1500))
    for name, (series, label, dash) in LOOK.items():
        run = data["runs"][name]
        canvas.line(left, data["t"], run["trace"], series=series, label=label, dash=dash, labelled=False)
        steps = list(data["steps"][name].values())
        canvas.line(right, KAPPAS, steps, series=series, label=label, dash=dash, labelled=False)
        canvas.points(right, KAPPAS, steps, series=series, label=label)
    for name, at, dx, dy, align in (
        ("rectos", 8, -6, -30, "right"),
        ("girados", 4, 22, 10, "left"),
        ("gd", 300, 4, 30, "left"),
    ):
        _, label, _ = LOOK[name]
        k = int(np.searchsorted(data["t"], at))
        text = label if name != "gd" else "descenso por\ngradiente"
        canvas.note(left, text, (data["t"][k], data["runs"][name]["trace"][k]), offset=(dx, dy), align=align)
