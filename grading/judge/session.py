"""One walled process with one source in it, and the conversation that makes verdicts of what it does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from grading.sandbox import Backend, Limits, Process, Runtime, Usage

from . import endings
from .channel import BadFrame, Channel, Closed, OutputOverflow, Overdue, TimeIsUp
from .cores import SharedCore, has_a_core_to_spare
from .events import Live
from .report import JobLimits
from .stops import GraderFault, Stop

_MB = 1024 * 1024
_LEAST_GRANT = 0.05
_ANSWERS = {"load": ("loaded", 3), "call": ("done", 4)}
"""To each request, its answer and how many items that has."""
_PATIENCE = 2.0
"""Seconds that a process which closed its end has to be gone."""


class Refused(Exception):
    """An oracle answers no more; the text is for the student's code."""


class Answerer(Protocol):
    """What stands behind a proxy in the student's hands."""

    def answer(self, method: str, args: Sequence[Any]) -> Any:
        """The value for the student. Raises Refused, or Stop for a verdict."""


@dataclass
class Raised(Exception):
    """The student's function raised; `stop` is the verdict unless somebody expected it."""

    kinds: tuple[str, ...]
    stop: Stop


@dataclass
class Unsendable(Exception):
    """The function returned something that is not plain data; `what` says what, in the student's words."""

    what: str


