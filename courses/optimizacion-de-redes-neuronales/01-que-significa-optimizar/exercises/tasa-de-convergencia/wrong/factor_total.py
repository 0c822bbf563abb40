"""Divide la última pérdida entre la primera y olvida repartirlo entre los pasos.

fails: ejemplos
hint: por-paso
"""

import numpy as np


def tasa(perdidas):
    return float(perdidas[-1] / perdidas[0]) if perdidas[0] else 1.0
