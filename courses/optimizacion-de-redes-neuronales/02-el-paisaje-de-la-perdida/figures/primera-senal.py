"""In which step each signal goes off, for five causes of a divergence."""

import numpy as np
from _rotas import BAD_STEP, planted

SEEDS, STEPS = 3, 200
CAUSES = {
    "eta": "η = 12",
    "inicio": "pesos ×10",
    "activacion": "activación en fp16",
    "escala": "gradiente en fp16",
    "ejemplo": "ejemplo malo",
}
SIGNALS = {
    "loss": "pérdida > 2 ln C",
    "ratio": "paso/peso > 0,1",
    "norm": "‖g‖ ×10",
    "grad": "g no finito",
    "nan": "pérdida no finita",
}
SHORT = {"loss": "L", "ratio": "Δw/w", "norm": "‖g‖", "grad": "g ∞", "nan": "L ∞"}


def first(flags):
    at = np.flatnonzero(flags)
    return int(at[0]) if len(at) else None


def signs(rows):
    """First step of each signal; ‖g‖ is held against the median of the 20 steps before."""
    losses, norms, ratios = (np.array([getattr(r, key) for r in rows]) for key in ("loss", "norm", "ratio"))
    usual = [np.median(norms[max(0, k - 20) : k]) if k >= 3 else np.inf for k in range(len(norms))]
    return {
        "loss": first(~(losses <= 2 * np.log(10))),
        "ratio": first(ratios > 0.1),
        "norm": first(norms > 10 * np.array(usual)),
        "grad": first(~np.isfinite(norms)),
        "nan": first(~(losses < 3.4e38)),
    }


def compute():
    table, ratios, losses = {}, {}, {}
    for cause in CAUSES:
        runs = [planted(cause, seed, STEPS)[1] for seed in range(SEEDS)]
        found = [signs(rows) for rows in runs]
        ratios[cause] = np.mean([rows[0].ratio for rows in runs])
        losses[cause] = np.mean([rows[0].loss for rows in runs])
        table[cause] = {
            key: None
            if sum(one[key] is not None for one in found) < 2
            else int(np.median([one[key] for one in found if one[key] is not None]))
            for key in SIGNALS
        }
    healthy = [planted("sana", seed, STEPS)[1] for seed in range(SEEDS)]
    skipped = [sum(r.skipped for r in planted("escala", seed, STEPS)[1]) for seed in range(SEEDS)]
    return {
        "table": table,
        "ratio_first": ratios,
        "loss_first": losses,
        "bad_step": BAD_STEP,
        "healthy_ratio": np.median([r.ratio for rows in healthy for r in rows]),
        "healthy_ratio_max": np.max([r.ratio for rows in healthy for r in rows]),
        "healthy_signs": [signs(rows) for rows in healthy],
        "skipped": np.mean(skipped),
        "steps": STEPS,
        "seeds": SEEDS,
    }


def draw(data, canvas):
    ax = canvas.axes(height=270)
    late = data["steps"]
    values = [
        [np.log1p(late if data["table"][c][s] is None else data["table"][c][s]) for s in SIGNALS]
        for c in CAUSES
    ]
    texts = [
        ["nunca" if data["table"][c][s] is None else str(data["table"][c][s]) for s in SIGNALS]
        for c in CAUSES
    ]
    columns = list((SIGNALS if canvas.wide else SHORT).values())
    names = (
        CAUSES
        if canvas.wide
        else {
            "eta": "η = 12",
            "inicio": "W ×10",
            "activacion": "act. fp16",
            "escala": "grad. fp16",
            "ejemplo": "ejemplo",
        }
    )
    canvas.heat(ax, values, rows=list(names.values()), columns=columns, texts=texts)
