"""Runs in the environment of the `dmoj` judge: `python dmoj_side.py FOLDER ROUNDS` prints figures as JSON.

FOLDER holds judge.yml, problems/, and solution.py, of which each grading takes a fresh copy. The judge's
own filter does not let NumPy load: OpenBLAS binds memory to nodes. What it and PyTorch ask for is let
through here, as a site that teaches with them would have to.
"""

import json
import logging
import os
import sys
import time
from pathlib import Path

from dmoj import contrib, executors, judgeenv
from dmoj.cli import LocalJudge
from dmoj.judge import Submission

MORE_SYSCALLS = [
    "mbind", "get_mempolicy", "set_mempolicy", "sched_getaffinity", "sched_setaffinity", "getcpu", "sysinfo",
    "uname", "getrusage", "times", "prctl", "readlinkat", "nanosleep", "clock_nanosleep", "sched_yield",
]  # fmt: skip

MEMORY_KB = 4 * 1024 * 1024
SECONDS = 120.0


def main(folder: Path, rounds: int) -> None:
    """The true solution `rounds` times after one that does not count, then the forged one."""
    sys.argv = ["dmoj-cli", "-c", str(folder / "judge.yml"), "--no-ansi", "-e", "PY3"]
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    judgeenv.load_env(cli=True)
    logging.disable(logging.CRITICAL)
    executors.load_executors()
    contrib.load_contrib_modules()
    executors.executors["PY3"].Executor.syscalls = MORE_SYSCALLS
    judge = LocalJudge()
    results: list = []
    judge.packet_manager.test_case_status_packet = lambda _position, result: results.append(result)
    seconds = []
    for number in range(rounds + 2):
        source = (folder / ("forged.py" if number > rounds else "solution.py")).read_text()
        submission = Submission(number, "trabajo", "PY3", source, SECONDS, MEMORY_KB, False, {})
        started = time.perf_counter()
        judge.begin_grading(submission, blocking=True)
        seconds.append(time.perf_counter() - started)
    sys.stdout.flush()
    os.dup2(out, 1)
    first = results[0]
    verdict = f"{'/'.join(first.readable_codes())} {first.feedback}".strip()
    told = {"seconds": seconds[1:-1], "score": first.points / 100, "verdict": verdict}
    print(json.dumps({**told, "forged": results[-1].points / 100}), flush=True)
    os._exit(0)  # its threads wait for a server


main(Path(sys.argv[1]), int(sys.argv[2]))
