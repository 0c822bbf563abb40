"""Three readings of a test by its length: the slope follows the budget, the minimum stays by the wall."""

import numpy as np
from _digitos import split
from _manada import herd
from _prueba import range_test

NETS = {"shallow": (64, 32, 10), "deep": (64, 64, 64, 64, 64, 10)}
TITLES = {"shallow": "Una capa oculta", "deep": "Cuatro capas ocultas"}
LENGTHS = (50, 100, 200, 400)
SEEDS = 5
LOW, HIGH = 1e-4, 20.0
READINGS = {"steepest": "steepest", "smooth": "minimum", "exact": "exact_minimum"}


def compute():
    images, labels, _, _ = split()
    nets = {}
    for name, widths in NETS.items():
        read = {reading: {"mean": [], "low": [], "high": []} for reading in READINGS}
        for steps in LENGTHS:
            tests = range_test(
                herd(widths, range(SEEDS)),
                images,
                labels,
                range(SEEDS),
                steps=steps,
                low=LOW,
                high=HIGH,
                watched=300,
            )
            for reading, attribute in READINGS.items():
                found = np.array([getattr(test, attribute) for test in tests])
                read[reading]["mean"].append(float(np.exp(np.log(found).mean())))
                read[reading]["low"].append(found.min())
                read[reading]["high"].append(found.max())
        for reading in read.values():
            reading["fall"] = reading["mean"][0] / reading["mean"][-1]
        nets[name] = {
            **read,
            "late": [a / b for a, b in zip(read["smooth"]["mean"], read["exact"]["mean"], strict=True)],
        }
    lags = [(HIGH / LOW) ** (9 / (steps - 1)) for steps in LENGTHS]
    return {"lengths": LENGTHS, "seeds": SEEDS, "nets": nets, "lags": lags}


LOOK = {"exact": "c1", "smooth": "c3", "steepest": "c2"}


def draw(data, canvas):
    panels = canvas.panels(
        2, height=320, x_log=True, y_log=True, share_y=True, y_range=(0.06, 20), y="η que se lee"
    )
    for ax, (name, net) in zip(panels, data["nets"].items(), strict=True):
        canvas.axis(ax, x="pasos de la prueba", title=TITLES[name], x_range=(45, 440))
        for reading, series in LOOK.items():
            run = net[reading]
            canvas.band(ax, data["lengths"], run["low"], run["high"], series=series)
            canvas.line(ax, data["lengths"], run["mean"], series=series, label=reading, labelled=False)
        ax.set_xticks(data["lengths"], [str(one) for one in data["lengths"]])
        ax.minorticks_off()
        canvas.note(
            ax,
            "mínimo suavizado",
            (70, np.sqrt(net["smooth"]["mean"][0] * net["smooth"]["mean"][1])),
            offset=(6, 34),
            align="left",
        )
        canvas.note(
            ax,
            "mínimo exacto",
            (200, net["exact"]["mean"][2]),
            offset=(4, 40) if name == "deep" else (0, -34),
            align="left",
        )
        canvas.note(
            ax, "mayor pendiente", (200, net["steepest"]["mean"][2]), offset=(-10, -40), align="right"
        )
