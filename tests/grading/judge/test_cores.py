"""Judge and student on one core while they talk, and where they could be before once they do not."""

from __future__ import annotations

import os
import subprocess

import pytest

from grading.judge.cores import SharedCore

pytestmark = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="there is one core")

ASKS = """
import os
cores = []
def value(x):
    cores.append(len(os.sched_getaffinity(0)))
    return 0.0
f = attempt.oracle(value=value, dim=1)
attempt.call('f', f, returns=Int())
attempt.check(cores[0] > 1 and len(cores) >= 2000, message=f'{len(cores)} calls, first on {cores[0]}')
attempt.check((min(cores) == 1) == SHARED, message=f'at least {min(cores)}')
attempt.check(len(os.sched_getaffinity(0)) > 1, message='the judge kept to one core')
kept = attempt.call('f', None, returns=Int())
attempt.check(kept > 1, message=f'the student was left on {kept}')
"""
STUDENT = """
import os, time
import numpy as np
def f(x):
    if x is None:
        return len(os.sched_getaffinity(0))
    for _ in range(2000):
        x(np.zeros(1))
        BETWEEN
    return 0
"""


@pytest.mark.wall
@pytest.mark.parametrize(
    ("between", "shared"), [("pass", True), ("time.sleep(0.0005)", False)], ids=["fast", "slow"]
)
def test_only_who_asks_fast_shares_a_core_and_only_while_it_does(judge, between: str, shared: bool) -> None:
    source = STUDENT.replace("BETWEEN", between)
    result = judge(ASKS.replace("SHARED", str(shared)), source, seconds=20, cpu_seconds=20)
    assert (result.verdict, result.message) == ("passed", "")


def test_both_are_let_go_again() -> None:
    before = os.sched_getaffinity(0)
    with subprocess.Popen(["sleep", "30"]) as process:
        theirs = os.sched_getaffinity(process.pid)
        core = SharedCore(process.pid)
        core.share()
        core.share()
        assert len(os.sched_getaffinity(0)) == 1
        assert os.sched_getaffinity(0) == os.sched_getaffinity(process.pid)
        core.part()
        core.part()
        assert (os.sched_getaffinity(0), os.sched_getaffinity(process.pid)) == (before, theirs)
        core.share()
        process.kill()
    core.part()
    assert os.sched_getaffinity(0) == before


def test_a_process_that_is_gone_moves_nobody() -> None:
    with subprocess.Popen(["true"]) as process:
        pass
    before = os.sched_getaffinity(0)
    SharedCore(process.pid).share()
    assert os.sched_getaffinity(0) == before
