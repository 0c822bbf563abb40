import numpy as np


def factor(eta, curvaturas):
    """El factor de la dirección que más tarda."""
    return 0.0


def mejor_eta(curvaturas):
    """La η con el menor factor."""
    return 0.0
