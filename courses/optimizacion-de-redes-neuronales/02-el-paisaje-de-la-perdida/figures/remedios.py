"""Five remedies against four stalls: the loss 300 steps after the remedy."""

import numpy as np
from _ejecuciones import Net
from _paradas import NAMES, SEEDS, STEPS, descend, start

CAUSES = ("meseta", "muertas", "saturada", "condicion")
REMEDIES = {
    "mas": "esperar",
    "eta": "η ×10",
    "pesos": "reescalar W",
    "sesgos": "sesgos a 0",
    "entradas": "tipificar x",
}
SHORT = {"mas": "esperar", "eta": "η ×10", "pesos": "W", "sesgos": "b = 0", "entradas": "x"}


def rescaled(net):
    """Every matrix multiplied so that its entries have He's spread, or Glorot's for tanh."""
    gain = 1 if net.tanh else 2
    return Net([(w * np.sqrt(gain / len(w)) / w.std(), b) for w, b in net.layers], net.tanh)


def no_biases(net):
    return Net([(w, 0 * b) for w, b in net.layers], net.tanh)


def standard(images):
    """Mean 0 and spread 1 in every pixel that is not constant."""
    spread = images.std(axis=0)
    return (images - images.mean(axis=0)) / np.where(spread > 1e-3, spread, 1)


def treated(remedy, net, images, eta):
    if remedy == "eta":
        return net, images, 10 * eta
    if remedy == "pesos":
        return rescaled(net), images, eta
    if remedy == "sesgos":
        return no_biases(net), images, eta
    if remedy == "entradas":
        return net, standard(images), 0.1
    return net, images, eta


def compute():
    table = {}
    for cause in CAUSES:
        ends = {remedy: [] for remedy in REMEDIES}
        for seed in range(SEEDS):
            net, images, eta = start(cause, seed)
            stuck, _ = descend(net, images, eta, STEPS)
            for remedy in REMEDIES:
                passes = descend(*treated(remedy, stuck, images, eta), STEPS)[1]
                ends[remedy].append(passes[-1].loss)
        table[cause] = {
            remedy: {"mean": np.mean(found), "worst": np.max(found), "best": np.min(found)}
            for remedy, found in ends.items()
        }
    return {"steps": STEPS, "seeds": SEEDS, "table": table}


def number(value):
    return "∞" if value is None or not np.isfinite(value) else f"{value:.2g}".replace(".", ",")


def draw(data, canvas):
    ax = canvas.axes(height=250)
    means = [[data["table"][cause][remedy]["mean"] for remedy in REMEDIES] for cause in CAUSES]
    values = np.log([[m if m is not None and m < 1e3 else 1e3 for m in row] for row in means])
    canvas.heat(
        ax,
        values,
        rows=[NAMES[cause] for cause in CAUSES],
        columns=list((REMEDIES if canvas.wide else SHORT).values()),
        texts=[[number(m) for m in row] for row in means],
    )
