"""The same work by other graders, in the same run: seconds to a verdict, and whether it can be forged.

Each is asked in the way that is fastest for it: one process of its own, everything imported, a first grading
that does not count. None of them is changed, but for what it takes to run at all; docs/performance.md says
what that is. They are installed into .dev/peers by `./dev bench grading --peers`.
"""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import work
from tooling.environments import PEERS, Environment

BESIDE = Path(__file__).parent / "beside"
LONGEST = 900.0
SEED = 7
TOLERANCE = 1e-4


@dataclass(frozen=True)
class Peer:
    """How one is asked: the environment, its script there, and what lays out the folder that it is given."""

    environment: Environment
    lay_out: Callable[[Path, str, float, str], None]

    @property
    def script(self) -> Path:
        """What runs in its environment."""
        return BESIDE / f"{self.environment.folder.name}_side.py"


def dmoj(folder: Path, source: str, expected: float, packages: str) -> None:
    """A problem whose input is the seed and whose output is compared as a number."""
    problem = folder / "problems" / "trabajo"
    problem.mkdir(parents=True)
    (problem / "in.txt").write_text(f"{SEED}\n")
    (problem / "out.txt").write_text(f"{expected!r}\n")
    case = {"in": "in.txt", "out": "out.txt", "points": 100}
    checker = {"name": "floats", "args": {"precision": 4}}
    (problem / "init.yml").write_text(json.dumps({"test_cases": [case], "checker": checker}))
    readable = {Path(sys.base_prefix), Path(packages).parents[2], PEERS["dmoj"].folder}
    folders = [{"recursive_dir": str(each)} for one in readable for each in {one, one.resolve()}]
    runtime = {"python3": str(PEERS["dmoj"].python)}
    judge = {
        "problem_storage_globs": [str(folder / "problems" / "*")],
        "runtime": runtime,
        "extra_fs": {"PY3": folders},
    }
    (folder / "judge.yml").write_text(json.dumps(judge))
    ask = "\nprint(repr(trabajo(int(input()))))\n"
    for name, text in (("solution", source), ("forged", work.FORGED)):
        (folder / f"{name}.py").write_text(reaching(packages) + text + ask)


def reaching(packages: str) -> str:
    """The lines by which the work finds the runtime's own NumPy and PyTorch, and one thread, as ours."""
    return f"import os, sys\nos.environ['OMP_NUM_THREADS'] = '1'\nsys.path.insert(0, {packages!r})\n"


def test_of(expected: float) -> str:
    """What the two notebook graders evaluate beside the student's code."""
    return f"abs(trabajo({SEED}) - {expected!r}) < {TOLERANCE}"


def notebook(*cells: tuple[str, dict[str, Any]]) -> str:
    """A notebook of code cells, each with what nbgrader keeps of it."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    made = [
        {
            "cell_type": "code",
            "id": f"cell{number}",
            "execution_count": None,
            "outputs": [],
            "metadata": {"nbgrader": kept} if kept else {},
            "source": source,
        }
        for number, (source, kept) in enumerate(cells)
    ]
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


def hand_ins(folder: Path, source: str, packages: str) -> None:
    """The true solution and the forged one, each as a notebook of one cell."""
    for name, text in (("solution", source), ("forged", work.FORGED)):
        (folder / f"{name}.ipynb").write_text(notebook((reaching(packages) + text, {})))


def otter(folder: Path, source: str, expected: float, packages: str) -> None:
    """One question with one hidden test."""
    (folder / "tests").mkdir()
    case = {"code": f">>> {test_of(expected)}\nTrue", "hidden": True, "locked": False}
    suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": "trabajo", "points": 1, "suites": [suite]}
    (folder / "tests" / "trabajo.py").write_text(f"OK_FORMAT = True\n\ntest = {test!r}\n")
    hand_ins(folder, source, packages)


def nbgrader(folder: Path, source: str, expected: float, packages: str) -> None:
    """One question with one hidden test."""
    common = {"schema_version": 3, "task": False}
    answer = {**common, "grade": False, "solution": True, "locked": False, "grade_id": "solucion"}
    test = {**common, "grade": True, "solution": False, "locked": True, "grade_id": "trabajo", "points": 1}
    hidden = f"### BEGIN HIDDEN TESTS\nassert {test_of(expected)}\n### END HIDDEN TESTS"
    (folder / "source" / "ps1").mkdir(parents=True)
    (folder / "source" / "ps1" / "trabajo.ipynb").write_text(
        notebook((f"### BEGIN SOLUTION\n{source}\n### END SOLUTION", answer), (hidden, test))
    )
    hand_ins(folder, source, packages)


ASKED = {
    "dmoj": Peer(PEERS["dmoj"], dmoj),
    "nbgrader": Peer(PEERS["nbgrader"], nbgrader),
    "otter": Peer(PEERS["otter"], otter),
}


def installed() -> list[str]:
    """Those that can be asked here."""
    return [name for name, peer in ASKED.items() if peer.environment.holds()]


def measure(source: str, python: Path, rounds: int) -> dict[str, Any]:
    """`NAME_ms` and `NAME_forged` of each that is installed, or `NAME_cannot` with what it said."""
    program = f"import sys, site\n{source}\nprint(repr(trabajo({SEED})), site.getsitepackages()[0])"
    told = subprocess.run([str(python), "-I", "-c", program], capture_output=True, text=True, check=True)
    expected, packages = told.stdout.split()
    figures: dict[str, Any] = {}
    for name in installed():
        with tempfile.TemporaryDirectory(prefix=f"coursesite-{name}-") as place:
            found = asked(ASKED[name], Path(place), source, float(expected), packages, rounds)
        if isinstance(found, str):
            figures[f"{name}_cannot"] = found
        else:
            figures[f"{name}_ms"] = round(1e3 * statistics.median(found["seconds"]), 1)
            figures[f"{name}_forged"] = found["forged"]
    return figures


def asked(
    peer: Peer, folder: Path, source: str, expected: float, packages: str, rounds: int
) -> dict[str, Any] | str:
    """What its script found, or its last words."""
    peer.lay_out(folder, source, expected, packages)
    command = [str(peer.environment.python), str(peer.script), str(folder), str(rounds)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return f"no verdict in {LONGEST:.0f} s"
    if done.returncode or not done.stdout.strip():
        return (done.stderr.strip() or "it ended without a word").splitlines()[-1][:200]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    if not math.isclose(found["score"], 1.0):
        return f"no: {found.get('verdict') or found['score']}"
    return found
