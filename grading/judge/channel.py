"""Frames over a socket to a process that may do its worst, under a clock that it cannot touch.

Only the time that the judge waits for the student is the student's; while the judge computes, that
clock stands. A second clock bounds the whole, so that a slow grader is found out too. Whatever the
student prints is taken in while waiting, so a full pipe never blocks it, and cut to head and tail.
"""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable
from typing import Any, Protocol

from .frames import MAX_FRAME, BadFrame, decode, encode, read_length

__all__ = ["BadFrame", "Channel", "Closed", "Output", "OutputOverflow", "Overdue", "TimeIsUp"]

_CHUNK = 1 << 18


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
    """One conversation. `seconds` is the student's time, `overall` everybody's."""

    def __init__(
        self,
        sock: socket.socket,
        output: int,
        *,
        seconds: float,
        overall: float,
        output_limit: int,
        ticker: Ticker | None = None,
        printed: Callable[[bytes], None] = lambda _: None,
    ) -> None:
        sock.setblocking(False)
        os.set_blocking(output, False)
        self.remaining = seconds
        self.output = Output(output_limit)
        self._sock, self._output_fd = sock, output
        self._until = time.monotonic() + overall
        self._ticker, self._printed = ticker, printed
        self._buffer = bytearray()
        self._channel_fd = sock.fileno()
        self._poll = select.poll()
        self._poll.register(self._channel_fd, select.POLLIN)
        self._poll.register(output, select.POLLIN)

    def send(self, message: object) -> None:
        """Send a whole frame, taking in output meanwhile; the student's clock runs if it does not read."""
        data = encode(message)
        try:
            sent = self._sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError as gone:
            raise Closed from gone
        if sent == len(data):
            return
        rest = memoryview(data)[sent:]
        self._poll.modify(self._channel_fd, select.POLLOUT)
        try:
            while rest:
                if self._wait():
                    try:
                        rest = rest[self._sock.send(rest) :]
                    except BlockingIOError:
                        continue
                    except OSError as gone:
                        raise Closed from gone
        finally:
            self._poll.modify(self._channel_fd, select.POLLIN)

    def receive(self) -> Any:
        """The next message. Raises BadFrame, TimeIsUp, Overdue, Closed or OutputOverflow."""
        buffer = self._buffer
        while True:
            if len(buffer) >= 4:
                end = 4 + read_length(buffer, MAX_FRAME)
                if len(buffer) >= end:
                    body = bytes(memoryview(buffer)[4:end])
                    del buffer[:end]
                    return decode(body)
            if self._wait():
                try:
                    data = self._sock.recv(_CHUNK)
                except BlockingIOError:
                    continue
                except OSError as gone:
                    raise Closed from gone
                if not data:
                    raise Closed
                buffer += data

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
        if self.remaining <= 0:
            raise TimeIsUp
        if now >= self._until:
            raise Overdue
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
