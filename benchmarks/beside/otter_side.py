"""Runs in the environment of otter-grader: `python otter_side.py FOLDER ROUNDS` prints figures as JSON.

FOLDER holds solution.ipynb, forged.ipynb and tests/. Otter is asked as its own command asks it, without its
container: `otter run` in a process that has it imported.
"""

import json
import os
import sys
import time
from pathlib import Path

from otter.generate import main as generate
from otter.run import main as run


def graded(folder: Path, notebook: str) -> tuple[float, float]:
    """Seconds, and the score of one question."""
    started = time.perf_counter()
    results = run(
        str(folder / notebook), autograder=str(folder / "autograder.zip"), output_dir=None, no_logo=True
    )
    return time.perf_counter() - started, results.total / results.possible


def main(folder: Path, rounds: int) -> None:
    """The true solution `rounds` times after one that does not count, then the forged one."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    generate(tests_dir=str(folder / "tests"), output_path=str(folder / "autograder.zip"), no_environment=True)
    found = [graded(folder, "solution.ipynb") for _ in range(rounds + 1)]
    forged = graded(folder, "forged.ipynb")[1]
    sys.stdout.flush()
    os.dup2(out, 1)
    print(json.dumps({"seconds": [one for one, _ in found[1:]], "score": found[0][1], "forged": forged}))


main(Path(sys.argv[1]), int(sys.argv[2]))
