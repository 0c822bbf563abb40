"""Two square matrices whose product should be a diagonal one: a net whose critical points are all known."""

from itertools import combinations

import numpy as np

TARGET = np.array([3.0, 2.0, 1.5, 1.0])
SIZE = len(TARGET)


def loss(w):
    first, second = w.reshape(2, SIZE, SIZE)
    return 0.5 * float(((second @ first - np.diag(TARGET)) ** 2).sum())


def gradient(w):
    first, second = w.reshape(2, SIZE, SIZE)
    off = second @ first - np.diag(TARGET)
    return np.concatenate([(second.T @ off).ravel(), (off @ first.T).ravel()])


def hessian(w, step=1e-5):
    rows = [
        (gradient(w + step * unit) - gradient(w - step * unit)) / (2 * step) for unit in np.eye(2 * SIZE**2)
    ]
    return (np.array(rows) + np.array(rows).T) / 2


def index(w):
    """How many curvatures are negative."""
    return int((np.linalg.eigvalsh(hessian(w)) < -1e-6).sum())


def critical_points():
    """One for every subset of the four modes that the net may have learnt."""
    for many in range(SIZE + 1):
        for chosen in combinations(range(SIZE), many):
            root = np.zeros((SIZE, SIZE))
            for mode in chosen:
                root[mode, mode] = np.sqrt(TARGET[mode])
            yield chosen, np.concatenate([root.ravel(), root.ravel()])
