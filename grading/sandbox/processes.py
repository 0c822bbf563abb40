"""One walled process from the word to go until its end, and the thread that guards it."""

import contextlib
import fcntl
import json
import math
import os
import select
import signal
import socket
import struct
import threading
import time
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from .inside import policy
from .inside.syscalls import numbers
from .interface import Ending, Limits, Meter, Usage, WallFault

STUCK_SECONDS = 10.0
"""After so long a killed process is killed by other means too."""
_NOTIFICATION = struct.Struct("=QII iIQ6Q")
_RECEIVE_NOTIFICATION = 0xC0002100 | _NOTIFICATION.size << 16
_SYSCALL_NAMES = {number: name for name, number in numbers().items()}


class Parent(Protocol):
    """What a process knows of its zygote."""

    answer_seconds: float

    def release(self) -> None:
        """The process is gone."""


class WalledProcess:
    """A student's process and the thread that guards it until it has ended.

    The guard is the only reader of the report and of the seccomp listener, so it alone knows why the
    process ended. It looks at the meter once a tick.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        channel: socket.socket,
        output: int,
        report: socket.socket,
        meter: Meter,
        tick: float,
        pid: int,
        pidfd: int,
        listener: int,
        zygote: Parent,
    ) -> None:
        self.channel = channel
        self.output = output
        self.pid = pid
        self._limits = limits
        self._report = report
        self._meter = meter
        self._tick = tick
        self._pidfd = pidfd
        self._listener = listener
        self._zygote = zygote
        self._started = time.monotonic()
        self._forbidden: str | None = None
        self._out_of_time: Literal["wall", "cpu"] | None = None
        self._out_of_memory = False
        self._told: dict[str, Any] | None = None
        self._usage: Usage | None = None
        self._ended = threading.Event()
        self._closing = threading.RLock()  # a pidfd is not killed by while it is being closed
        self._closed = self.retired = False
        self._guard = threading.Thread(target=self._watch, name="wall-guard", daemon=True)
        self._guard.start()

    def kill(self) -> None:
        with self._closing:
            if not self._closed and not self._ended.is_set():
                _kill(self._pidfd)

    def wait(self, timeout: float | None = None) -> Ending:
        if not self._ended.wait(timeout):
            raise TimeoutError(f"still running after {timeout} s")
        if self._told is None:
            raise WallFault("zygote", None, "the zygote ended while a student's process ran; grade it again")
        if "fault" in self._told:
            raise WallFault(self._told["fault"], self._told["errno"], self._told["text"])
        status = int(self._told["status"])
        by_signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        return Ending(
            code=os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            signal=by_signal,
            out_of_memory=self._out_of_memory,
            forbidden=self._forbidden or ("syscall" if by_signal == signal.SIGSYS else None),
            out_of_time=self._out_of_time,
        )

    def usage(self) -> Usage:
        return self._usage or self._measure()

    def retire(self) -> None:
        with self._closing:
            self.kill()
            self.retired = True
            if self._ended.is_set():
                self.close()

    def settle(self) -> None:
        """Wait until nothing of it is left."""
        self._guard.join(STUCK_SECONDS)
        self.close()

    def close(self) -> None:
        with self._closing:
            if self._closed:
                return
            self.kill()
            self._closed = True
            self.channel.close()
            os.close(self.output)
            if not self._ended.wait(STUCK_SECONDS):
                self._meter.kill()
                self._ended.wait()
            if not self.retired:  # a retired one's guard may be waiting for this very lock
                self._guard.join()
            self._report.close()
            os.close(self._pidfd)
            if self._listener >= 0:
                os.close(self._listener)
            self._meter.give_back()
            self._zygote.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _measure(self) -> Usage:
        cpu, peak = self._meter.cpu_seconds(), self._meter.peak_memory()
        return Usage(cpu, peak, time.monotonic() - self._started)

    def _watch(self) -> None:
        """Until the end. If the guard itself fails, nobody holds the process: it ends, by our fault."""
        try:
            self._guard_until_the_end()
        except Exception as error:
            _kill(self._pidfd)
            self._told = {
                "fault": "guard",
                "errno": getattr(error, "errno", None),
                "text": f"{type(error).__name__}: {error}",
            }
            self._usage = Usage(0.0, 0, time.monotonic() - self._started)
            await_end(self._pidfd)
            self._ended.set()
        if self.retired:  # else `retire`, should it come, finds that this has ended
            self.close()

    def _guard_until_the_end(self) -> None:
        """Until the zygote tells of the end, or is gone itself, or hangs and tells nothing of an end."""
        over_since = math.inf
        poller = select.poll()
        poller.register(self._report, select.POLLIN)
        poller.register(self._pidfd, select.POLLIN)
        if self._listener >= 0:
            poller.register(self._listener, select.POLLIN)
        while not self._ended.is_set():
            for descriptor, event in poller.poll(self._tick * 1000):
                if descriptor == self._report.fileno():
                    self._hear_the_end()
                    break
                if descriptor == self._pidfd:
                    poller.unregister(descriptor)
                    over_since = time.monotonic()
                elif event & select.POLLIN:
                    self._refuse()
                else:
                    poller.unregister(descriptor)  # its last thread has ended
            else:
                if over_since == math.inf:
                    self._hold_to_limits()
                elif time.monotonic() - over_since > self._zygote.answer_seconds:
                    self._usage = self._measure()
                    self._ended.set()

    def _hear_the_end(self) -> None:
        try:
            payload = self._report.recv(4096)
        except ConnectionResetError:  # killed before it read the word to go; what the zygote said comes after
            payload = self._report.recv(4096)
        self._told = json.loads(payload) if payload else None
        self._out_of_memory = self._out_of_memory or self._meter.out_of_memory()
        measured = self._measure()
        if self._told is not None and "cpu" in self._told:
            cpu = max(measured.cpu_seconds, float(self._told["cpu"]))
            measured = Usage(cpu, measured.peak_memory_bytes, measured.wall_seconds)
        self._usage = measured
        self._ended.set()

    def _refuse(self) -> None:
        """A held syscall: the kernel says which, whatever the student's code says. It is never answered."""
        notification = bytearray(_NOTIFICATION.size)
        try:
            fcntl.ioctl(self._listener, _RECEIVE_NOTIFICATION, notification)
        except OSError:
            return  # killed meanwhile
        number = _NOTIFICATION.unpack(notification)[3]
        self._forbidden = self._forbidden or policy.category_of(_SYSCALL_NAMES, number)
        _kill(self._pidfd)

    def _hold_to_limits(self) -> None:
        if self._meter.out_of_memory():
            self._out_of_memory = True
        elif self._meter.cpu_seconds() > self._limits.cpu_seconds:
            self._out_of_time = self._out_of_time or "cpu"
        elif time.monotonic() - self._started > self._limits.wall_seconds:
            self._out_of_time = self._out_of_time or "wall"
        else:
            return
        _kill(self._pidfd)


def await_end(pidfd: int) -> None:
    """Wait until a killed process has ended: a cgroup is given back empty."""
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    poller.poll(STUCK_SECONDS * 1000)


def _kill(pidfd: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
