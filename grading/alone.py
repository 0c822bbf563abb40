"""Grading a suspect by itself: in a process of its own, whose end the worker lives to see.

A submission whose gradings ended three times by a fault of ours may be what ends them, or may have stood by
whenever something else did. So it is tried alone, with a zygote of its own, and what happens then is its
doing: unless the worker dies too, the database is out of reach, or a canary falls silent in the same way.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from grading import canary, events, services
from grading.models import Submission
from grading.sandbox import WallFault
from grading.sandbox.devices import Busy
from grading.services import Lease

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.05
PROOF = 9
"""What its trials must weigh in a row: three that end by themselves, nine under which the wall breaks."""
NO_WALL, NOTHING_KNOWN = 71, 75
"""EX_OSERR: the wall broke, which a zygote can also do by itself. EX_TEMPFAIL: nothing is known at all."""


@dataclass(frozen=True)
class Ended:
    """How the process of a trial ended. `words` are the last of what it said."""

    status: int
    words: str

    @property
    def reason(self) -> str:
        """In one line, for the operators."""
        how = f"signal {-self.status}" if self.status < 0 else f"status {self.status}"
        return f"alone, its process ended with {how}: {self.words}"


def grade_alone(*, lease: Lease, submission: Submission, lost: threading.Event) -> None:
    """Try until it is graded; what ends every trial is set aside, if a canary in its place is graded."""
    proof = trials = 0
    while proof < PROOF:
        events.forget(submission.pk)
        ended = trial(lease, lost)
        if ended.status == 0 or lost.is_set():
            return
        logger.warning("submission %s, %s", submission.pk, ended.reason)
        if ended.status == NOTHING_KNOWN:
            services.put_back(lease=lease)
            return
        trials += 1
        proof += 1 if ended.status == NO_WALL else 3
    if silent := canary_is_silent(submission.version.runtime):
        services.give_back(lease=lease, reason=f"nothing can be graded here: {silent}")
    else:
        services.set_aside(lease=lease, reason=ended.reason, trials=trials)


def trial(lease: Lease, lost: threading.Event) -> Ended:
    """One grading in a process of its own, ended when the lease is lost."""
    manage = Path(settings.BASE_DIR) / "manage.py"
    words_of_it = (str(lease.submission_id), str(lease.token), str(os.getpid()))
    command = [sys.executable, str(manage), "grade_alone", *words_of_it]
    words = os.memfd_create("alone", os.MFD_CLOEXEC)
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=words, stderr=words)
        while process.poll() is None:
            if lost.wait(LOOK_SECONDS):
                process.kill()
                process.wait()
        size = os.fstat(words).st_size
        said = os.pread(words, 2000, max(0, size - 2000)).decode(errors="replace").strip()
    finally:
        os.close(words)
    return Ended(process.returncode, said.rpartition("\n")[2])


def canary_is_silent(runtime: str) -> str:
    """Why a harmless submission is not graded here either; empty when it is."""
    try:
        songs = canary.sing(runtime)
    except (WallFault, Busy) as fault:
        return str(fault)
    return next((f"{song.name}: {song.message}" for song in songs if not song.as_it_should), "")
