"""The work that every figure is about: the same function, timed bare, walled, and through the whole site."""

NUMPY = '''
import numpy as np

def trabajo(semilla):
    """300 steps of gradient descent on a quadratic of 50 dimensions."""
    rng = np.random.default_rng(semilla)
    curvaturas = np.geomspace(1, 100, 50)
    x = rng.normal(size=50)
    for _ in range(300):
        x = x - 0.0198 * curvaturas * x
    return float(0.5 * curvaturas @ (x * x))
'''

TORCH = '''
import torch

def trabajo(semilla):
    """100 training steps of an MLP 32-64-10 on random data."""
    torch.manual_seed(semilla)
    g = torch.Generator().manual_seed(semilla)
    x = torch.randn(256, 32, generator=g)
    y = torch.randint(0, 10, (256,), generator=g)
    red = torch.nn.Sequential(torch.nn.Linear(32, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
    paso = torch.optim.SGD(red.parameters(), lr=0.1)
    for _ in range(100):
        paso.zero_grad()
        perdida = torch.nn.functional.cross_entropy(red(x), y)
        perdida.backward()
        paso.step()
    return perdida.item()
'''

SOURCES = {"numpy": NUMPY, "torch": TORCH}

GRADER = """
from grading.judge.author import Float, group

@group("trabajo")
def trabajo(attempt):
    attempt.call("trabajo", 7, returns=Float())
"""

FORGED = """
def trabajo(semilla):
    return 0.0

def abs(_difference):  # the checker of whoever runs in this namespace calls this one
    return 0.0
"""

CHECKING_GRADER = """
from grading.judge.author import Float, group

@group("trabajo")
def trabajo(attempt):
    value = attempt.call("trabajo", 7, returns=Float())
    attempt.check(abs(value - EXPECTED) < 1e-9, message="no es el valor")
"""

ORACLE = """
import numpy as np

def trabajo(f):
    x = np.full(10, 0.5)
    for _ in range(10_000):
        f(x)
    return 0.0
"""

ORACLE_GRADER = """
import numpy as np
from grading.judge.author import Array, Float, group

@group("trabajo")
def trabajo(attempt):
    f = attempt.function(lambda x: float(x @ x), arguments=(Array((10,)),), budget=10_000, record=None)
    attempt.call("trabajo", f, returns=Float())
"""

BURSTS = {"burst": 0.3, "burst_of_seconds": 1.0}
"""Seconds of processor time that each submission of a burst computes."""


def computing(seconds: float) -> str:
    """A submission that computes for so long, however busy the machine is."""
    return f"""
import time

def trabajo(semilla):
    until = time.thread_time() + {seconds}
    x = 0.5
    while time.thread_time() < until:
        for _ in range(1000):
            x = 3.7 * x * (1 - x)
    return x
"""
