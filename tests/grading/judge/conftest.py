"""A real wall, and one line to grade a source with a grader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grading.judge import GroupReport, GroupSpec, Job, JobLimits, Report, grade
from grading.sandbox import Backend, Runtime, WallFault, open_backend
from grading.sandbox.offers import offers

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ROOT / "grading" / "student" / "program.py"

HEADER = """
import numpy as np
from grading.judge.author import *
"""


def runtime(name: str) -> Runtime:
    """The runtime as a worker takes it."""
    python = ROOT / ".dev" / "runtimes" / name / "bin" / "python"
    if not python.exists():
        pytest.skip(f"the {name} runtime is not installed")
    return offers()[name].runtime(python, PROGRAM, "serve")


@pytest.fixture(scope="session")
def numpy_runtime() -> Runtime:
    return runtime("numpy")


@pytest.fixture(scope="session")
def torch_runtime() -> Runtime:
    return runtime("torch")


@pytest.fixture(scope="session")
def tensorflow_runtime() -> Runtime:
    return runtime("tensorflow")


@pytest.fixture(scope="session")
def backend() -> Iterator[Backend]:
    try:
        backend = open_backend("namespaces", allow_coarse=True)
    except WallFault as missing:
        pytest.skip(str(missing))
    yield backend
    backend.close()


Judge = Callable[..., GroupReport]


@pytest.fixture
def judge_all(backend: Backend, numpy_runtime: Runtime) -> Callable[..., Report]:
    """Grade with a grader of several groups."""

    def run(
        grader: str,
        source: str,
        *groups: GroupSpec,
        functions: tuple[str, ...] = ("f(x)",),
        seed: int = 7,
        emit: Callable[[dict[str, Any]], None] = lambda _: None,
        visible_only: bool = False,
        on: Runtime | None = None,
        **limits: float,
    ) -> Report:
        job = Job(
            HEADER + grader,
            source,
            groups,
            functions,
            on or numpy_runtime,
            JobLimits.of(limits),
            seed,
            visible_only,
        )
        return grade(job, backend, emit)

    return run


@pytest.fixture
def judge(judge_all: Callable[..., Report]) -> Judge:
    """Grade with a grader of one group, written as the body of its function."""

    def run(body: str, source: str, **options: Any) -> GroupReport:
        lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
        grader = f"@group('g')\ndef g(attempt):\n{lines}"
        visible = options.pop("visible", False)
        spec = GroupSpec("g", "El grupo", 10, visible=visible, hints={"pista": "Una pista."})
        return judge_all(grader, source, spec, **options).groups[0]

    return run


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grading.judge.session.has_a_core_to_spare", lambda: False)


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine with cores to spare, whatever else runs beside the tests."""
    monkeypatch.setattr("grading.judge.session.has_a_core_to_spare", lambda: True)
