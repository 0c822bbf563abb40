"""One holder a device, among all workers of a machine: a lock of the kernel on a file for each device.

The lock goes with whoever holds it, however that ends. What does not go is the state of the device: the file
says "used" from the first moment of a lease, and "clean" only once the scrub has proved it, so whoever takes
it from the dead knows that it must be cleaned first. Those who wait hold a ticket, locked likewise, and only
the oldest living ticket may take: nobody is overtaken, and a dead one's place is nobody's.
"""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from ..interface import WallFault

LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Record:
    """What the file of a device says. `foreign`: processes that computed there before; `used`: its bytes."""

    clean: bool = False
    holder: str = ""
    since: float = 0.0
    foreign: tuple[int, ...] = ()
    used: int = -1


class Lock:
    """A device that is ours until `close`."""

    def __init__(self, name: str, descriptor: int) -> None:
        self.name = name
        self._descriptor = descriptor

    def read(self) -> Record:
        """What the last holder left written; nothing can be told from half a line."""
        return _parsed(os.pread(self._descriptor, 65536, 0))

    def write(self, record: Record) -> None:
        """Replace it."""
        text = json.dumps(asdict(record)).encode()
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text, 0)

    def close(self) -> None:
        """Let the next one take it."""
        os.close(self._descriptor)


class Leases:
    """The folder with the files. All workers that share devices must share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            (folder / "queue").mkdir(parents=True, exist_ok=True)
            (folder / "queue" / ".probe").touch()
        except OSError as error:
            remedy = f"{folder} cannot be written ({error.strerror}); COURSESITE_GPU_LEASES_DIR names another"
            raise WallFault("device", error.errno, remedy) from error

    def wait(
        self, names: Sequence[str], seconds: float, unwanted: Callable[[], bool] = lambda: False
    ) -> Lock | None:
        """One of the devices, in turn; None when none came within `seconds`, or it is `unwanted` by now."""
        until = time.monotonic() + seconds
        with self._ticket() as is_first:
            while True:
                if is_first():
                    for name in names:
                        if (lock := self.take(name)) is not None:
                            return lock
                if unwanted() or time.monotonic() >= until:
                    return None
                time.sleep(LOOK_SECONDS)

    def take(self, name: str) -> Lock | None:
        """That device, past all who wait; None if somebody has it, or it is set aside."""
        if self.aside(name):
            return None
        descriptor = os.open(self._file(name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not _locked(descriptor, fcntl.LOCK_EX):
            os.close(descriptor)
            return None
        return Lock(name, descriptor)

    def record(self, name: str) -> tuple[Record, bool]:
        """What its file says, and whether somebody holds it now."""
        try:
            descriptor = os.open(self._file(name), os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return Record(), False
        try:
            return _parsed(os.pread(descriptor, 65536, 0)), not _locked(descriptor, fcntl.LOCK_SH)
        finally:
            os.close(descriptor)

    def aside(self, name: str) -> str:
        """Why nobody gets the device; empty if it is in use."""
        with contextlib.suppress(OSError):
            return (self.folder / f"{name}.aside").read_text(encoding="utf-8") or "no reason was kept"
        return ""

    def set_aside(self, name: str, reason: str) -> None:
        """Nobody gets it from now on, also after a restart, until `put_back`."""
        (self.folder / f"{name}.aside").write_text(reason, encoding="utf-8")

    def put_back(self, name: str) -> None:
        """It has been seen to be sound."""
        (self.folder / f"{name}.aside").unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.lock"

    @contextlib.contextmanager
    def _ticket(self) -> Iterator[Callable[[], bool]]:
        """A place in the queue, locked before it can be seen."""
        queue = self.folder / "queue"
        unborn = queue / f".{uuid4().hex}"
        descriptor = os.open(unborn, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        mine = queue / f"{time.monotonic_ns():020}{unborn.name}"
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            unborn.rename(mine)
            yield lambda: self._is_first(mine)
        finally:
            mine.unlink(missing_ok=True)
            os.close(descriptor)

    def _is_first(self, mine: Path) -> bool:
        for name in sorted(name for name in os.listdir(mine.parent) if name[0] != "."):  # noqa: PTH208
            if name == mine.name:
                return True
            with contextlib.suppress(FileNotFoundError):
                if _is_held(mine.parent / name):
                    return False
                (mine.parent / name).unlink()
        return True


def _is_held(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return not _locked(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _parsed(text: bytes) -> Record:
    try:
        told: dict[str, Any] = json.loads(text)
        return Record(**{**told, "foreign": tuple(told["foreign"])})
    except (ValueError, KeyError, TypeError):
        return Record()
