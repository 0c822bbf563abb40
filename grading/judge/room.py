"""What stands behind one `Attempt`: its process, its oracles, its seed, and what the author left."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np

from grading.sandbox import Backend, Usage

from .curves import thin
from .events import Live
from .oracles import Oracle
from .report import GroupSpec, Job, JobLimits
from .session import Session, Spent
from .signatures import Signature, compare
from .stops import GraderFault, Stop
from .verdicts import Verdict

_MOST_CURVES = 12


def seed_of(seed: int, slug: str, purpose: str) -> int:
    """A number of 128 bits: stable across machines, and telling nothing of the others made this way."""
    text = f"{seed}/{slug}/{purpose}".encode()
    return int.from_bytes(blake2b(text, digest_size=16).digest(), "big")


@dataclass
class Room:
    """One group's grading in progress."""

    job: Job
    spec: GroupSpec
    source: str
    backend: Backend
    live: Live
    signatures: Mapping[str, Signature]
    score: tuple[float, str, str] | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    curves: list[dict[str, Any]] = field(default_factory=list)
    oracles: dict[int, Oracle] = field(default_factory=dict)
    output: str = ""
    last_seconds: float = 0.0

    def __post_init__(self) -> None:
        seeds = np.random.SeedSequence(seed_of(self.job.seed, self.spec.slug, "judge"))
        self.rng = np.random.default_rng(seeds)
        self._asked: Sequence[Oracle] = ()
        self._session: Session | None = None
        self._spent = Spent()
        self._left = self.job.limits.seconds

    @property
    def limits(self) -> JobLimits:
        """The exercise's limits."""
        return self.job.limits

    def open(self) -> None:
        """Start the process and load the student's module. Raises Stop if that is already a verdict."""
        self._session = Session(
            self.backend, self.job.runtime, self.limits, self.source, self.live, self.step, self._left
        )
        seed = seed_of(self.job.seed, self.spec.slug, "student") % 2**32
        written = self._session.load(list(self.signatures), seed)
        if complaint := compare(list(self.signatures.values()), written, self.source):
            raise Stop(Verdict.BAD_VALUE, complaint)

    def restart(self) -> None:
        """A fresh process with the same source, on the time that is left."""
        self.close()
        self.open()

    def close(self) -> None:
        """End the process, and take what it printed and cost."""
        session, self._session = self._session, None
        if session is None:
            return
        session.close()
        self.output += session.output()
        self._left = max(0.001, self._left - session.spent.seconds)
        self._spent.add(session.spent)

    def finish(self) -> None:
        """The group function returned: what was printed until now may still be too much."""
        if self._session is not None:
            self._session.check_output()

    @contextmanager
    def inner(self, program: str, function: str, seconds: float | None) -> Iterator[Session]:
        """A process of its own for a program of the author's, which computes for the student."""
        started = time.monotonic()
        session = Session(
            self.backend,
            self.job.runtime,
            self.limits,
            program,
            self.live,
            self.step,
            seconds or self.limits.seconds,
        )
        try:
            seed = seed_of(self.job.seed, self.spec.slug, "program") % 2**32
            try:
                session.load([function], seed)
            except Stop as stop:
                if stop.verdict in (Verdict.EXCEPTION, Verdict.BAD_VALUE):
                    raise GraderFault(f"run_inside: {stop.message}") from None
                raise
            self._asked = list(self.oracles.values())
            yield session
        finally:
            session.close()
            self._spent.add(session.spent)
            if self._session is not None:
                self._session.note_asked_for(time.monotonic() - started)

    def arrange(
        self, function: str, args: Sequence[Any], keywords: Mapping[str, Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        """The arguments placed as the signature asks."""
        if function not in self.signatures:
            raise GraderFault(f'"{function}" is not among the exercise\'s functions')
        return self.signatures[function].arrange(args, keywords)

    def parameter(self, function: str, position: int) -> str:
        """The name of a parameter, for a message."""
        names = [p.name for p in self.signatures[function].parameters]
        return f"`{names[position]}`" if position < len(names) else str(position + 1)

    def call(
        self,
        function: str,
        args: Sequence[Any],
        keywords: Mapping[str, Any],
        *,
        seconds: float | None = None,
        echo: bool = False,
    ) -> tuple[Any, Any]:
        """The student's raw answer; only the oracles among the arguments answer meanwhile."""
        if self._session is None:
            raise GraderFault("the student's process is closed")
        passed: dict[int, Oracle] = {}
        outward = self.outward(list(args), passed)
        named = self.outward(dict(keywords), passed)
        self._asked = list(passed.values())
        before = self._session.remaining
        try:
            return self._session.call(function, outward, named, passed, seconds=seconds, echo=echo)
        finally:
            self.last_seconds = before - self._session.remaining

    def outward(self, value: Any, passed: dict[int, Oracle] | None = None) -> Any:
        """`value` with each oracle in it replaced by its stand-in, and noted in `passed`."""
        if isinstance(value, Oracle):
            if passed is not None:
                passed[value.reference] = value
            return value.proxy()
        if type(value) is list or type(value) is tuple:
            return type(value)(self.outward(item, passed) for item in value)
        if type(value) is dict:
            return {key: self.outward(item, passed) for key, item in value.items()}
        return value

    def add(self, oracle: Oracle) -> Oracle:
        """Number an oracle and connect it to the live curve."""
        oracle.reference = len(self.oracles) + 1
        if oracle.record is not None:
            label = oracle.label
            oracle.heard = lambda x, y: self.live.point(label, x, y)
        self.oracles[oracle.reference] = oracle
        return oracle

    def step(self) -> int | None:
        """How far the student had come in the call that is running."""
        return max((oracle.steps for oracle in self._asked), default=0) or None

    def exhausted(self) -> Stop | None:
        """The verdict of the first oracle that was asked beyond its budget."""
        return next((o.exhausted for o in self.oracles.values() if o.exhausted), None)

    def usage(self) -> Usage:
        """What the wall measured so far."""
        if self._session is None:
            raise GraderFault("the student's process is closed")
        return self._session.usage()

    @property
    def spent(self) -> Spent:
        """What all processes of the group cost; complete after `close`."""
        return self._spent

    def all_curves(self) -> list[dict[str, Any]]:
        """The author's curves and those that the oracles recorded, at most a dozen."""
        recorded = [
            {
                "label": oracle.label,
                "role": "student",
                "points": [list(point) for point in thin(oracle.points())],
            }
            for oracle in self.oracles.values()
            if oracle.values and any(math.isfinite(v) for v in oracle.values)
        ]
        return [*recorded, *self.curves][:_MOST_CURVES]
