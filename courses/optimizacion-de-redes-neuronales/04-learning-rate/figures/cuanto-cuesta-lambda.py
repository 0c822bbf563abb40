"""Power iteration and Lanczos, product by product; the largest curvature of a batch against that of all."""

import numpy as np
from _curvatura import IMAGES, hvp, power, trained

ROUNDS, SEEDS, DRAWS = 30, range(3), 12
SIZES = (8, 16, 32, 64, 128, 256)


def lanczos(w, rounds, seed):
    """The largest eigenvalue seen from all the products together, after each of them."""
    q = np.random.default_rng(seed).standard_normal(len(w))
    base, diagonal, off, found = [q / np.linalg.norm(q)], [], [], []
    for _ in range(rounds):
        z = hvp(w, base[-1])
        diagonal.append(float(base[-1] @ z))
        for _ in range(2):
            for u in base:
                z = z - (u @ z) * u
        off.append(float(np.linalg.norm(z)))
        base.append(z / off[-1])
        m = len(diagonal)
        found.append(
            float(
                np.linalg.eigvalsh(np.diag(diagonal) + np.diag(off[: m - 1], 1) + np.diag(off[: m - 1], -1))[
                    -1
                ]
            )
        )
    return np.array(found)


def compute():
    short = {"power": [], "lanczos": []}
    for seed in SEEDS:
        w = trained(seed)
        true = power(w, 80)[0][-1]
        short["power"].append(1 - power(w, ROUNDS, seed=10 + seed)[0] / true)
        short["lanczos"].append(1 - lanczos(w, ROUNDS, 10 + seed) / true)
    w, rng = trained(0), np.random.default_rng(5)
    true = power(w, 80)[0][-1]
    batches = {}
    for size in SIZES:
        ratios = [power(w, 20, some=rng.permutation(len(IMAGES))[:size])[0][-1] / true for _ in range(DRAWS)]
        batches[f"b{size}"] = {
            "size": size,
            "ratios": ratios,
            "mean": float(np.mean(ratios)),
            "low": min(ratios),
            "high": max(ratios),
        }
    missing = {
        name: {
            f"k{k}": [float(np.min(np.array(rows)[:, k - 1])), float(np.max(np.array(rows)[:, k - 1]))]
            for k in (1, 5, 10, 20)
        }
        for name, rows in short.items()
    }
    return {
        "short": {name: np.maximum(np.array(rows), 1e-6) for name, rows in short.items()},
        "missing": missing,
        "batches": batches,
    }


def draw(data, canvas):
    left, right = canvas.panels(2, height=290)
    canvas.axis(
        left,
        x="productos Hv",
        y="lo que falta para λmax",
        y_log=True,
        x_range=(1, ROUNDS),
        y_range=(1e-5, 1.3),
        title="Cuántos productos",
    )
    left.set_yticks([1e-4, 1e-2, 1], ["0,01 %", "1 %", "100 %"])
    for name, series, label in (("power", "c1", "potencia"), ("lanczos", "c2", "Lanczos")):
        for k, row in enumerate(data["short"][name]):
            canvas.line(
                left,
                range(1, ROUNDS + 1),
                row,
                series=series,
                label=label if k == 0 else f"{label} {k}",
                labelled=False,
                width=1.2,
            )
    canvas.note(left, "Lanczos", (6, data["short"]["lanczos"][0][5]), offset=(-14, 10), align="right")
    canvas.note(left, "potencia", (10, data["short"]["power"][2][9]), offset=(16, 12), align="left")
    canvas.axis(
        right,
        x="ejemplos del batch",
        y="λmax del batch ÷ λmax",
        x_log=True,
        title="Con cuántos ejemplos",
        x_range=(6, 340),
        y_range=(0, 7),
    )
    right.set_xticks(SIZES, [str(size) for size in SIZES])
    rows = list(data["batches"].values())
    for row in rows:
        canvas.points(
            right,
            [row["size"]] * len(row["ratios"]),
            row["ratios"],
            series="c3",
            size=3,
            hollow=True,
            label="",
        )
    canvas.line(
        right,
        [row["size"] for row in rows],
        [row["mean"] for row in rows],
        series="c3",
        label="media",
        labelled=False,
    )
    canvas.reference(right, "todos", y=1)
