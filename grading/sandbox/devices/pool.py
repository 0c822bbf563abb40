"""The devices of this machine that students get, one holder each, clean before and after."""

import contextlib
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ..interface import MIB, Backend, Device, Holding, Layer, Limits, Process, Runtime, WallFault
from . import nodes
from .interface import Library, LibraryFault, NoDevices
from .leases import Leases, Lock, Record
from .watch import Watched, gauge

logger = logging.getLogger(__name__)

LEAVING_SECONDS = 10.0
"""For the driver to take down what a killed process had on the device."""
SCRUB_SECONDS = 60.0
SLACK = 64 * MIB
"""Memory that may be in use, or stay unwritten by a scrub, without anybody's being blamed for it."""
RESERVE = 768 * MIB
"""What CUDA and the libraries take of a device for themselves before a student has anything."""


class Busy(Exception):
    """No device came free in time, or none is in use: the submission had better wait."""


class Unclean(Exception):
    """A device is not as it was before a student had it."""


Scrub = Callable[[Device], dict[str, Any]]
"""Overwrites the device's memory; what it did. Raises Unclean."""


def scrub_by(verb: str = "fill", *, folders: tuple[str, ...] = ()) -> Scrub:
    """The scrubber in a process of its own that sees one device."""

    def scrub(device: Device) -> dict[str, Any]:
        command = [sys.executable, "-I", "-B", str(Path(__file__).parent / "scrubber.py"), verb]
        command.append(nodes.find(nodes.CUDA, more=folders))
        environment = {"CUDA_VISIBLE_DEVICES": device.name, "PATH": os.defpath}
        if device.libraries:
            environment["LD_LIBRARY_PATH"] = ":".join(device.libraries)
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=SCRUB_SECONDS, check=False, env=environment
            )
        except subprocess.TimeoutExpired:
            raise Unclean(f"the scrub did not end within {SCRUB_SECONDS:g} s") from None
        if done.returncode:
            raise Unclean(f"the scrub failed: {(done.stderr or done.stdout).strip()[-300:]}")
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    return scrub


@dataclass(frozen=True)
class Standing:
    """A device as the doctor finds it."""

    device: Device
    used_bytes: int
    holder: str
    """Empty when it is free."""
    clean: bool
    aside: str


class Pool:
    """Gives out devices, each to one at a time, and gives none out that is not clean."""

    def __init__(
        self,
        library: Library,
        devices: Sequence[Device],
        leases: Leases,
        scrub: Scrub | None = None,
        alert: Callable[[str], None] = logger.critical,
    ) -> None:
        self.library = library
        self.devices = tuple(devices)
        self.leases = leases
        self.scrub = scrub or scrub_by()
        self.alert = alert

    @classmethod
    def open(
        cls,
        library: Library,
        folder: Path,
        *,
        only: Collection[str] = (),
        folders: tuple[str, ...] = (),
        alert: Callable[[str], None] = logger.critical,
    ) -> "Pool":
        """With all devices of the library, or those named by name or place. Raises NoDevices, WallFault."""
        devices = library.devices()
        if only:
            devices = [one for one in devices if {one.name, one.place} & set(only)]
        if not devices:
            raise NoDevices(f"none of the GPUs here is called {', '.join(sorted(only))}")
        return cls(library, devices, Leases(folder), scrub_by(folders=folders), alert)

    def in_use(self) -> list[Device]:
        """Those that are not set aside."""
        return [one for one in self.devices if not self.leases.aside(one.name)]

    def standing(self) -> list[Standing]:
        """Each device and who has it."""
        found = []
        for device in self.devices:
            record, held = self.leases.record(device.name)
            holder = (record.holder or "somebody") if held else ""
            aside = self.leases.aside(device.name)
            found.append(Standing(device, self.library.used(device), holder, record.clean, aside))
        return found

    @contextmanager
    def lease(
        self,
        backend: Backend,
        *,
        memory_bytes: int,
        seconds: float,
        holder: str = "",
        unwanted: Callable[[], bool] = lambda: False,
    ) -> Iterator["OnDevice"]:
        """A backend on a device of our own until the end. Raises Busy; WallFault if none is large enough."""
        large = [one for one in self.devices if one.memory_bytes >= memory_bytes + RESERVE]
        if not large:
            most = max(one.memory_bytes for one in self.devices) // MIB
            wanted = f"{memory_bytes // MIB} MB, and {RESERVE // MIB} for CUDA itself"
            raise WallFault("device", None, f"no GPU here has {wanted}; the largest has {most} MB")
        until = time.monotonic() + seconds
        while True:
            names = [one.name for one in large if not self.leases.aside(one.name)]
            lock = self.leases.wait(names, until - time.monotonic(), unwanted) if names else None
            if lock is None:
                raise Busy("no GPU came free in time" if names else "every GPU is set aside")
            device = next(one for one in large if one.name == lock.name)
            on_device = OnDevice(self, backend, device, lock, holder or f"pid {os.getpid()}")
            with contextlib.closing(lock):
                if not on_device.is_sound():
                    continue
                try:
                    yield on_device
                finally:
                    on_device.end()
                return

    def await_quiet(self, device: Device, before: Record) -> None:
        """Until nobody is on it who was not there before, and its memory is free again. Raises Unclean.

        Where nothing is known of before, whoever stays is none of ours: a worker's processes die with it.
        """
        until = time.monotonic() + LEAVING_SECONDS
        while True:
            left = set(self.library.processes(device)) - set(before.foreign)
            more = self.library.used(device) - before.used if before.used >= 0 else 0
            if not left and more <= SLACK:
                return
            if time.monotonic() > until:
                if before.used < 0:
                    return
                who = f"processes {sorted(left)} are" if left else f"{more // MIB} MB of nobody's are"
                raise Unclean(f"{who} still on it {LEAVING_SECONDS:g} s after the last one's end")
            time.sleep(0.02)

    def overwrite(self, device: Device) -> dict[str, Any]:
        """Scrub; what it did. Raises Unclean if more than a little stayed unwritten."""
        done = self.scrub(device)
        if done["left"] > SLACK:
            raise Unclean(f"{done['left'] // MIB} MB could not be overwritten")
        return done

    def now(self, device: Device) -> Record:
        """Who is on it and what is used, at this moment."""
        foreign = tuple(sorted(self.library.processes(device)))
        return Record(foreign=foreign, used=self.library.used(device))


