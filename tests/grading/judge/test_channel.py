"""The channel against a hostile other end: a thread that writes what no honest program would."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from grading.judge.channel import BadFrame, Channel, Closed, Output, OutputOverflow, TimeIsUp
from grading.judge.frames import encode


class Other:
    """The student's ends of the socket and of the output pipe."""

    def __init__(self) -> None:
        self.judge, self.socket = socket.socketpair()
        self.read_end, self.output = os.pipe()
        self._threads: list[threading.Thread] = []

    def channel(self, seconds: float = 1.0, output_limit: int = 1000) -> Channel:
        return Channel(self.judge, self.read_end, seconds=seconds, overall=30, output_limit=output_limit)

    def do(self, action: Callable[[], None]) -> None:
        def run() -> None:
            with contextlib.suppress(OSError):  # the judge hung up
                action()

        self._threads.append(threading.Thread(target=run, daemon=True))
        self._threads[-1].start()

    def close(self) -> None:
        for fd in (self.judge, self.socket):
            fd.close()
        for thread in self._threads:
            thread.join(5)
        for fd in (self.read_end, self.output):
            os.close(fd)


@pytest.fixture
def other() -> Iterator[Other]:
    other = Other()
    yield other
    other.close()


def test_a_message_goes_and_comes_however_large(other):
    import numpy as np

    channel = other.channel(5.0)
    big = np.arange(400_000.0)
    other.do(lambda: other.socket.sendall(encode(["done", big])))
    assert (channel.receive()[1] == big).all()


def test_a_byte_at_a_time_is_out_of_time_and_no_later(other):
    channel = other.channel(0.3)

    def drip() -> None:
        for byte in encode(["done", "x" * 1000]):
            other.socket.send(bytes([byte]))
            time.sleep(0.01)

    other.do(drip)
    started = time.monotonic()
    with pytest.raises(TimeIsUp):
        channel.receive()
    assert time.monotonic() - started < 1.0


def test_silence_is_out_of_time(other):
    channel = other.channel(0.2)
    with pytest.raises(TimeIsUp):
        channel.receive()
    assert channel.remaining <= 0


def test_the_students_clock_stands_while_the_judge_computes(other):
    channel = other.channel(0.3)
    other.socket.sendall(encode(1))
    time.sleep(0.4)
    assert channel.receive() == 1
    assert channel.remaining > 0.2


def test_four_announced_gigabytes_are_refused_at_once(other):
    other.socket.sendall(b"\xff\xff\xff\xff" + b"x" * 100)
    with pytest.raises(BadFrame):
        other.channel().receive()


def test_frames_that_come_in_pieces_or_together_are_told_apart(other):
    channel = other.channel()
    data = encode("uno") + encode("dos") + encode("tres")
    other.socket.sendall(data[:7])
    other.do(lambda: (time.sleep(0.05), other.socket.sendall(data[7:]))[0])
    assert [channel.receive() for _ in range(3)] == ["uno", "dos", "tres"]


def test_a_student_who_does_not_read_runs_out_of_time_and_blocks_nobody(other):
    channel = other.channel(0.3)
    with pytest.raises(TimeIsUp):
        channel.send(["call", "x" * 5_000_000])


def test_a_closed_channel_is_told(other):
    other.socket.close()
    with pytest.raises(Closed):
        other.channel().receive()


def test_output_is_taken_in_while_waiting_for_the_answer(other):
    def work() -> None:
        os.write(other.output, b"hola\n" * 100_000)
        other.socket.sendall(encode("ya"))

    channel = other.channel(5.0, output_limit=1_000_000)
    other.do(work)
    assert channel.receive() == "ya"
    channel.drain()
    assert channel.output.total == 500_000


def test_output_beyond_the_limit_is_an_overflow_with_head_and_tail_kept(other):
    def work() -> None:
        os.write(other.output, b"principio" + b"." * 3000 + b"final")
        other.socket.sendall(struct.pack(">I", 10))

    channel = other.channel(5.0)
    other.do(work)
    with pytest.raises(OutputOverflow):
        channel.receive()
    text = channel.output.text()
    assert text.startswith("principio")
    assert text.endswith("final")
    assert len(text) < 1100


def test_output_within_the_limit_is_kept_whole():
    output = Output(100)
    for _ in range(10):
        output.add(b"0123456789")
    assert (output.text(), output.overflown) == ("0123456789" * 10, False)
