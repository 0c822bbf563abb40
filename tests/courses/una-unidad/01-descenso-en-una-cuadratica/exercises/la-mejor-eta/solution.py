import numpy as np


def factor(eta, curvaturas):
    return float(np.max(np.abs(1 - eta * curvaturas)))


def mejor_eta(curvaturas):
    return float(2 / (np.min(curvaturas) + np.max(curvaturas)))
