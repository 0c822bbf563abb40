"""Runs in the environment of nbgrader: `python nbgrader_side.py FOLDER ROUNDS` prints figures as JSON.

FOLDER holds source/ps1/trabajo.ipynb with the question, solution.ipynb and forged.ipynb. The assignment is
generated and graded by nbgrader's own API, in a process that has it imported.
"""

import json
import logging
import os
import shutil
import sys
import time
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config


def hand_in(folder: Path, student: str, notebook: str) -> None:
    """As the student's own hand-in: the released notebook with their code in its first cell."""
    to = folder / "submitted" / student / "ps1"
    to.mkdir(parents=True)
    book = json.loads((folder / "release" / "ps1" / "trabajo.ipynb").read_text())
    book["cells"][0]["source"] = json.loads((folder / notebook).read_text())["cells"][0]["source"]
    (to / "trabajo.ipynb").write_text(json.dumps(book))


def main(folder: Path, rounds: int) -> None:
    """The true solution `rounds` times after one that does not count, then the forged one."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.chdir(folder)
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.NbGrader.log_level = logging.CRITICAL
    asked = NbGraderAPI(config=config)
    asked.generate_assignment("ps1")
    seconds = []
    for number in range(rounds + 2):
        student = f"s{number}"
        hand_in(folder, student, "forged.ipynb" if number > rounds else "solution.ipynb")
        started = time.perf_counter()
        answer = asked.autograde("ps1", student)
        seconds.append(time.perf_counter() - started)
        if not answer["success"]:
            sys.exit(answer.get("log") or answer.get("error"))
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        score, forged = (
            one.score / one.max_score
            for one in (book.find_submission("ps1", f"s{n}") for n in (0, rounds + 1))
        )
    sys.stdout.flush()
    os.dup2(out, 1)
    shutil.rmtree(folder / "submitted")
    print(json.dumps({"seconds": seconds[1:-1], "score": score, "forged": forged}))


main(Path(sys.argv[1]), int(sys.argv[2]))
