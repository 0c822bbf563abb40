import numpy as np


def busca_lr(f, w):
    """Un learning rate para 80 pasos de SGD desde w. Cada f.evalua cuesta una pregunta de f.budget."""
    perdidas, etas = [], np.geomspace(1e-6, 1e-2, f.budget)  # ¿de dónde a dónde? ¿en qué unidades está η?
    for eta in etas:
        perdida, gradiente = f.evalua(w)
        perdidas.append(perdida)
        w = w - eta * gradiente
    return float(etas[np.argmin(perdidas)])
