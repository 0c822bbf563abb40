"""Limits without cgroups: rlimits inside, and a look at the process tree through /proc every few hundredths.

Coarser in three ways, all said in docs/security.md: memory may overshoot for one tick, CPU time of a child
counts only once it is seen or reaped, and pages that no process maps (pipes) are not counted.
"""

import contextlib
import os
from pathlib import Path

from .interface import Limits, Metering
from .memory import anonymous, anonymous_share, children

TICK = 0.02
_CLOCK = os.sysconf("SC_CLK_TCK")


class CoarseMeter:
    """Sums over a process and its descendants. Orphans hang below its pid 1, so the tree stays whole."""

    def __init__(self) -> None:
        self._limit = 0
        self._pid = 0
        self._inherited = 0
        self._cpu_before = 0.0
        self._cpu = 0.0
        self._peak = 0
        self._over = False

    def stand_by(self, memory_bytes: int) -> None:
        """Nothing is held yet, so nothing need be let go."""

    def enter(self, pid: int) -> None:
        self._pid = pid

    def bound(self, limits: Limits) -> None:
        self._limit = limits.memory_bytes
        self._inherited = anonymous(self._pid)
        self._cpu_before = self._cpu_of_tree()

    def cpu_seconds(self) -> float:
        self._cpu = max(self._cpu, self._cpu_of_tree() - self._cpu_before)
        return self._cpu

    def _cpu_of_tree(self) -> float:
        ticks = 0
        for pid in self._tree():
            with contextlib.suppress(OSError, ValueError):
                fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
                ticks += sum(int(one) for one in fields[11:15])  # own and reaped children's, user and system
        return ticks / _CLOCK

    def peak_memory(self) -> int:
        self._look()
        return self._peak

    def out_of_memory(self) -> bool:
        self._look()
        return self._over

    def kill(self) -> None:
        """The pid namespace is all there is."""

    def give_back(self) -> None:
        """Nothing is kept."""

    def _look(self) -> None:
        """First a cheap sum that counts shared pages twice; if that is too much, the exact and slow one.

        What the zygote had is taken off once: a child of the student's may have put its own in that place.
        """
        tree = self._tree()
        used = max(0, sum(anonymous(pid) for pid in tree) - self._inherited)
        if used > self._limit:
            used = sum(anonymous_share(pid) for pid in tree)
            self._over = self._over or used > self._limit
        self._peak = max(self._peak, used)

    def _tree(self) -> list[int]:
        tree = [self._pid]
        for pid in tree:
            tree += children(pid)
        return tree


def open_coarse() -> Metering:
    """Meters that need nothing but /proc."""
    return Metering("rlimits and watchdog", coarse=True, tick=TICK, take=CoarseMeter, close=lambda: None)
