"""Two submissions that show whether the wall stands: one that must pass, one that must be refused.

They take the whole way of a student's code, judge included, but touch neither database nor broker.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from grading import gpus, wall
from grading.judge import GroupSpec, Job, JobLimits, grade
from grading.judge.verdicts import Verdict

_GRADER = """
from grading.judge.author import Float, group

@group("canary")
def canary(attempt):
    f = attempt.function(lambda x: x + 1, arguments=(Float(),), budget=10)
    attempt.equal(attempt.call("canary", f, returns=Float()), 2.0)
"""
_SONGS = (
    ("a submission that only computes", Verdict.PASSED, "def canary(f): return f(1.0)"),
    (
        "a submission that wants the network",
        Verdict.FORBIDDEN,
        "import socket\ndef canary(f):\n    socket.create_connection(('192.0.2.1', 80)); return 2.0",
    ),
)


@dataclass(frozen=True)
class Song:
    """What came of one canary."""

    name: str
    expected: str
    verdict: str
    message: str
    milliseconds: float

    @property
    def as_it_should(self) -> bool:
        """Whether the verdict is the expected one."""
        return self.verdict == self.expected


def sing(runtime: str) -> list[Song]:
    """Grade both behind this process's wall. Raises WallFault without one, Busy without a free GPU."""
    songs = []
    with gpus.place(runtime, {}, holder="canary") as backend:
        backend.prepare(wall.runtime(runtime))
        for name, expected, source in _SONGS:
            job = Job(
                _GRADER,
                source,
                (GroupSpec("canary", "Canary", 1.0),),
                ("canary(f)",),
                wall.runtime(runtime),
                JobLimits.of({"seconds": 5.0, "memory_mb": 256}),
                seed=7,
            )
            started = time.monotonic()
            (group,) = grade(job, backend).groups
            took = round((time.monotonic() - started) * 1000, 1)
            songs.append(Song(name, expected.value, group.verdict.value, group.message, took))
    return songs
