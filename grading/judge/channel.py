"""Frames over a socket to a process that may do its worst, under a clock that it cannot touch.

Only the time that the judge waits for the student is the student's; while the judge computes, that
clock stands. A second clock bounds the whole, so that a slow grader is found out too. Whatever the
student prints is taken in while waiting, so a full pipe never blocks it, and cut to head and tail.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, Protocol

from .cores import SharedCore, has_a_core_to_spare
from .frames import MAX_FRAME, BadFrame, Encoder, decode, read_length

__all__ = ["BadFrame", "Channel", "Closed", "Output", "OutputOverflow", "Overdue", "TimeIsUp"]

_CHUNK = 1 << 16
_SPIN = 60e-6
"""Seconds of looking again, on both sides, before sleeping, where the machine has a core to spare.
Waking a sleeper on another core costs more than most oracles do: 40 µs of 60 on a virtual machine.
Where all cores are wanted it costs more than it gives, and both sleep at once (measured: 195 µs a
call against 117 under a load of four on two cores; 55 against 160 alone)."""
_DOZE = 0.02
"""Seconds of sleeping for the channel alone, before waiting for the output with it."""
_GLANCE = 64
"""After so many messages in a row, look at the output and the clocks too."""
_FAST = 200e-6
"""Seconds from one message to the next below which judge and student share a core (measured: 40 µs a call on
one core against 62 to 100 on two). Above, the core has more to do than the two of them, or neither waits."""
_COOL = 16
"""After a slow answer, sleep at once this many times: a student who thinks is not worth a core."""


class TimeIsUp(Exception):
    """The student's time is spent."""


class Overdue(Exception):
    """The group took too long, and the time was not the student's."""


class Closed(Exception):
    """The other end is gone: the process ended, or closed its socket."""


class OutputOverflow(Exception):
    """More was printed than the limit."""


