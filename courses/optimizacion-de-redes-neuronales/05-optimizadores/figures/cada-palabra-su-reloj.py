"""A bag of words of Zipf's frequencies: AdaGrad gives each word a learning rate of its own visits."""

import numpy as np
from _digitos import interval
from _raros import BATCH, EPOCHS, FREQUENCY, TEST, TRAIN, WORDS, loss, problem, run

SEEDS, EVERY = 5, 30
GRIDS = {
    "sgd": (0.3, 1, 3, 10, 30),
    "sgd_raiz": (3, 10, 30, 100, 300),
    "adagrad": (0.1, 0.3, 1, 3),
    "rmsprop": (0.003, 0.01, 0.03, 0.1),
}
BINS = ((1, 4), (5, 16), (17, 50), (51, 150), (151, 500))


def compute():
    problems = [problem(seed) for seed in range(SEEDS)]
    found = {"seeds": SEEDS, "steps": EPOCHS * TRAIN // BATCH, "every": EVERY, "runs": {}}
    kept = {}
    for name, etas in GRIDS.items():
        rows = {}
        for eta in etas:
            ends = [run(name, eta, x, y, seed) for seed, (x, y, _) in enumerate(problems)]
            rows[eta] = [
                loss(x[:TRAIN], y[:TRAIN], end[0]) for end, (x, y, _) in zip(ends, problems, strict=True)
            ]
            kept[name, eta] = ends
        best = min(rows, key=lambda eta: np.mean(rows[eta]))
        ends = kept[name, best]
        tests = [loss(x[TRAIN:], y[TRAIN:], end[0]) for end, (x, y, _) in zip(ends, problems, strict=True)]
        traces = [run(name, best, x, y, seed, EVERY)[2] for seed, (x, y, _) in enumerate(problems)]
        train, half = interval(rows[best])
        test, test_half = interval(tests)
        found["runs"][name] = {
            "eta": best,
            "edge": best in (etas[0], etas[-1]),
            "train": train,
            "half": half,
            "test": test,
            "test_half": test_half,
            "trace": np.mean(traces, axis=0),
        }
        if name in ("sgd", "adagrad"):
            size = np.mean([np.abs(end[0]) for end in ends], axis=0)
            found["runs"][name]["size"] = [size[low - 1 : high].mean() for low, high in BINS]
            found["runs"][name]["rest"] = size[150:].mean() / size[:4].mean()
    x = problems[0][0]
    eta = found["runs"]["adagrad"]["eta"]
    state = kept["adagrad", eta][0][1]
    visits = EPOCHS * x[:TRAIN].sum(axis=0)
    rates = eta / np.sqrt(state["v"])
    seen = visits > 0
    found["clock"] = {
        "visits": visits[seen],
        "rate": rates[seen],
        "slope": np.polyfit(np.log(visits[seen]), np.log(rates[seen]), 1)[0],
    }
    common, rare = visits[:4], visits[150:]
    found["common"] = {"visits": common.mean(), "rate": rates[:4].mean()}
    found["rare"] = {"visits": np.median(rare), "rate": np.median(rates[150:][seen[150:]])}
    found["ratio"] = found["rare"]["rate"] / found["common"]["rate"]
    per_visit = np.divide(state["v"], visits, out=np.zeros(WORDS), where=seen)
    found["per_visit"] = np.median(per_visit[150:][seen[150:]]) / per_visit[:4].mean()
    found["share_rare"] = float(np.mean(FREQUENCY < 0.02))
    found["words"], found["test_size"] = WORDS, TEST
    return found


LOOK = {
    "sgd": ("sgd", "SGD, η fijo"),
    "sgd_raiz": ("c4", "SGD, η/√t"),
    "adagrad": ("adagrad", "AdaGrad"),
}


def draw(data, canvas):
    left, right = canvas.panels(2, height=320)
    canvas.axis(left, x="pasos", y="pérdida de entrenamiento", y_range=(0.1, 0.7))
    canvas.axis(
        right,
        x="veces que se ha visto la palabra",
        y="η / √G",
        x_log=True,
        y_log=True,
        title="El paso que le queda a cada palabra",
    )
    steps = data["every"] * np.arange(1, len(data["runs"]["sgd"]["trace"]) + 1)
    places = {"sgd": (560, 0, 28), "sgd_raiz": (250, 20, 44), "adagrad": (420, -40, -24)}
    for name, (series, label) in LOOK.items():
        trace = data["runs"][name]["trace"]
        canvas.line(left, steps, trace, series=series, label=label, labelled=False)
        at, dx, dy = places[name]
        k = int(np.searchsorted(steps, at))
        canvas.note(left, label, (steps[k], trace[k]), offset=(dx, dy))
    visits, rate = np.array(data["clock"]["visits"]), np.array(data["clock"]["rate"])
    canvas.points(right, visits, rate, series="adagrad", size=3)
    ends = np.array([visits.min(), visits.max()])
    middle = np.exp(np.mean(np.log(rate)) + 0.5 * np.mean(np.log(visits)))
    canvas.reference(right, "", xs=ends, ys=middle / np.sqrt(ends))
    canvas.note(right, "1/√visitas", (2000, middle / np.sqrt(2000)), offset=(-10, 34))
    canvas.note(right, "cada punto,\nuna palabra", (60, 9), offset=(40, 24), align="left")
