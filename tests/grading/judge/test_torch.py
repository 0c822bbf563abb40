"""A torch exercise: weights come back and the judge evaluates them itself."""

from __future__ import annotations

import pytest

from grading.judge import GroupSpec
from grading.judge.verdicts import Verdict

pytestmark = pytest.mark.wall

GRADER = """
WEIGHTS = Mapping({"weight": Tensor((1, 2)), "bias": Tensor((1,))})

@group("g")
def g(attempt):
    x = attempt.rng.normal(size=(64, 2)).astype("float32")
    y = x @ np.array([[2.0], [-1.0]], "float32") + 0.5
    got = attempt.call("entrena", as_tensor(x), as_tensor(y), returns=WEIGHTS)
    held_out = attempt.rng.normal(size=(64, 2))
    wanted = held_out @ [2.0, -1.0] + 0.5
    error = np.abs(held_out @ got["weight"][0] + got["bias"][0] - wanted).max()
    attempt.check(error < 1e-2, message="Los pesos no generalizan.")
"""

TRAINS = """
import torch
def entrena(x, y):
    assert x.dtype is torch.float32
    model = torch.nn.Linear(2, 1)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.3)
    for _ in range(200):
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        optimiser.step()
    return {returned}
"""


@pytest.mark.parametrize(
    ("returned", "verdict", "message"),
    [
        ("model.state_dict()", Verdict.PASSED, ""),
        ("{'weight': model.weight, 'bias': model.bias}", Verdict.PASSED, ""),
        ("{'weight': torch.zeros(1, 2), 'bias': torch.zeros(1)}", Verdict.WRONG, "Los pesos no generalizan."),
        ("model", Verdict.BAD_VALUE,
         "Devolviste un objeto de tipo Linear; se pide un diccionario con las claves «weight», «bias»."),
        ("{'weight': model.weight.T, 'bias': model.bias}", Verdict.BAD_VALUE,
         "Devolviste, en «weight», forma (2, 1); se pide (1, 2)."),
        ("{'weight': model.weight.detach().numpy(), 'bias': model.bias}", Verdict.BAD_VALUE,
         "Devolviste, en «weight», un array de forma (1, 2) y tipo float32; "
         "se pide un tensor de forma (1, 2)."),
        ("{'weight': model.weight / 0, 'bias': model.bias}", Verdict.DIVERGED, None),
        ("{'weight': model.weight.to(torch.bfloat16), 'bias': model.bias}", Verdict.PASSED, ""),
    ],
)  # fmt: skip
def test_weights_are_taken_and_judged_outside(judge_all, torch_runtime, returned, verdict, message):
    source = TRAINS.replace("{returned}", returned)
    options = {"functions": ("entrena(x, y)",), "on": torch_runtime, "memory_mb": 1024, "seconds": 20}
    report = judge_all(GRADER, source, GroupSpec("g", "G", 10), **options).groups[0]
    assert report.verdict is verdict, report.message
    if message is not None:
        assert report.message == message


ORACLE = """
@group("g")
def g(attempt):
    f = attempt.oracle(value=lambda x: float(x @ x), grad=lambda x: 2 * x, dim=3, budget=50)
    attempt.call("baja", f, as_tensor(np.ones(3, "float32")), returns=Tensor((3,)))
    attempt.check(f.best < 1e-3)
"""


def test_an_oracle_asked_with_tensors_answers_with_tensors(judge_all, torch_runtime):
    source = """
import torch
def baja(f, x):
    for _ in range(40):
        g = f.grad(x)
        assert type(g) is torch.Tensor and g.dtype is torch.float32
        x = x - 0.2 * g
    return x
"""
    options = {"functions": ("baja(f, x)",), "on": torch_runtime, "memory_mb": 1024, "seconds": 20}
    report = judge_all(ORACLE, source, GroupSpec("g", "G", 10), **options).groups[0]
    assert report.verdict is Verdict.PASSED, report.message


def test_tensors_that_grow_without_end_are_memory_limit(judge_all, torch_runtime):
    source = "import torch\ndef f(x):\n    held = []\n    while True: held.append(torch.ones(2_000_000))\n"
    grader = "@group('g')\ndef g(attempt): attempt.call('f', 1.0, returns=Float())\n"
    options = {"on": torch_runtime, "memory_mb": 512, "seconds": 20}
    report = judge_all(grader, source, GroupSpec("g", "G", 10), **options).groups[0]
    assert report.verdict is Verdict.MEMORY_LIMIT, report.message
