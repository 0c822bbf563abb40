"""`manage.py grade_alone SUBMISSION LEASE WORKER`: what a worker starts for a suspect (grading/alone.py)."""

from __future__ import annotations

import ctypes
import os
import signal
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from grading import alone, wall, work
from grading.models import Submission
from grading.sandbox import WallFault
from grading.sandbox.devices import Busy
from grading.services import Lease

PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    help = "Grade one submission in this process, under the lease of the worker that started it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("submission", type=UUID)
        parser.add_argument("lease", type=UUID)
        parser.add_argument("worker", type=int, help="the process that holds the lease")

    def handle(self, *_: Any, **options: Any) -> None:
        """Exit status 0 once nothing is left to do; a fault ends it with its traceback."""
        end_with(options["worker"])
        lease = Lease(options["submission"], options["lease"])
        try:
            submission = Submission.objects.select_related("version").get(pk=lease.submission_id)
            work.grade_here(lease=lease, submission=submission)
        except work.OUT_OF_REACH as error:
            self.stderr.write(f"the database: {error}")
            raise SystemExit(alone.NOTHING_KNOWN) from error
        except Busy as busy:
            self.stderr.write(str(busy))
            raise SystemExit(alone.NOTHING_KNOWN) from busy
        except WallFault as fault:
            self.stderr.write(str(fault))
            raise SystemExit(alone.NO_WALL) from fault
        finally:
            wall.close()


def end_with(worker: int) -> None:
    """Die when the worker does, and before it does where memory is short."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != worker:  # it died before the line above
        raise SystemExit("the worker is gone")
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
