"""Running a piece of a lesson's code: nothing is called and nothing is scored, only seen."""

from __future__ import annotations

from dataclasses import dataclass

from grading.sandbox import Backend, Runtime

from .events import Emit, Live
from .report import JobLimits
from .session import Session
from .spanish import printable
from .stops import Stop
from .verdicts import Verdict


@dataclass(frozen=True)
class CodeReport:
    """What a run printed, and how it ended. `line` is where it stopped, None if it did not."""

    verdict: Verdict
    output: str
    message: str = ""
    line: int | None = None
    seconds: float = 0.0


def run_code(
    *, source: str, runtime: Runtime, limits: JobLimits, backend: Backend, emit: Emit = lambda _event: None
) -> CodeReport:
    """Run `source` as a module in a walled process of its own, seeded alike each time.

    Raises WallFault for what is ours.
    """
    session = Session(backend, runtime, limits, source, Live(emit))
    stop: Stop | None = None
    try:
        session.load((), seed=0)
        session.check_output()
    except Stop as ended:
        stop = ended
    finally:
        session.close()
    line = stop.evidence.get("line") if stop else None
    return CodeReport(
        verdict=stop.verdict if stop else Verdict.PASSED,
        output=printable(session.output(), 2 * limits.output_kb * 1024, lines=True),
        message=stop.message if stop else "",
        line=line if isinstance(line, int) else None,
        seconds=round(session.spent.seconds, 3),
    )
