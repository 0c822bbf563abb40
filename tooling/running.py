"""Who runs here: one `./dev up` for each data folder, known by a lock that no crash can leave behind."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from pathlib import Path

from . import say
from .places import VAR

SECONDS_TO_END = 20.0


class Site:
    """The running site of a data folder, seen from outside or held by the one that runs it."""

    def __init__(self, var: Path = VAR) -> None:
        self.path = var / "up.lock"
        self._descriptor = -1

    def hold(self) -> None:
        """Become the one that runs, until this process ends. Raises Refusal when another does."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            pid, address = self.who()
            raise say.Refusal(
                f"the site of this folder runs already, {address or 'or is starting'} (process {pid}): "
                "open it, or end it with ./dev down"
            ) from None
        self._descriptor = descriptor
        self.announce("")

    def announce(self, address: str) -> None:
        """Write down who runs, and where it can be opened."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)

    def runs(self) -> bool:
        """Whether somebody holds the lock."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def who(self) -> tuple[int, str]:
        """Process and address of the one that runs; (0, "") before it has said so."""
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
            return int(told["pid"]), str(told["address"])
        except (OSError, ValueError):
            return 0, ""

    def end(self) -> bool:
        """End it and wait until it has; False when nothing ran."""
        if not self.runs():
            return False
        pid, _address = self.who()
        for number, patience in ((signal.SIGTERM, SECONDS_TO_END), (signal.SIGKILL, 3.0)):
            os.kill(pid, number)
            until = time.monotonic() + patience
            while self.runs() and time.monotonic() < until:
                time.sleep(0.05)
            if not self.runs():
                return True
        raise say.Refusal(f"process {pid} does not end: see what it does with ps -fp {pid}")
