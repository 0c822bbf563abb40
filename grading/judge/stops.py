"""How a group ends before its end, and whose fault that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .verdicts import Verdict


class Stop(BaseException):
    """A verdict reached in the middle of a group.

    Not an `Exception`: a grader's own `except Exception` must not swallow what the student did.
    `fraction` is None where the verdict scores what the author had given so far (see `Attempt.score`).
    """

    def __init__(
        self,
        verdict: Verdict,
        message: str,
        *,
        hint: str = "",
        evidence: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.verdict = verdict
        self.message = message
        self.hint = hint
        self.evidence = dict(evidence or {})


class GraderFault(Exception):
    """The author's grader is wrong: our fault, never the student's. `line` is in grader.py."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line
