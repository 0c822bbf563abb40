"""One image a thousand times too bright: with a wrong label, with its own, and with clipped gradients."""

import numpy as np
from _rotas import BAD_STEP, error, planted

SEEDS, STEPS, BEFORE, AFTER = 5, 400, 20, 60
CASES = {"wrong": ("ejemplo", np.inf), "right": ("ejemplo_bien", np.inf), "clipped": ("ejemplo", 1.0)}
CLIPPED = {"eta4": "η = 4", "eta": "η = 12", "inicio": "pesos ×10"}


def compute():
    cases = {}
    for name, (cause, clip) in CASES.items():
        ends, traces, norms = [], [], []
        for seed in range(SEEDS):
            net, rows = planted(cause, seed, STEPS, clip)
            ends.append(error(net))
            traces.append([row.loss for row in rows])
            norms.append(rows[BAD_STEP].norm)
        window = np.array(traces)[:, BAD_STEP - BEFORE : BAD_STEP + AFTER]
        cases[name] = {
            "trace": np.exp(np.log(window).mean(axis=0)),
            "at": np.mean(traces, axis=0)[BAD_STEP],
            "next": np.mean(traces, axis=0)[BAD_STEP + 1],
            "back": int(np.median([1 + np.argmax(w[BEFORE + 1 :] < 0.3) for w in window])),
            "norm": np.mean(norms),
            "error": np.mean(ends),
        }
    usual = np.mean(
        [np.median([r.norm for r in planted("sana", s, STEPS)[1][100:200]]) for s in range(SEEDS)]
    )
    clip = {
        cause: {
            key: np.mean([error(planted(cause, seed, STEPS, limit)[0]) for seed in range(SEEDS)])
            for key, limit in (("free", np.inf), ("clipped", 1.0))
        }
        for cause in CLIPPED
    }
    healthy = np.mean([error(planted("sana", seed, STEPS)[0]) for seed in range(SEEDS)])
    return {
        "cases": cases,
        "clip": clip,
        "healthy": healthy,
        "usual_norm": usual,
        "bad_step": BAD_STEP,
        "before": BEFORE,
        "seeds": SEEDS,
        "steps": STEPS,
    }


def draw(data, canvas):
    ax = canvas.axes(height=280, x="pasos", y="pérdida del batch", y_log=True, y_range=(2e-2, 1e3))
    names = {"wrong": "etiqueta falsa", "clipped": "falsa, con recorte", "right": "etiqueta buena"}
    for series, (case, name) in zip(("c5", "c1", "c3"), names.items(), strict=True):
        trace = data["cases"][case]["trace"]
        start = data["bad_step"] - data["before"]
        canvas.line(ax, range(start, start + len(trace)), trace, series=series, label=name)
