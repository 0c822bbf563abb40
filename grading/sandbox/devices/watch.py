"""Holds one process to its share of a device's memory, by the driver's count: there is no cgroup for it.

A look every few hundredths of a second: what is taken and given back between two looks is not seen, and what
is taken at once is seen one look late. An instance (MIG) has memory of its own, which is the harder limit.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self

from .. import memory
from ..interface import Device, Ending, Process, Usage, WallFault
from .interface import Library, LibraryFault

LOOK_SECONDS = 0.05


def gauge(library: Library, device: Device, pid: int, idle_bytes: int) -> Callable[[], int]:
    """What the tree of `pid` uses of the device.

    By process, where the driver tells of ours; in a container it often cannot, and then all that is used
    beyond `idle_bytes` is ours, for the lease lets nobody else there.
    """

    def look() -> int:
        told = library.processes(device)
        own = [told[one] for one in tree(pid) if one in told]
        known = [one for one in own if one is not None]
        if own and len(known) == len(own):
            return sum(known)
        return max(0, library.used(device) - idle_bytes)

    return look


def tree(pid: int) -> list[int]:
    """The process and all that it started. Orphans hang below it, for it is pid 1 of its namespace."""
    found = [pid]
    for one in found:
        found += memory.children(one)
    return found


class Watched:
    """A process on a device. What it uses when this is made is the runtime's; `limit` comes on top of it."""

    def __init__(self, process: Process, look: Callable[[], int], limit: int) -> None:
        self.channel = process.channel
        self.output = process.output
        self.pid = process.pid
        self._process = process
        self._look = look
        self._limit = limit
        self._peak = 0
        self._over = False
        self._fault: WallFault | None = None
        self.retired = False
        try:
            self._before = look()
        except LibraryFault as fault:
            process.close()
            raise WallFault("device", None, str(fault)) from fault
        self._watcher = threading.Thread(target=self._watch, name="device-watch", daemon=True)
        self._watcher.start()

    def _watch(self) -> None:
        while not self._has_ended():
            try:
                used = self._look() - self._before
            except LibraryFault as fault:  # nobody holds it to anything any more
                self._fault = WallFault("device", None, str(fault))
                self._process.kill()
                return
            self._peak = max(self._peak, used)
            if used > self._limit:
                self._over = True
                self._process.kill()
                return

    def _has_ended(self) -> bool:
        try:
            self._process.wait(LOOK_SECONDS)
        except TimeoutError:
            return False
        except WallFault:
            pass
        return True

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float | None = None) -> Ending:
        ending = self._process.wait(timeout)
        if self._fault is not None:
            raise self._fault
        return replace(ending, out_of_gpu_memory=self._over)

    def usage(self) -> Usage:
        return replace(self._process.usage(), peak_gpu_bytes=self._peak)

    def retire(self) -> None:
        self.retired = True
        self._process.retire()

    def close(self) -> None:
        self._process.close()
        self._watcher.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
