"""Limits without cgroups: rlimits inside, and a look at the process tree through /proc every few hundredths.

Coarser in three ways, all said in docs/security.md: memory may overshoot for one tick, CPU time of a child
counts only once it is seen or reaped, and pages that no process maps (pipes) are not counted.
"""

import contextlib
import os
from pathlib import Path

from .interface import Limits, Metering

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

    def enter(self, pid: int) -> None:
        self._pid = pid

    def bound(self, limits: Limits) -> None:
        self._limit = limits.memory_bytes
        self._inherited = _anonymous(self._pid)
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
        used = max(0, sum(_anonymous(pid) for pid in tree) - self._inherited)
        if used > self._limit:
            used = sum(_proportional(pid) for pid in tree)
            self._over = self._over or used > self._limit
        self._peak = max(self._peak, used)

    def _tree(self) -> list[int]:
        tree = [self._pid]
        for pid in tree:
            with contextlib.suppress(OSError):
                for task in Path(f"/proc/{pid}/task").iterdir():
                    tree += (int(one) for one in (task / "children").read_text().split())
        return tree


def open_coarse() -> Metering:
    """Meters that need nothing but /proc."""
    return Metering("rlimits and watchdog", coarse=True, tick=TICK, take=CoarseMeter, close=lambda: None)


def _anonymous(pid: int) -> int:
    return _kilobytes(f"/proc/{pid}/status", (b"RssAnon:", b"RssShmem:"))


def _proportional(pid: int) -> int:
    return _kilobytes(f"/proc/{pid}/smaps_rollup", (b"Pss_Anon:", b"Pss_Shmem:"))


def _kilobytes(file: str, names: tuple[bytes, ...]) -> int:
    """Sum of some lines of a file of /proc, in bytes; 0 once the process is gone.

    Not as text: one line is the name that the process gave itself, and that may be any bytes.
    """
    with contextlib.suppress(OSError):
        lines = Path(file).read_bytes().split(b"\n")
        return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(names))
    return 0
