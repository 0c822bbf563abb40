"""Where this process may make control groups: looked up, tried with a real process, pooled.

Making a group costs more than reusing it, hence the pool. Entering one is the slow part (the kernel may
wait for RCU), so a start does it while the child builds its wall.
"""

import contextlib
import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .cgroups import V1_CONTROLLERS, V2_CONTROLLERS, V1Meter, V2Meter, write
from .interface import MIB, Limits, Meter, Metering, WallFault

PREFIX = "coursesite-"
LEAF = f"{PREFIX}workers"
"""v2 groups with limited children hold no processes: those that were there move to this child."""
TICK = 0.05
_POOLED = 16
_LEAVING = 1.0  # seconds that a close waits for the processes in its groups to be gone
_DELEGATE = (
    "start the worker in a group of its own: systemd-run --user --scope -p Delegate=yes …, "
    'or in its unit: Delegate="cpu memory pids"'
)
_TRIAL = Limits(wall_seconds=1, cpu_seconds=1, memory_bytes=64 * MIB)


class NoCgroups(Exception):
    """Why cgroups cannot be used here, and what would mend it; for the doctor."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True)
class Hierarchy:
    """A mounted cgroup hierarchy."""

    point: Path
    root: str
    version: int
    controllers: frozenset[str]

    def folder(self, group: str) -> Path:
        """Where the group that /proc/self/cgroup calls `group` shows under this mount."""
        inside = os.path.relpath(group, self.root)
        return self.point if inside.startswith("..") else self.point / inside


def hierarchies(mountinfo: str) -> list[Hierarchy]:
    """Those in the text of /proc/self/mountinfo."""
    found = []
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        root, point = before.split()[3:5]
        kind, _, options = after.split(maxsplit=2)
        if kind == "cgroup":
            found.append(Hierarchy(Path(point), root, 1, frozenset(options.split(","))))
        elif kind == "cgroup2":
            found.append(Hierarchy(Path(point), root, 2, frozenset()))
    return found


def own_groups(text: str) -> dict[str, str]:
    """Controller ("" for v2) -> group of this process, from the text of /proc/self/cgroup."""
    lines = (line.split(":", 2) for line in text.splitlines())
    return {one: path for _, controllers, path in lines for one in controllers.split(",")}


class Reusable(Meter, Protocol):
    """A meter that can be used again."""

    def reset(self) -> bool: ...

    def remove(self) -> bool: ...


class Pool:
    """Groups ready to be used. Thread-safe.

    The kernel refuses to remove a group whose last process is still leaving, and a killed worker of the same
    process id may have left one behind. So names are never used twice, and what stays is removed later.
    """

    _numbers = itertools.count()

    def __init__(self, make: Callable[[str, Callable[[Reusable], None]], Reusable]) -> None:
        self._make = make
        self._free: list[Reusable] = []
        self._staying: list[Reusable] = []
        self._lock = threading.Lock()
        self._closed = False

    def take(self) -> Meter:
        """A group that nobody else is in."""
        with self._lock:
            meter = self._free.pop() if self._free else None
        return meter or self._new()

    def close(self) -> None:
        """Remove those not in use; the others go when they come back."""
        with self._lock:
            self._closed = True
            unused, self._free = self._free, []
        for meter in unused:
            self._remove(meter)
        deadline = time.monotonic() + _LEAVING
        while self._staying and time.monotonic() < deadline:
            time.sleep(0.01)
            self._remove_staying()

    def _new(self) -> Reusable:
        self._remove_staying()
        while True:
            try:
                return self._make(f"{PREFIX}{os.getpid()}-{next(self._numbers)}", self._take_back)
            except FileExistsError:
                continue
            except OSError as error:
                text = f"a control group could not be set up: {error}"
                raise WallFault("own_cgroup", error.errno, text) from error

    def _take_back(self, meter: Reusable) -> None:
        try:
            again = meter.reset()
        except OSError:  # somebody else has removed it
            again = False
        with self._lock:
            if again and not self._closed and len(self._free) < _POOLED:
                self._free.append(meter)
                return
        self._remove(meter)

    def _remove(self, meter: Reusable) -> None:
        if not meter.remove():
            with self._lock:
                self._staying.append(meter)

    def _remove_staying(self) -> None:
        with self._lock:
            staying, self._staying = self._staying, []
        for meter in staying:
            self._remove(meter)


def open_cgroups() -> Metering:
    """Meters by cgroups of whichever version has the controllers here; NoCgroups says why there are none."""
    mounted = hierarchies(Path("/proc/self/mountinfo").read_text())
    groups = own_groups(Path("/proc/self/cgroup").read_text())
    unified = next((one for one in mounted if one.version == 2), None)
    try:
        if unified is not None and _has(unified.folder(groups.get("", "/")), unified.point):
            return _open_v2(unified, groups.get("", "/"))
        return _open_v1(mounted, groups)
    except OSError as error:
        reason = f"{error.filename}: {error.strerror} for uid {os.geteuid()}"
        raise NoCgroups(reason, f"run the worker as root, or {_DELEGATE}") from error


def _has(folder: Path, point: Path) -> bool:
    """Whether the unified hierarchy has our controllers, here or at its root."""
    for one in (folder, point):
        with contextlib.suppress(OSError):
            return set(V2_CONTROLLERS) <= set((one / "cgroup.controllers").read_text().split())
    return False


def _open_v1(mounted: Iterable[Hierarchy], groups: Mapping[str, str]) -> Metering:
    """Groups beneath our own in each of the four hierarchies."""
    folders: dict[str, Path] = {}
    for name in V1_CONTROLLERS:
        hierarchy = next((one for one in mounted if name in one.controllers), None)
        if hierarchy is None:
            raise NoCgroups(
                f'the cgroup controller "{name}" is not mounted', "mount it, or boot with cgroup v2"
            )
        folders[name] = hierarchy.folder(groups.get(name, "/"))
    return _try("cgroup v1", folders.values(), lambda name, free: V1Meter(folders, name, free))


def _open_v2(unified: Hierarchy, group: str) -> Metering:
    parent = v2_parent(unified.folder(group), unified.point)
    return _try("cgroup v2", [parent], lambda name, free: V2Meter(parent, name, free))


def v2_parent(own: Path, top: Path) -> Path:
    """The group to make ours in, its controllers handed down.

    A group other than the real root hands controllers down only while it holds no process. So: our own if
    another worker has already emptied it, our own after its processes, all of them ours, have moved
    to a leaf; else, for root, the top of the hierarchy.
    """
    if own.name == LEAF:
        own = own.parent
    is_root = not (own / "cgroup.type").exists()
    others = [] if is_root else _pids(own)
    if not is_root and others and not _all_ours(others):
        if os.geteuid() != 0 or (top / "cgroup.type").exists():
            raise NoCgroups(f"{own} also holds processes that are not the worker's", _DELEGATE)
        own = top
    elif others:
        leaf = own / LEAF
        leaf.mkdir(exist_ok=True)
        for pid in others:
            with contextlib.suppress(ProcessLookupError):
                write(leaf / "cgroup.procs", pid)
    write(own / "cgroup.subtree_control", " ".join(f"+{name}" for name in V2_CONTROLLERS))
    return own


def _pids(folder: Path) -> list[int]:
    return [int(line) for line in (folder / "cgroup.procs").read_text().split()]


def _all_ours(pids: Iterable[int]) -> bool:
    """Whether they are this process, its ancestors of the same session, or its descendants."""
    session = os.getsid(0)

    def is_ours(pid: int) -> bool:
        try:
            return os.getsid(pid) == session or _parent(pid) == os.getpid()
        except (ProcessLookupError, FileNotFoundError):
            return True  # gone

    return all(is_ours(pid) for pid in pids)


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])


def _try(
    name: str, parents: Iterable[Path], make: Callable[[str, Callable[[Reusable], None]], Reusable]
) -> Metering:
    """Remove what dead workers left, move a process of ours in and out, and open the pool."""
    for parent in set(parents):
        _sweep(parent)
    pool = Pool(make)
    process = subprocess.Popen(
        [sys.executable, "-ISc", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        meter = pool.take()
        meter.enter(process.pid)
        meter.bound(_TRIAL)
    except WallFault as error:
        if isinstance(error.__cause__, OSError):
            raise error.__cause__ from None
        raise
    finally:
        process.kill()
        process.communicate()
    meter.give_back()
    return Metering(name, coarse=False, tick=TICK, take=pool.take, close=pool.close)


def _sweep(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*-*"):
        worker = folder.name.removeprefix(PREFIX).split("-")[0]
        if worker.isdigit() and not Path(f"/proc/{worker}").exists():
            with contextlib.suppress(OSError):
                folder.rmdir()
