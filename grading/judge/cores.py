"""Which core judge and student run on while they talk.

They take turns: of the two only one has something to do. Waking the other on another core costs more than
most oracles do (on a virtual machine 40 µs of 80), so for as long as questions come fast both share one.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path

_libc = ctypes.CDLL(None)
_CORES = len(os.sched_getaffinity(0))
"""All that this process may use, also while one of its threads keeps to a shared one."""


class SharedCore:
    """The core of the calling thread, for it and for the process `pid`, between `share` and `part`.

    All calls come from one thread. Where the process may not be moved, or is gone, nothing happens.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._before: tuple[set[int], set[int]] | None = None
        """What this thread and the process were allowed before."""

    def share(self) -> None:
        """Keep both on one core; again is harmless."""
        if self._before is not None:
            return
        try:
            ours, theirs = os.sched_getaffinity(0), os.sched_getaffinity(self._pid)
            core = next(iter(theirs)) if len(theirs) == 1 else _libc.sched_getcpu()
            if core not in ours & theirs:
                return
            os.sched_setaffinity(self._pid, {core})
        except OSError:
            return
        self._before = ours, theirs
        with suppress(OSError):
            os.sched_setaffinity(0, {core})

    def part(self) -> None:
        """Let both run where they could before; again is harmless."""
        if self._before is None:
            return
        (ours, theirs), self._before = self._before, None
        with suppress(OSError):  # the machine has lost a core meanwhile
            os.sched_setaffinity(0, ours)
        with suppress(OSError):  # the process has ended
            os.sched_setaffinity(self._pid, theirs)


def has_a_core_to_spare() -> bool:
    """Whether fewer threads than cores want to run just now, this one not counted."""
    try:
        runnable = Path("/proc/loadavg").read_text().split()[3].partition("/")[0]
    except (OSError, IndexError):
        return False
    return int(runnable) - 1 < _CORES
