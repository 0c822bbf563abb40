"""Runs the site's processes, prefixes their logs, restarts what crashes, and leaves nothing behind.

One thread, one loop. Each child leads a session of its own, so the terminal's Ctrl-C reaches only us and we
end them in order. Two nets below that: the kernel kills a child whose supervisor is gone (PR_SET_PDEATHSIG),
and what a child leaves orphaned becomes ours (PR_SET_CHILD_SUBREAPER) and is killed at the end.
"""

from __future__ import annotations

import ctypes
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import say
from .places import ROOT

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
SECONDS_TO_END = 8.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 20.0  # after that long, the next crash is a first one again
CRASHES_BEFORE_HEALTH = 3

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Service:
    """One child as it should be. `once`: it ends by itself. `needed`: without it the site never gets up."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    colour: str
    once: bool = False
    needed: bool = False
    niceness: int = 0
    healthy: Callable[[], bool] | None = None


@dataclass
class Child:
    """A service's present process, if any, and the story of its crashes."""

    service: Service
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    crashes: int = 0
    start_at: float | None = 0.0  # None: not to be started (again)
    ask_at: float = 0.0
    rest: bytes = b""
    was_healthy: bool = False

    def alive(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Start with `run`, which returns the exit status once everything has ended."""

    services: list[Service]
    ready: Callable[[], None]  # called once, when every service with a health check has passed it
    children: list[Child] = field(init=False)
    ending: int = 0  # how many times somebody asked us to stop

    def __post_init__(self) -> None:
        self.children = [Child(service) for service in self.services]
        self.selector = selectors.DefaultSelector()
        self.announced = False
        self.failed = False

    def run(self) -> int:
        """The loop: start, read, reap, restart; end all on SIGINT, SIGTERM or SIGHUP."""
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            while not self.ending:
                self._start_due()
                self._read(0.05 if not self.announced else 0.2)
                self._reap()
                self._check_health()
        except BrokenPipeError:  # whoever read our output is gone
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, 1)
        finally:
            self._end_all()
        return 1 if self.failed else 0

    def _stop(self, _number: int, _frame: object) -> None:
        self.ending += 1

    def _start_due(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.start_at is not None and child.process is None and child.start_at <= now:
                self._start(child)

    def _start(self, child: Child) -> None:
        service = child.service

        def before_exec() -> None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != us:  # we died before the line above
                os._exit(1)
            os.nice(service.niceness)

        us = os.getpid()
        child.process = subprocess.Popen(
            list(service.command),
            cwd=ROOT,
            env=dict(service.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=before_exec,
        )
        child.started, child.start_at = time.monotonic(), None
        if child.process.stdout:
            os.set_blocking(child.process.stdout.fileno(), False)
            self.selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _read(self, timeout: float) -> None:
        for key, _events in self.selector.select(timeout):
            child: Child = key.data
            try:
                data = os.read(key.fd, 65536)
            except BlockingIOError:
                continue
            if not data:
                self.selector.unregister(key.fileobj)
                key.fileobj.close()  # type: ignore[union-attr]
            *lines, child.rest = (child.rest + data).split(b"\n")
            for text in lines:
                self._tell(child, text.decode(errors="replace"))

    def _tell(self, child: Child, text: str) -> None:
        width = max(len(service.name) for service in self.services)
        say.line(f"{say.paint(f'{child.service.name:<{width}} │', child.service.colour)} {text.rstrip()}")

    def _reap(self) -> None:
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                continue
            code, process = child.process.returncode, child.process
            child.process = None
            _kill_group(process.pid, signal.SIGKILL)  # what it started and left in its session
            if child.service.once:
                if code:
                    self._tell(child, say.paint(f"ended with status {code}", "yellow"))
                continue
            lived = time.monotonic() - child.started
            child.crashes = 1 if lived > STEADY_SECONDS else child.crashes + 1
            if child.service.needed and not child.was_healthy and child.crashes >= CRASHES_BEFORE_HEALTH:
                self._tell(child, say.paint("does not start; its last words are above", "red"))
                self.failed, self.ending = True, 1
                return
            pause = min(0.5 * 2 ** (child.crashes - 1), LONGEST_PAUSE)
            child.start_at = time.monotonic() + pause
            self._tell(child, say.paint(f"ended with {_reason(code)}; again in {pause:g} s", "yellow"))

    def _check_health(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.service.healthy and not child.was_healthy and child.alive() and now >= child.ask_at:
                child.was_healthy = child.service.healthy()
                child.ask_at = now + (0.05 if now - child.started < 5 else 1.0)
        if not self.announced and all(child.was_healthy for child in self.children if child.service.healthy):
            self.announced = True
            self.ready()

    def _end_all(self) -> None:
        """The first service, which the others talk to while they finish, ends after them."""
        self._end(self.children[1:])
        self._end(self.children[:1])
        _end_orphans()

    def _end(self, children: list[Child]) -> None:
        """Asks politely; insists after a while, or when somebody asks us again."""
        for child in children:
            if child.process:
                _kill_group(child.process.pid, signal.SIGTERM)
        until = time.monotonic() + SECONDS_TO_END
        while any(child.alive() for child in children) and time.monotonic() < until and self.ending < 2:
            self._read(0.05)
        for child in children:
            if child.process:
                _kill_group(child.process.pid, signal.SIGKILL)
                child.process.wait()


def _reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"status {code}"


def _kill_group(leader: int, number: int) -> None:
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        return


def _end_orphans() -> None:
    """Kills what was left to us by children that died, until there is none."""
    for _round in range(50):
        try:
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
        except ChildProcessError:
            return
        for orphan in _own_children():
            try:
                os.kill(orphan, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)


def _own_children() -> list[int]:
    us = str(os.getpid())
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:  # "pid (any name) state parent …"
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            except (OSError, IndexError):
                continue
            if parent == us:
                found.append(int(entry.name))
    return found
