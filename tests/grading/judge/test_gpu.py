"""The judge on a device: the same verdicts, the GPU's memory among what is measured and limited.

The device's node is /dev/full and its driver a few words; the wall, the judge and the runtime are real.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.judge import GroupSpec, Job, JobLimits, grade
from grading.judge.report import Report
from grading.judge.verdicts import Verdict
from grading.sandbox import Backend, Runtime
from grading.sandbox.devices import Leases, OnDevice, Pool
from grading.sandbox.interface import MIB, Device

from .conftest import HEADER

pytestmark = pytest.mark.wall

FULL = Device("GPU-full", "0", "Pretend", 16 * 1024 * MIB, ("/dev/full",))
GRADER = """
@group("g")
def g(attempt):
    attempt.equal(attempt.call("f", 2.0, returns=Float()), 4.0)
"""
ON_DEVICE = "def f(x):\n    open('/dev/full', 'rb').close()\n    return 2 * x\n"
SLEEPS = "import time\ndef f(x):\n    time.sleep(0.3)\n    return 2 * x\n"
OUT_OF_MEMORY = """
class OutOfMemoryError(RuntimeError):
    pass
def f(x):
    raise OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")
"""


class Driver:
    """Tells no process, as in a container; all that is used grows by `step` with each look."""

    driver = "1"

    def __init__(self, step: int) -> None:
        self.step, self.looks, self.busy = step, 0, False

    def devices(self) -> list[Device]:
        return [FULL]

    def used(self, _device: Device) -> int:
        self.looks += self.busy
        return self.step * self.looks

    def processes(self, _device: Device) -> dict[int, int | None]:
        return {}


@pytest.fixture
def graded(backend: Backend, numpy_runtime: Runtime, tmp_path: Path) -> Iterator[object]:
    def run(source: str, step: int = 0) -> tuple[Report, Pool]:
        driver = Driver(step)
        pool = Pool(driver, [FULL], Leases(tmp_path), lambda _device: {"left": 0})
        limits = JobLimits.of({"gpu_memory_mb": 512})
        job = Job(HEADER + GRADER, source, (GroupSpec("g", "G", 1.0),), ("f(x)",), numpy_runtime, limits, 1)
        with pool.lease(backend, memory_bytes=512 * MIB, seconds=5) as leased:
            assert isinstance(leased, OnDevice)
            driver.busy = True
            report = grade(job, leased)
            driver.busy, driver.looks = False, 0
        return report, pool

    return run


def test_an_exercise_on_a_gpu_is_graded_by_the_same_grader(graded) -> None:
    report, pool = graded(ON_DEVICE)
    assert report.score == 100.0
    record, held = pool.leases.record("GPU-full")
    assert (record.clean, held) == (True, False)


def test_the_greatest_use_of_the_gpu_is_told_with_the_group(graded) -> None:
    report, _ = graded(SLEEPS, step=MIB)
    (group,) = report.groups
    assert group.verdict == Verdict.PASSED
    assert group.peak_gpu_bytes > 0
    assert group.evidence["gpu_mb"] == round(group.peak_gpu_bytes / MIB, 1)


def test_who_takes_more_of_it_than_allowed_gets_the_verdict_of_memory(graded) -> None:
    report, pool = graded("import time\ndef f(x):\n    time.sleep(4)\n", step=300 * MIB)
    (group,) = report.groups
    assert group.verdict == Verdict.MEMORY_LIMIT
    assert "512\u202fMB de memoria de la GPU" in group.message
    assert pool.leases.aside("GPU-full") == ""


def test_cudas_own_refusal_is_that_verdict_too(graded) -> None:
    report, _ = graded(OUT_OF_MEMORY)
    assert report.groups[0].verdict == Verdict.MEMORY_LIMIT
    assert "de la GPU" in report.groups[0].message
