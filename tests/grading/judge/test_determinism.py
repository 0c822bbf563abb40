"""The same submission, version and seed give the same report: in fresh zygotes, processes and kernels."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from grading.judge import GroupSpec, Job, JobLimits, Report, grade
from grading.sandbox import Runtime, arithmetic, open_backend
from grading.sandbox.zygotes import ENVIRONMENT
from tests.grading.judge.conftest import HEADER

ROOT = Path(__file__).resolve().parents[3]
MEASURED = ("seconds", "cpu_seconds", "peak_memory_bytes")

pytestmark = pytest.mark.wall

NOTES = "@group('g')\ndef g(attempt): attempt.note(x=attempt.call('f', 0.0, returns=Anything()))\n"
SPEC = GroupSpec("g", "El grupo", 1)
BY_CHANCE = """
import random
import numpy as np

def f(x):
    unseeded = np.random.default_rng()
    legacy = np.random.RandomState()
    np.random.seed()
    drawn = [unseeded.normal(), np.random.default_rng().normal(), legacy.rand(), np.random.rand()]
    other = random.Random()
    random.seed()
    return [float(value) for value in drawn] + [other.random(), random.random()]
"""
ORDERED_BY_HASH = """
def f(x):
    return [list({"sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop"}), hash("adam")]
"""


def without_times(report: Report) -> dict[str, Any]:
    """The report as data, without what was measured by a clock or a meter."""
    told = asdict(report)
    for one in (told, *told["groups"]):
        for name in MEASURED:
            one.pop(name, None)
    return told


def in_fresh_zygotes(runtime: Runtime, job: Callable[[], Job], times: int) -> list[str]:
    """The same grading so many times, each with a backend of its own and so a zygote of its own."""
    reports = []
    for _time in range(times):
        backend = open_backend("namespaces", allow_coarse=True)
        try:
            reports.append(json.dumps(without_times(grade(job(), backend)), sort_keys=True))
        finally:
            backend.close()
    return reports


def test_generators_without_a_seed_draw_the_same_on_a_regrade_and_other_numbers_for_others(judge_all):
    drawn = [judge_all(NOTES, BY_CHANCE, SPEC, seed=seed).groups[0].evidence["x"] for seed in (5, 5, 6)]
    assert drawn[0] == drawn[1]
    assert not set(drawn[0]) & set(drawn[2])
    assert len(set(drawn[0])) == len(drawn[0]), "each generator has numbers of its own"


def test_sets_are_walked_in_one_order(numpy_runtime: Runtime, backend):
    job = Job(HEADER + NOTES, ORDERED_BY_HASH, (SPEC,), ("f(x)",), numpy_runtime, JobLimits(), seed=3)
    assert len(set(in_fresh_zygotes(numpy_runtime, lambda: job, 4))) == 1


def test_twenty_gradings_in_fresh_zygotes_are_bit_identical_but_for_the_times(
    numpy_runtime: Runtime, backend
):
    grader = """
@group('g')
def g(attempt):
    basis, _ = np.linalg.qr(attempt.rng.normal(size=(40, 40)))
    hessian = (basis * np.linspace(1, 30, 40)) @ basis.T
    f = attempt.oracle(value=lambda x: 0.5 * x @ hessian @ x, grad=lambda x: hessian @ x, dim=40)
    attempt.call('f', f, returns=Array((40,)))
    attempt.note(best=f.best, steps=f.steps)
"""
    source = """
import numpy as np
def f(o):
    rng = np.random.default_rng()
    x = rng.normal(size=o.dim)
    for name in {"uno", "dos", "tres", "cuatro"}:
        x = x + len(name) * rng.normal(size=o.dim)
        print(name)
    for _ in range(200):
        x = x - (np.exp(-3) + 0.01 * rng.random()) * o.grad(x)
    return x
"""
    job = Job(HEADER + grader, source, (SPEC,), ("f(o)",), numpy_runtime, JobLimits(), seed=11)
    reports = in_fresh_zygotes(numpy_runtime, lambda: job, 20)
    assert len(set(reports)) == 1
    assert json.loads(reports[0])["groups"][0]["verdict"] == "passed"


def graded_all(kernel: str, hash_seed: str) -> dict[str, Any]:
    """Every solution and wrong solution of the courses, graded in a process of its own with that kernel."""
    script = Path(__file__).with_name("grade_all.py")
    environment = os.environ | {"OPENBLAS_CORETYPE": kernel, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, str(script), kernel],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def other_kernel() -> str:
    """A kernel that adds in another order than ours, of those that this processor can run."""
    features = arithmetic._features()
    if "avx512vl" in features:
        return "SkylakeX"
    return "Sandybridge" if "avx" in features else ""


def test_with_another_kernel_every_solution_and_wrong_solution_gets_the_same_score():
    other = other_kernel()
    if "OPENBLAS_CORETYPE" not in ENVIRONMENT or not other:
        pytest.skip("this processor has one kernel only")
    with ThreadPoolExecutor(2) as pool:
        ours, theirs = pool.map(graded_all, ("Haswell", other), ("1", "2"))
    assert len(ours["graded"]) >= 20
    assert ours["canary"] != theirs["canary"], "the kernels compute differently, or nothing was tried"
    assert ours["graded"] == theirs["graded"]
