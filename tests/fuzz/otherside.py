"""The other side of the channel as an adversary holds it: a real socket and a real pipe, and no process.

The judge runs in a thread of its own and a test moves both sides by turns: it hands the grader its next act,
or it does something as the student, and waits until the judge wants something again. Time is the test's.
"""

from __future__ import annotations

import os
import queue
import select
import socket
import struct
import threading
import time as real_time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest import mock

from grading.judge import GroupSpec, Job, JobLimits, Report, channel, grade, session
from grading.judge.author import Attempt
from grading.sandbox import Ending, Layer, Limits, Runtime, Usage
from grading.student import program

STUCK = 120.0
GRADER = """
from grading.judge.author import group
from tests.fuzz.otherside import act

@group("a")
def a(attempt):
    act(attempt)

@group("b")
def b(attempt):
    act(attempt)
"""
GROUPS = (GroupSpec("a", "Primero", 10), GroupSpec("b", "Segundo", 30))
_here = threading.local()

Act = Callable[[Attempt], Any]


def act(attempt: Attempt) -> None:
    """A group's function: whatever the test asks of the grader, one thing after another, until None."""
    desk: Desk = _here.desk
    while (asked := desk.next_act()) is not None:
        desk.result = asked(attempt)


class Clock:
    """What the test adds, and a thousandth of the real one: a busy machine spends nobody's limit."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def monotonic(self) -> float:
        return real_time.monotonic() / 1000 + self.ahead


class OtherSide:
    """One process as the wall gives it to the judge, with the student's ends for the test."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.channel, self.socket = socket.socketpair()
        self.output, self.stdout = os.pipe()
        self.pid = 1 << 30  # no process of this machine is moved to another core
        self.ending: Ending | None = None
        self.killed = self.gone = False
        self._buffer = bytearray()
        self._program = program.Student(self.socket)

    # what the judge asks of the wall

    def kill(self) -> None:
        self.killed = True

    def wait(self, timeout: float | None = None) -> Ending:
        if self.ending is None:
            raise TimeoutError
        return self.ending

    def usage(self) -> Usage:
        return Usage(cpu_seconds=0.01, peak_memory_bytes=1 << 20, wall_seconds=0.1)

    def retire(self) -> None:
        self.kill()

    def close(self) -> None:
        for end in (self.channel, self.socket):
            end.close()
        for fd in (self.output, self.stdout):
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # what the student does

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def say(self, message: object) -> None:
        body = program.pack(message)
        self.send(struct.pack(">I", len(body)) + body)

    def print(self, data: bytes) -> None:
        os.write(self.stdout, data)

    def hang_up(self, ending: Ending | None) -> None:
        """End so, or live on (None) without the channel."""
        self.ending, self.gone = ending, True
        self.socket.shutdown(socket.SHUT_RDWR)

    def read(self) -> list[Any] | None:
        """The judge's next frame, if a whole one is here."""
        if not self.gone:
            try:
                while data := self.socket.recv(1 << 16, socket.MSG_DONTWAIT):
                    self._buffer += data
            except BlockingIOError:
                pass
        if len(self._buffer) < 4 or len(self._buffer) < (
            end := 4 + struct.unpack_from(">I", self._buffer)[0]
        ):
            return None
        body = bytes(self._buffer[4:end])
        del self._buffer[:end]
        message: list[Any] = self._program.unpack(body)
        return message


class Desk:
    """A grading of two groups under way: the judge in its thread, grader and student in the test's hands."""

    name = "otherside"

    def __init__(self, *, source: str = "def f(x): ...", limits: JobLimits, spare_core: bool = True) -> None:
        self.clock = Clock()
        self.processes: list[OtherSide] = []
        self.events: list[dict[str, Any]] = []
        self.report: Report | None = None
        self.fault: BaseException | None = None
        self.result: Any = None
        self.turn = ""
        """Whose it is: `grader` (it waits for an act), `student` (a frame came, or is awaited), `ended`."""
        self.frame: list[Any] | None = None
        self._closed = False
        self._acts: queue.Queue[Act | None] = queue.Queue()
        self._idle = threading.Event()
        self._bell, self._ringer = os.pipe()
        self._undo = ExitStack()
        for module in (channel, session):
            self._undo.enter_context(mock.patch.object(module, "time", self.clock))
            self._undo.enter_context(
                mock.patch.object(module, "has_a_core_to_spare", return_value=spare_core)
            )
        runtime = Runtime("none", Path("/none"), (), Path("/none"), "serve")
        self._job = Job(GRADER, source, GROUPS, ("f(x)",), runtime, limits, seed=1)
        self._thread = threading.Thread(target=self._grade, daemon=True)
        self._thread.start()
        self.settle()

    def _grade(self) -> None:
        _here.desk = self
        try:
            self.report = grade(self._job, self, self.events.append)
        except BaseException as fault:
            self.fault = fault
        self._ring()

    # as the judge's backend

    def start(self, runtime: Runtime, limits: Limits) -> OtherSide:
        self.processes.append(OtherSide(limits))
        self._ring()
        return self.processes[-1]

    def prepare(self, runtime: Runtime) -> None: ...

    def doctor(self) -> list[Layer]:
        return []

    def next_act(self) -> Act | None:
        self._idle.set()
        self._ring()
        return self._acts.get()

    def _ring(self) -> None:
        os.write(self._ringer, b".")

    # for the test

    @property
    def student(self) -> OtherSide:
        return self.processes[-1]

    @property
    def ended(self) -> bool:
        return self.report is not None or self.fault is not None

    def ask_grader(self, asked: Act | None) -> None:
        """Let the grader do this, or return from its group, and wait for what comes of it."""
        self._idle.clear()
        self._acts.put(asked)
        self.settle()

    def settle(self, patience: float = STUCK) -> bool:
        """Wait until the grader wants an act, a frame came, or all is over. False: nothing did."""
        until = real_time.monotonic() + patience
        self.frame = None
        while True:
            if self.ended:
                self.turn = "ended"
                return True
            if self.processes and (frame := self.student.read()) is not None:
                self.turn, self.frame = "student", frame
                return True
            if self._idle.is_set():
                self.turn = "grader"
                return True
            if (left := until - real_time.monotonic()) <= 0:
                assert patience < STUCK, "the judge stands still"
                return False
            watched = [
                self._bell,
                *([] if not self.processes or self.student.gone else [self.student.socket]),
            ]
            ready, _, _ = select.select(watched, [], [], left)
            if self._bell in ready:
                os.read(self._bell, 4096)

    def sleep(self, seconds: float) -> None:
        """Time goes by while the judge waits for the student; a byte of output has it look at its clock."""
        before = len(self.processes)
        for _ in range(3):  # between two waits nobody's clock runs, and what goes by just then is not seen
            self.clock.ahead += seconds
            self.student.print(b".")
            if self.settle(30.0):
                return
        raise AssertionError(f"no limit was met; {before} processes")

    def close(self) -> None:
        """End what still runs: the student hangs up, the grader returns. Idempotent."""
        if self._closed:
            return
        self._closed = True
        while not self.ended:
            if self.turn == "grader":
                self.ask_grader(None)
            else:
                if not self.student.gone:
                    self.student.hang_up(Ending(0, None))
                self.settle()
        self._thread.join(STUCK)
        self._undo.close()
        for process in self.processes:
            process.close()
        os.close(self._bell)
        os.close(self._ringer)
