"""One walled process, from the request to the last descriptor: its start and its guard."""

import contextlib
import fcntl
import itertools
import json
import os
import select
import signal
import socket
import struct
import threading
import time
from types import TracebackType
from typing import Any, Literal, Self

from .inside import kernel, policy
from .inside.syscalls import numbers
from .interface import Ending, Limits, Meter, Metering, Usage, WallFault
from .zygotes import Zygote, ZygoteGone, fault, host_pid

HANDSHAKE_SECONDS = 20.0
_NOTIFICATION = struct.Struct("=QII iIQ6Q")
_RECEIVE_NOTIFICATION = 0xC0002100 | _NOTIFICATION.size << 16
_CPUS = itertools.cycle(sorted(os.sched_getaffinity(0)))
"""Without a CPU quota each student is kept on one CPU, in turn."""
_SYSCALL_NAMES = {number: name for name, number in numbers().items()}


def start(zygote: Zygote, limits: Limits, metering: Metering) -> "WalledProcess":
    """Ask the zygote for a child, put it under its meter, and let it go once it is walled in.

    The child builds its wall while we move it into its cgroup; neither waits for the other until the end.
    Raises ZygoteGone, or WallFault with the step that failed.
    """
    with contextlib.ExitStack() as undo:
        channel, their_channel = socket.socketpair()
        undo.callback(channel.close)
        report, their_report = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        undo.callback(report.close)
        output, their_output = os.pipe()
        undo.callback(os.close, output)
        asked: dict[str, object] = {
            "cpu_seconds": limits.cpu_seconds,
            "memory_bytes": limits.memory_bytes,
            "pids": limits.pids,
            "scratch_bytes": limits.scratch_bytes,
            "scratch_files": limits.scratch_files,
            "coarse": metering.coarse,
            "cpu": next(_CPUS) if metering.coarse else None,
        }
        try:
            zygote.request(asked, [their_channel.fileno(), their_output, their_report.fileno()])
        finally:
            their_channel.close()
            their_report.close()
            os.close(their_output)
        meter = metering.take(limits)
        undo.callback(meter.give_back)
        handshake = _Handshake(report, meter, undo)
        handshake.shake()
        undo.pop_all()
    return WalledProcess(
        limits, channel, output, report, meter, metering.tick, handshake.pidfd, handshake.listener
    )


class _Handshake:
    """A pidfd from the zygote and readiness from the child, in either order."""

    def __init__(self, report: socket.socket, meter: Meter, undo: contextlib.ExitStack) -> None:
        self.report = report
        self.meter = meter
        self.undo = undo
        self.pidfd = -1
        self.listener = -1
        self.walled = False

    def shake(self) -> None:
        self.report.settimeout(HANDSHAKE_SECONDS)
        try:
            while self.pidfd < 0 or not self.walled:
                self._hear()
            self.report.send(b"go")
        except TimeoutError as error:
            raise fault("handshake", error.errno, "the child did not get ready in time") from error
        except (BrokenPipeError, ConnectionResetError) as error:
            raise ZygoteGone from error
        self.report.settimeout(None)

    def _hear(self) -> None:
        payload, descriptors = kernel.receive(self.report)
        for one in descriptors:
            self.undo.callback(os.close, one)
        if not payload:
            raise ZygoteGone
        message: dict[str, Any] = json.loads(payload)
        if "status" in message:
            raise fault("child", None, f"it ended before it was walled in (status {message['status']})")
        if "fault" in message:
            raise fault(message["fault"], message["errno"], message["text"])
        if "walled" in message:
            self.walled = True
            self.listener = descriptors[0] if descriptors else -1
            return
        self.pidfd = descriptors[0]
        self.undo.callback(_kill, self.pidfd)
        try:
            self.meter.enter(host_pid(self.pidfd))
        except ProcessLookupError:
            pass  # it failed in a step, and the fault is on its way
        except OSError as error:
            raise fault("own_cgroup", error.errno, str(error)) from error


def _kill(pidfd: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)


class WalledProcess:
    """A student's process and the thread that guards it until it has ended.

    The guard is the only reader of the report and of the seccomp listener, so it alone knows why the
    process ended. It looks at the meter once a tick.
    """

    def __init__(
        self,
        limits: Limits,
        channel: socket.socket,
        output: int,
        report: socket.socket,
        meter: Meter,
        tick: float,
        pidfd: int,
        listener: int,
    ) -> None:
        self.channel = channel
        self.output = output
        self._limits = limits
        self._report = report
        self._meter = meter
        self._tick = tick
        self._pidfd = pidfd
        self._listener = listener
        self._started = time.monotonic()
        self._forbidden: str | None = None
        self._out_of_time: Literal["wall", "cpu"] | None = None
        self._out_of_memory = False
        self._told: dict[str, Any] | None = None
        self._usage: Usage | None = None
        self._ended = threading.Event()
        self._closing = threading.RLock()  # a pidfd is not killed by while it is being closed
        self._closed = False
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

    def close(self) -> None:
        with self._closing:
            if self._closed:
                return
            self.kill()
            self._closed = True
            self.channel.close()
            os.close(self.output)
            if not self._ended.wait(HANDSHAKE_SECONDS):
                self._meter.kill()
                self._ended.wait()
            self._guard.join()
            self._report.close()
            os.close(self._pidfd)
            if self._listener >= 0:
                os.close(self._listener)
            self._meter.give_back()

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
        """Until the zygote tells of the end, or is gone itself."""
        poller = select.poll()
        poller.register(self._report, select.POLLIN)
        if self._listener >= 0:
            poller.register(self._listener, select.POLLIN)
        while not self._ended.is_set():
            for descriptor, event in poller.poll(self._tick * 1000):
                if descriptor == self._report.fileno():
                    self._hear_the_end()
                    break
                if event & select.POLLIN:
                    self._refuse()
                else:
                    poller.unregister(descriptor)  # its last thread has ended
            else:
                self._hold_to_limits()

    def _hear_the_end(self) -> None:
        try:
            payload = self._report.recv(4096)
        except OSError:
            payload = b""
        self._told = json.loads(payload) if payload else None
        self._out_of_memory = self._out_of_memory or self._meter.out_of_memory()
        measured = self._measure()
        if self._told is not None:
            cpu = max(measured.cpu_seconds, float(self._told["cpu"]))
            measured = Usage(cpu, measured.peak_memory_bytes, measured.wall_seconds)
        self._usage = measured
        self._ended.set()

    def _refuse(self) -> None:
        """A held syscall: the kernel says which, whatever the student's code may say. It is never answered."""
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