class OnDevice:
    """A backend whose processes run on one device, for one grading.

    Before each process the device is clean: also between two of the same student's, who may be asked to
    start anew in order to know nothing of before. Those that run at the same time share it.
    """

    def __init__(self, pool: Pool, backend: Backend, device: Device, lock: Lock, holder: str) -> None:
        self.name = backend.name
        self.device = device
        self._pool, self._backend, self._lock = pool, backend, lock
        self._holder = holder
        self._processes: list[Watched] = []
        self._touched = False
        self._trouble = ""
        self._before = Record()

    def is_sound(self) -> bool:
        """Clean it, if the last holder died over it; False if it had to be set aside."""
        last = self._lock.read()
        try:
            if not last.clean:
                self._pool.await_quiet(self.device, last)
                self._pool.overwrite(self.device)
            self._before = replace(
                self._pool.now(self.device), holder=self._holder, since=time.time(), clean=False
            )
            self._lock.write(self._before)
        except (Unclean, LibraryFault) as problem:
            self._set_aside(str(problem))
            return False
        return True

    def prepare(self, runtime: Runtime) -> None:
        self._backend.prepare(replace(runtime, device=self.device))

    def start(self, runtime: Runtime, limits: Limits) -> Process:
        try:
            self._clean_if_alone()
            self._touched = True
            process = self._backend.start(replace(runtime, device=self.device), limits)
            look = gauge(self._pool.library, self.device, process.pid, max(0, self._before.used))
            watched = Watched(process, look, limits.gpu_memory_bytes)
        except (Unclean, LibraryFault) as problem:
            self._trouble = str(problem)
            raise WallFault("device", None, f"{self.device.name}: {problem}") from problem
        self._processes.append(watched)
        return watched

    def _clean_if_alone(self) -> None:
        """Where something ran before and nothing runs now; the end of what was retired is waited for."""
        if not self._touched or not all(one.retired or _has_ended(one) for one in self._processes):
            return
        self._leave()
        self._pool.await_quiet(self.device, self._before)
        self._pool.overwrite(self.device)

    def _leave(self) -> None:
        for process in self._processes:
            process.close()
        self._processes.clear()

    def end(self) -> None:
        """End what is left, clean the device, and note that it is clean; or set it aside."""
        self._leave()
        try:
            if self._touched:
                self._pool.await_quiet(self.device, self._before)
                self._pool.overwrite(self.device)
            if self._trouble:
                raise Unclean(self._trouble)
        except (Unclean, LibraryFault) as problem:
            self._set_aside(str(problem))
            return
        self._lock.write(replace(self._before, clean=True, holder=""))

    def _set_aside(self, reason: str) -> None:
        self._pool.leases.set_aside(self.device.name, reason)
        self._pool.alert(
            f"GPU {self.device.place} ({self.device.name}) set aside: {reason}; "
            "`manage.py sandbox gpu-check` puts it back once it passes"
        )

    def doctor(self) -> list[Layer]:
        return self._backend.doctor()

    def holdings(self) -> list[Holding]:
        return self._backend.holdings()

    def close(self) -> None:
        """The backend stays; the lease ends by itself."""


def _has_ended(process: Watched) -> bool:
    try:
        process.wait(0)
    except TimeoutError:
        return False
    except WallFault:
        pass
    return True


def as_data(standing: Standing) -> dict[str, Any]:
    """For programs."""
    return {**asdict(standing), "is_instance": standing.device.is_instance}
