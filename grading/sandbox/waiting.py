"""A child on its way to becoming a student's process: asked for, metered, walled in, waiting for the word."""

import contextlib
import itertools
import json
import os
import signal
import socket
from typing import Any

from .inside import kernel
from .interface import Limits, Meter, Metering
from .processes import WalledProcess, await_end
from .zygotes import Zygote, ZygoteGone, fault, host_pid

HANDSHAKE_SECONDS = 20.0
_CPUS = itertools.cycle(sorted(os.sched_getaffinity(0)))
"""Without a CPU quota each student is kept on one CPU, in turn."""


class Waiting:
    """A walled child that runs nothing yet. Ends as a WalledProcess by `go`, or by `close`.

    While the child builds its wall, it is moved into its cgroup; neither waits for the other until the end.
    Making one raises ZygoteGone, or WallFault with the step that failed.
    """

    def __init__(self, zygote: Zygote, limits: Limits, metering: Metering) -> None:
        self.zygote = zygote
        self.scratch = (limits.scratch_bytes, limits.scratch_files)
        self._metering = metering
        self._pid = 0
        self._pidfd = -1
        self._listener = -1
        self._undo = contextlib.ExitStack()
        zygote.hold()
        self._undo.callback(zygote.release)
        try:
            self._request()
            self._meter: Meter = metering.take()
            self._undo.callback(self._meter.give_back)
            self._meter.stand_by(self.zygote.runtime.headroom_bytes)
            self._shake_hands()
        except BaseException:
            self.close()
            raise

    def go(self, limits: Limits) -> WalledProcess:
        """Set the student's limits and let the child run. Raises ZygoteGone if it died waiting."""
        word = {
            "cpu_seconds": limits.cpu_seconds,
            "memory_bytes": limits.memory_bytes,
            "pids": limits.pids,
        }
        try:
            self._meter.bound(limits)
            self._report.send(json.dumps(word).encode())
        except OSError as error:
            self.close()
            raise ZygoteGone from error
        except BaseException:
            self.close()
            raise
        self._undo.pop_all()
        return WalledProcess(
            limits,
            channel=self._channel,
            output=self._output,
            report=self._report,
            meter=self._meter,
            tick=self._metering.tick,
            pid=self._pid,
            pidfd=self._pidfd,
            listener=self._listener,
            zygote=self.zygote,
        )

    def close(self) -> None:
        """End it and give back what it holds; in this order: process, meter, descriptors."""
        self._undo.close()

    def _request(self) -> None:
        self._channel, their_channel = socket.socketpair()
        self._undo.callback(self._channel.close)
        self._report, their_report = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._undo.callback(self._report.close)
        self._output, their_output = os.pipe()
        self._undo.callback(os.close, self._output)
        shape: dict[str, object] = {
            "scratch_bytes": self.scratch[0],
            "scratch_files": self.scratch[1],
            "headroom_bytes": self.zygote.runtime.headroom_bytes,
            "coarse": self._metering.coarse,
            "cpu": next(_CPUS) if self._metering.coarse else None,
        }
        try:
            self.zygote.request(shape, [their_channel.fileno(), their_output, their_report.fileno()])
        finally:
            their_channel.close()
            their_report.close()
            os.close(their_output)

    def _shake_hands(self) -> None:
        """A pidfd from the zygote and readiness from the child, in either order."""
        walled = False
        self._report.settimeout(self.zygote.answer_seconds)
        try:
            while self._pidfd < 0 or not walled:
                walled = self._hear() or walled
                if self._pidfd >= 0:
                    self._report.settimeout(HANDSHAKE_SECONDS)
        except TimeoutError as error:
            if self._pidfd < 0:
                raise ZygoteGone from error  # it hangs
            raise fault("handshake", error.errno, "the child did not get ready in time") from error
        except ConnectionResetError as error:
            raise ZygoteGone from error
        self._report.settimeout(None)

    def _hear(self) -> bool:
        """One message of the report; True if it said that the child is walled in."""
        payload, descriptors = kernel.receive(self._report)
        for one in descriptors:
            self._undo.callback(os.close, one)
        if not payload:
            raise ZygoteGone
        message: dict[str, Any] = json.loads(payload)
        if "status" in message:
            raise fault("child", None, f"it ended before it was walled in (status {message['status']})")
        if "fault" in message:
            raise fault(message["fault"], message["errno"], message["text"])
        if "walled" in message:
            self._listener = descriptors[0] if descriptors else -1
            return True
        self._pidfd = descriptors[0]
        self._undo.callback(_end, self._pidfd)
        try:
            self._pid = host_pid(self._pidfd)
            self._meter.enter(self._pid)
        except ProcessLookupError:
            pass  # it failed in a step, and the fault is on its way
        except OSError as error:
            raise fault("own_cgroup", error.errno, str(error)) from error
        return False


def _end(pidfd: int) -> None:
    """Kill, and wait for the end."""
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    await_end(pidfd)