class Output:
    """What a process printed: the first three quarters of `limit` bytes and the last quarter."""

    def __init__(self, limit: int) -> None:
        self._limit, self._head_size = limit, limit - limit // 4
        self._head, self._tail = bytearray(), bytearray()
        self.total = 0

    @property
    def overflown(self) -> bool:
        return self.total > self._limit

    def add(self, data: bytes) -> None:
        self.total += len(data)
        room = self._head_size - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        if data:
            self._tail += data
            del self._tail[: max(0, len(self._tail) - self._limit // 4)]

    def text(self) -> str:
        """Head and tail as text, with a line between them where something was left out."""
        missing = self.total - len(self._head) - len(self._tail)
        middle = f"\n[… {missing} bytes …]\n".encode() if missing else b""
        return bytes(self._head + middle + self._tail).decode("utf-8", "replace")


class Ticker(Protocol):
    """Something that wants to be called now and then while the judge waits."""

    def wait(self) -> float | None: ...

    def tick(self) -> None: ...


class Channel:
    """One conversation. `seconds` is the student's time, `overall` everybody's.

    `extend` is asked once the student's time is spent: the seconds that it returns are given on top.
    """

    def __init__(
        self,
        sock: socket.socket,
        output: int,
        *,
        seconds: float,
        overall: float,
        output_limit: int,
        core: SharedCore | None = None,
        ticker: Ticker | None = None,
        printed: Callable[[bytes], None] = lambda _: None,
        extend: Callable[[], float] = lambda: 0.0,
    ) -> None:
        sock.settimeout(None)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("@ll", 0, int(_DOZE * 1e6)))
        os.set_blocking(output, False)
        self.remaining = seconds
        self.output = Output(output_limit)
        self._sock, self._output_fd = sock, output
        self._until = time.monotonic() + overall
        self._ticker, self._printed, self._extend = ticker, printed, extend
        self._buffer = bytearray()
        self._encode = Encoder().encode
        self._channel_fd = sock.fileno()
        self._glances = self._slow = 0
        self._core = core
        self._glanced = time.monotonic()
        self.spin = _SPIN if has_a_core_to_spare() else 0.0
        self._poll = select.poll()
        self._poll.register(self._channel_fd, select.POLLIN)
        self._poll.register(output, select.POLLIN)

    def send(self, message: object) -> None:
        """Send a whole frame, taking in output meanwhile; the student's clock runs if it does not read."""
        data = self._encode(message)
        started = time.monotonic()
        try:
            sent = self._sock.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            sent = 0
        except OSError as gone:
            raise Closed from gone
        self.remaining -= time.monotonic() - started  # woken by it, the student may run before we go on
        if sent == len(data):
            return
        rest = memoryview(data)[sent:]
        self._poll.modify(self._channel_fd, select.POLLOUT)
        try:
            while rest:
                if self._wait():
                    try:
                        rest = rest[self._sock.send(rest, socket.MSG_DONTWAIT) :]
                    except BlockingIOError:
                        continue
                    except OSError as gone:
                        raise Closed from gone
        finally:
            self._poll.modify(self._channel_fd, select.POLLIN)

    def refuse_overdue(self) -> None:
        """Raise Overdue if the group took too long: where answers are slow, receiving looks too seldom."""
        if time.monotonic() >= self._until:
            raise Overdue

    def receive(self) -> Any:
        """The next message. Raises BadFrame, TimeIsUp, Overdue, Closed or OutputOverflow."""
        buffer = self._buffer
        while True:
            if len(buffer) >= 4:
                end = 4 + read_length(buffer, MAX_FRAME)
                if len(buffer) >= end:
                    body = bytes(buffer[4:end])
                    del buffer[:end]
                    return decode(body)
            if (buffer or not self._take_soon()) and self._wait():
                self._take(socket.MSG_DONTWAIT)

    def _take(self, flags: int) -> bool:
        try:
            data = self._sock.recv(_CHUNK, flags)
        except BlockingIOError:
            return False
        except OSError as gone:
            raise Closed from gone
        if not data:
            raise Closed
        self._buffer += data
        return True

    def _take_soon(self) -> bool:
        """Wait for the channel alone, and not for long: an oracle's next question is mostly near.

        False: nothing came, or it is time to look at the output and the clocks in `_wait`.
        """
        if self._glances == _GLANCE or self.remaining < 2 * _DOZE:
            self._glances = 0
            self._choose_core()
            return False
        self._glances += 1
        started = time.monotonic()
        if self.spin and not self._slow:
            until = started + self.spin
            while not (came := self._take(socket.MSG_DONTWAIT)):
                if time.monotonic() > until:
                    self._slow = _COOL
                    break
                os.sched_yield()
        else:
            self._slow = max(0, self._slow - 1)
            came = self._take(0)
        self.remaining -= time.monotonic() - started
        return came

    def _choose_core(self) -> None:
        now = time.monotonic()
        if self._core:
            if now - self._glanced < _GLANCE * _FAST:
                self._core.share()
            else:
                self._core.part()
        self._glanced = now

    def part(self) -> None:
        """Share no core with the student any more: the conversation pauses."""
        if self._core:
            self._core.part()

    def drain(self) -> None:
        """Take in what was printed and not yet read, without waiting."""
        while not self.output.overflown and self._take_output():
            pass

    def _wait(self) -> bool:
        """Wait for the channel; False after having served something else first."""
        started = time.monotonic()
        longest = min(self.remaining, self._until - started)
        due = self._ticker.wait() if self._ticker else None
        ready = self._poll.poll(max(0.0, longest if due is None else min(due, longest)) * 1000)
        now = time.monotonic()
        self.remaining -= now - started
        channel_is_ready = False
        for fd, _ in ready:
            if fd == self._channel_fd:
                channel_is_ready = True
            else:
                self._take_output()
        if self.output.overflown:
            raise OutputOverflow
        if now >= self._until:
            raise Overdue
        if self.remaining <= 0:
            self.remaining += self._extend()
            if self.remaining <= 0:
                raise TimeIsUp
        if due is not None and self._ticker:
            self._ticker.tick()
        return channel_is_ready

    def _take_output(self) -> bool:
        try:
            data = os.read(self._output_fd, 65536)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            try:
                self._poll.unregister(self._output_fd)
            except KeyError:
                return False
            return False
        self.output.add(data)
        self._printed(data)
        return True
