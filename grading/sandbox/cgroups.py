"""Control groups as meters, of both versions: one group (in v1, one in each hierarchy) a student.

A group is used again once its processes are gone, with its counters reset or, where the kernel counts on,
read by difference.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from .interface import MIB, Limits

V1_CONTROLLERS = ("memory", "pids", "cpu", "cpuacct")
V2_CONTROLLERS = ("memory", "pids", "cpu")
_PERIOD = 100_000  # microseconds; a quota of one period is one CPU
_RESIDUE = 2 * MIB
_PIDS_WHILE_READY = 128


class V1Meter:
    """A group in each of four v1 hierarchies."""

    def __init__(self, folders: dict[str, Path], name: str, free: Callable[["V1Meter"], None]) -> None:
        self._folders = list(dict.fromkeys(folder / name for folder in folders.values()))
        self._memory, self._pids, self._cpu, self._account = (folders[one] / name for one in V1_CONTROLLERS)
        self._free = free
        self._limit = -1
        self._held = 0
        try:
            for folder in self._folders:
                folder.mkdir()
            write(self._cpu / "cpu.cfs_period_us", _PERIOD)
            write(self._cpu / "cpu.cfs_quota_us", _PERIOD)
        except OSError:
            self.remove()
            raise

    def stand_by(self, memory_bytes: int) -> None:
        self._allow(memory_bytes)
        write(self._pids / "pids.max", _PIDS_WHILE_READY)

    def bound(self, limits: Limits) -> None:
        self._held = _in_whole_mib((self._memory / "memory.usage_in_bytes").read_text())
        self._allow(self._held + limits.memory_bytes)
        write(self._pids / "pids.max", limits.pids)
        write(self._memory / "memory.max_usage_in_bytes", 0)
        self._kills_before = self._kills()
        self._cpu_before = self._cpu_usage()

    def _allow(self, memory_bytes: int) -> None:
        if memory_bytes == self._limit:
            return
        swap = self._memory / "memory.memsw.limit_in_bytes"
        if swap.exists():
            write(swap, -1)  # never below the other one
        write(self._memory / "memory.limit_in_bytes", memory_bytes)
        if swap.exists():
            write(swap, memory_bytes)
        self._limit = memory_bytes

    def enter(self, pid: int) -> None:
        for folder in self._folders:
            write(folder / "cgroup.procs", pid)

    def cpu_seconds(self) -> float:
        return (self._cpu_usage() - self._cpu_before) / 1e9

    def peak_memory(self) -> int:
        return max(0, int((self._memory / "memory.max_usage_in_bytes").read_text()) - self._held)

    def out_of_memory(self) -> bool:
        return self._kills() > self._kills_before

    def kill(self) -> None:
        """v1 has no kill of its own; the pid namespace is all there is."""

    def give_back(self) -> None:
        self._free(self)

    def reset(self) -> bool:
        """Let go of pages that only the cache holds; False if the group cannot be used again."""
        usage = self._memory / "memory.usage_in_bytes"
        if int(usage.read_text()) > _RESIDUE:
            with contextlib.suppress(OSError):
                write(self._memory / "memory.force_empty", 0)
        return int(usage.read_text()) <= _RESIDUE

    def remove(self) -> bool:
        gone = [_removed(folder) for folder in self._folders]
        return all(gone)

    def _kills(self) -> int:
        return _field(self._memory / "memory.oom_control", "oom_kill")

    def _cpu_usage(self) -> int:
        return int((self._account / "cpuacct.usage").read_text())


class V2Meter:
    """A group of the unified hierarchy."""

    def __init__(self, parent: Path, name: str, free: Callable[["V2Meter"], None]) -> None:
        self._folder = parent / name
        self._free = free
        self._folder.mkdir()
        write(self._folder / "cpu.max", f"{_PERIOD} {_PERIOD}")
        for name_of_file in ("memory.swap.max", "memory.zswap.max"):
            if (self._folder / name_of_file).exists():
                write(self._folder / name_of_file, 0)
        write(self._folder / "memory.oom.group", 1)
        # memory.peak is reset per open file, and only since Linux 6.12
        self._peak: int | None = None
        with contextlib.suppress(OSError):
            self._peak = os.open(self._folder / "memory.peak", os.O_RDWR | os.O_CLOEXEC)
        self._resettable = self._peak is not None
        self._highest = 0
        self._held = 0

    def stand_by(self, memory_bytes: int) -> None:
        write(self._folder / "memory.max", memory_bytes)
        write(self._folder / "pids.max", _PIDS_WHILE_READY)

    def bound(self, limits: Limits) -> None:
        self._held = _in_whole_mib((self._folder / "memory.current").read_text())
        write(self._folder / "memory.max", self._held + limits.memory_bytes)
        write(self._folder / "pids.max", limits.pids)
        self._highest = 0
        if self._peak is not None and self._resettable:
            try:
                os.write(self._peak, b"reset\n")
            except OSError:
                self._resettable = False
        self._kills_before = self._kills()
        self._cpu_before = self._cpu_usage()

    def enter(self, pid: int) -> None:
        write(self._folder / "cgroup.procs", pid)

    def cpu_seconds(self) -> float:
        return (self._cpu_usage() - self._cpu_before) / 1e6

    def peak_memory(self) -> int:
        """By the kernel's count; before Linux 5.19, the highest that was seen when asked."""
        return max(0, self._highest_usage() - self._held)

    def _highest_usage(self) -> int:
        if self._peak is not None:
            return int(os.pread(self._peak, 32, 0))
        file = self._folder / "memory.peak"
        if file.exists():
            return int(file.read_text())
        self._highest = max(self._highest, int((self._folder / "memory.current").read_text()))
        return self._highest

    def out_of_memory(self) -> bool:
        return self._kills() > self._kills_before

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            write(self._folder / "cgroup.kill", 1)

    def give_back(self) -> None:
        self._free(self)

    def reset(self) -> bool:
        """Let go of pages that only the cache holds; False if the group cannot be used again."""
        current = self._folder / "memory.current"
        if int(current.read_text()) > _RESIDUE:
            with contextlib.suppress(OSError):
                write(self._folder / "memory.reclaim", current.read_text().strip())
        return self._resettable and int(current.read_text()) <= _RESIDUE

    def remove(self) -> bool:
        if self._peak is not None:
            os.close(self._peak)
            self._peak = None
        return _removed(self._folder)

    def _kills(self) -> int:
        return _field(self._folder / "memory.events", "oom_kill")

    def _cpu_usage(self) -> int:
        return _field(self._folder / "cpu.stat", "usage_usec")


def _in_whole_mib(told: str) -> int:
    """Rounded up: what is held hardly differs from child to child, and then no limit need be written anew."""
    return -(-int(told) // MIB) * MIB


def _removed(folder: Path) -> bool:
    """Remove a group; False while a process in it is still leaving."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _field(file: Path, name: str) -> int:
    """The number behind `name` in a file of "name number" lines; 0 if it is not told."""
    for line in file.read_text().splitlines():
        if line.startswith(f"{name} "):
            return int(line.split()[1])
    return 0


def write(file: Path, value: object) -> None:
    """One write: the kernel takes each as a command."""
    descriptor = os.open(file, os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC)
    try:
        os.write(descriptor, str(value).encode())
    finally:
        os.close(descriptor)