@dataclass
class Spent:
    """What a process has cost. Added up when a group needs more than one."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_bytes: int = 0
    peak_gpu_bytes: int = 0

    def add(self, other: Spent) -> None:
        """Sum the times, keep the greatest peaks."""
        self.seconds += other.seconds
        self.cpu_seconds += other.cpu_seconds
        self.peak_memory_bytes = max(self.peak_memory_bytes, other.peak_memory_bytes)
        self.peak_gpu_bytes = max(self.peak_gpu_bytes, other.peak_gpu_bytes)


@dataclass
class Session:
    """Starts the process at once; `close` must follow. `step` tells how far an oracle had come."""

    backend: Backend
    runtime: Runtime
    limits: JobLimits
    source: str
    live: Live
    step: Callable[[], int | None] = lambda: None
    seconds: float = 0.0
    spent: Spent = field(default_factory=Spent)

    def __post_init__(self) -> None:
        self.seconds = self.seconds or self.limits.seconds
        self._overall = overall = 3 * self.seconds + 30
        self._asked_for = 0.0
        self._process: Process = self.backend.start(
            self.runtime,
            Limits(
                wall_seconds=overall + 5,  # the judge's own clocks come first; this one is for a dead judge
                cpu_seconds=self.limits.cpu_seconds,
                memory_bytes=self.limits.memory_mb * _MB,
                output_bytes=self.limits.output_kb * 1024,
                gpu_memory_bytes=self.limits.gpu_memory_mb * _MB,
            ),
        )
        self._number = 0
        self._closed = False
        self._limit, self._granted = self.seconds, 0.0
        self._channel = Channel(
            self._process.channel,
            self._process.output,
            seconds=self.seconds,
            overall=overall,
            output_limit=self.limits.output_kb * 1024,
            core=SharedCore(self._process.pid),
            ticker=self.live,
            printed=self.live.printed,
            extend=self._extend,
        )

    def load(self, functions: Sequence[str], seed: int) -> dict[str, Any]:
        """Run the module's top level; what it says of each function's parameters."""
        try:
            written = self._request(
                ["load", self.source, list(functions), seed, self._channel.spin], {}, self.seconds
            )[0]
        except Raised as error:
            raise error.stop from None
        except Unsendable:  # only a call returns something
            raise endings.intruder() from None
        if type(written) is not dict:
            raise endings.intruder()
        return written

    def call(
        self,
        name: str,
        args: Sequence[Any],
        keywords: Mapping[str, Any],
        oracles: Mapping[int, Answerer],
        *,
        echo: bool = False,
        seconds: float | None = None,
    ) -> tuple[Any, Any]:
        """The function's raw value and, with `echo`, its arguments as the call left them.

        `oracles` are the ones this call may ask. Raises Raised, Unsendable, or Stop for everything else.
        """
        channel, spare = self._channel, 0.0
        if seconds is not None and seconds < channel.remaining:
            spare, channel.remaining = channel.remaining - seconds, seconds
        limit = seconds if seconds is not None and spare else self.seconds
        try:
            answer = self._request(["call", name, list(args), dict(keywords), echo], oracles, limit)
        finally:
            channel.part()
            channel.remaining += spare
            self.live.flush()
        return answer[0], answer[1]

    @property
    def remaining(self) -> float:
        """Seconds of the student's time that are left."""
        return self._channel.remaining

    def note_asked_for(self, seconds: float) -> None:
        """The judge computed so long for what the student's code asked, which is nobody else's choice."""
        self._asked_for += seconds

    def usage(self) -> Usage:
        """What the wall has measured so far."""
        return self._process.usage()

    def output(self) -> str:
        """What was printed so far."""
        return self._channel.output.text()

    def check_output(self) -> None:
        """Read the rest of what was printed; too much of it is a verdict even after a good answer."""
        self._channel.drain()
        if self._channel.output.overflown:
            raise endings.output_limit(self.limits)

    def close(self) -> None:
        """End the process and keep what it cost. Idempotent."""
        if self._closed:
            return
        self._closed = True
        try:
            self._process.kill()
            self._channel.drain()
            usage = self._process.usage()
            self.spent = Spent(
                max(0.0, self.seconds + self._granted - self._channel.remaining),
                usage.cpu_seconds,
                usage.peak_memory_bytes,
                usage.peak_gpu_bytes,
            )
        finally:
            self._process.retire()

    def _request(self, message: list[Any], oracles: Mapping[int, Answerer], limit: float) -> list[Any]:
        self._number += 1
        self._limit = limit
        try:
            self._channel.send([message[0], self._number, *message[1:]])
            return self._converse(*_ANSWERS[message[0]], oracles)
        except TimeIsUp:
            usage = self._process.usage()
            raise endings.time_limit(limit, usage, self.step(), granted=self._granted) from None
        except Overdue:
            raise self._overdue() from None
        except OutputOverflow:
            raise endings.output_limit(self.limits) from None
        except BadFrame as broken:
            raise endings.bad_frame(str(broken)) from None
        except Closed:
            raise self._ended() from None
        except TypeError as unsendable:
            raise GraderFault(f"an argument of the call: {unsendable}") from unsendable

    def _converse(self, due: str, length: int, oracles: Mapping[int, Answerer]) -> list[Any]:
        """What comes with the answer `due`, a message of that length; asked oracles answer meanwhile."""
        channel = self._channel
        while True:
            message = channel.receive()
            if type(message) is not list or len(message) < 3 or type(message[0]) is not str:
                raise endings.intruder()
            verb = message[0]
            if verb == "ask":
                self._answer(message, oracles)
                continue
            if type(message[1]) is not int or message[1] != self._number:  # an array is not even comparable
                raise endings.intruder()
            if verb == due and len(message) == length:
                return message[2:]
            if verb == "raised":
                info = message[2]
                stop = endings.raised(info, self.source, self.limits, self.step())
                kinds = info.get("kinds") if type(info) is dict else None
                raise Raised(tuple(k for k in kinds if type(k) is str) if type(kinds) is list else (), stop)
            if verb == "unsendable" and type(message[2]) is str:
                raise Unsendable(message[2])
            raise endings.intruder()

    def _answer(self, message: list[Any], oracles: Mapping[int, Answerer]) -> None:
        if len(message) != 4:
            raise endings.intruder()
        _, reference, method, args = message
        if type(reference) is not int or type(method) is not str or type(args) is not list:
            raise endings.intruder()
        oracle = oracles.get(reference)
        if oracle is None:
            raise endings.intruder()
        started = time.monotonic()
        try:
            answer = ["tell", oracle.answer(method, args)]
        except Refused as refusal:
            answer = ["refuse", str(refusal)]
        self.note_asked_for(time.monotonic() - started)
        self._channel.refuse_overdue()
        self._channel.send(answer)

    def _extend(self) -> float:
        """More time for who did not get the processor: on a loaded machine a second is not a second.

        What the process has not computed of its time, up to twice that time in all. Whoever sleeps
        meanwhile gets it too, which costs nobody anything.
        """
        if has_a_core_to_spare():
            return 0.0
        missed = self._limit - self._process.usage().cpu_seconds
        more = min(missed, 2 * self._limit - self._granted)
        if more < _LEAST_GRANT:
            return 0.0
        self._granted += more
        return more

    def _overdue(self) -> Stop | GraderFault:
        """Whose the time was: what was asked for against what the grader did by itself."""
        students = self.seconds + self._granted - self._channel.remaining
        if self._asked_for >= self._overall - students - self._asked_for:
            return endings.asked_too_much(self._asked_for, self._overall, self.step())
        return GraderFault("the group took too long, and the time was the grader's own")

    def _ended(self) -> Stop | GraderFault:
        try:
            ending = self._process.wait(_PATIENCE)
        except TimeoutError:
            return endings.hung_up()
        if ending.out_of_time == "wall":  # a clock behind the channel's, which nobody looked at meanwhile
            return self._overdue()
        return endings.ended(ending, self._process.usage(), self.limits, self.step())
