"""Grade one submission: the door through which everything else uses the judge."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from grading.sandbox import Backend, WallFault

from . import graders
from .author import Attempt
from .comparison import plain
from .events import Emit, Interrupted, Live
from .report import GroupReport, GroupSpec, Job, Report
from .room import Room
from .signatures import Signature
from .spanish import integer, printable
from .stops import GraderFault, Stop
from .verdicts import Verdict

MOST_SOURCE = 256 * 1024
"""Bytes of a source. The site refuses a larger one before it comes here."""


def grade(job: Job, backend: Backend, emit: Emit = lambda _: None) -> Report:
    """Run the job's groups in order, each in a fresh walled process, and report on all of them.

    `emit` hears of it meanwhile (see `Event` kinds in docs/graders.md); if it raises, the grading ends and
    the exception goes to the caller. Raises WallFault and GraderFault: our faults, never a verdict.
    """
    started = time.monotonic()
    try:
        with np.errstate(all="ignore"):  # a grader meets inf on purpose
            reports, output = _Grading(job, backend, Live(emit)).run()
    except Interrupted as unwanted:
        raise unwanted.__cause__ or unwanted from None
    total = sum(spec.points for spec in _asked(job))
    points = {spec.slug: spec.points for spec in job.groups}
    earned = sum(points[report.slug] * report.fraction for report in reports)
    score = 100 * earned / total if total else 0.0
    return Report(tuple(reports), score, output, time.monotonic() - started)


def _asked(job: Job) -> list[GroupSpec]:
    return [spec for spec in job.groups if spec.visible or not job.visible_only]


class _Grading:
    def __init__(self, job: Job, backend: Backend, live: Live) -> None:
        self.job, self.backend, self.live = job, backend, live
        self.source = job.source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self.functions = graders.load(job.grader)
        parsed = [Signature.parse(text) for text in job.functions]
        self.signatures: Mapping[str, Signature] = {s.name: s for s in parsed}
        self.doomed = _look_at(self.source)
        """A verdict for every group that is left, known without running it."""
        self.printed: list[str] = []

    def run(self) -> tuple[list[GroupReport], str]:
        specs = _asked(self.job)
        verdicts: dict[str, Verdict] = {}
        reports = []
        for index, spec in enumerate(specs, 1):
            self.live.emit(
                {
                    "type": "group_started",
                    "slug": spec.slug,
                    "title": spec.title,
                    "index": index,
                    "total": len(specs),
                }
            )
            report = self._group(spec, verdicts, specs)
            verdicts[spec.slug] = report.verdict
            reports.append(report)
            self.live.emit(
                {"type": "group", "slug": spec.slug, "title": spec.title, "verdict": report.verdict.value,
                 "fraction": report.fraction, "message": report.message}
            )  # fmt: skip
        return reports, "\n".join(self.printed)

    def _group(
        self, spec: GroupSpec, verdicts: Mapping[str, Verdict], specs: Sequence[GroupSpec]
    ) -> GroupReport:
        function = self.functions.get(spec.slug)
        if function is None:
            raise GraderFault(f'no function of the grader has @group("{spec.slug}")')
        if self.doomed is not None:
            return _stopped(spec, self.doomed)
        titles = {other.slug: other.title for other in specs}
        missing = [slug for slug in spec.requires if verdicts.get(slug, Verdict.PASSED) != Verdict.PASSED]
        if missing:
            text = f"No se ejecutó: depende de «{titles[missing[0]]}»."
            return GroupReport(spec.slug, Verdict.NOT_RUN, message=text)
        room = Room(self.job, spec, self.source, self.backend, self.live, self.signatures)
        try:
            report = self._attempt(room, function)
        finally:
            room.close()
            self.live.flush()
        self._keep_output(spec, room.output, len(specs) > 1)
        gpu = room.spent.peak_gpu_bytes
        noted = {"gpu_mb": round(gpu / 2**20, 1)} if gpu else {}
        return replace(
            report,
            calls=sum(oracle.calls for oracle in room.oracles.values()),
            seconds=round(room.spent.seconds, 4),
            cpu_seconds=round(room.spent.cpu_seconds, 4),
            peak_memory_bytes=room.spent.peak_memory_bytes,
            peak_gpu_bytes=gpu,
            curves=room.all_curves(),
            evidence=plain(room.evidence | report.evidence) | noted,
        )

    def _attempt(self, room: Room, function: graders.GroupFunction) -> GroupReport:
        try:
            room.open()
        except Stop as stop:
            self.doomed = stop  # the module itself is at fault, and it is the same in every group
            return _stopped(room.spec, stop)
        try:
            function(Attempt(room))
            room.finish()
        except Stop as stop:
            return _concluded(room, stop)
        except (WallFault, Interrupted):
            raise
        except Exception as broken:
            raise graders.fault(broken) from broken
        return _concluded(room, None)

    def _keep_output(self, spec: GroupSpec, text: str, several: bool) -> None:
        if text:
            shown = printable(text, 2 * self.job.limits.output_kb * 1024, lines=True)
            self.printed.append(f"── {spec.title} ──\n{shown}" if several else shown)


def _stopped(spec: GroupSpec, stop: Stop) -> GroupReport:
    return GroupReport(spec.slug, stop.verdict, message=stop.message, hint=stop.hint, evidence=stop.evidence)


def _concluded(room: Room, stop: Stop | None) -> GroupReport:
    """The verdict of a group whose function returned, or was left by `stop`."""
    spec, exhausted = room.spec, room.exhausted()
    fraction, hint, message = room.score or (1.0, "", "")
    if stop is not None and stop.verdict not in (Verdict.WRONG, Verdict.OVER_BUDGET):
        return _stopped(spec, stop)
    if stop is None and fraction >= 1.0:
        return GroupReport(spec.slug, Verdict.PASSED, 1.0, message)
    if exhausted is not None:  # what went beyond the budget is the reason for whatever is missing
        reached = fraction if room.score and _scores(room) and (stop is None or stop is exhausted) else 0.0
        return replace(
            _stopped(spec, exhausted),
            fraction=min(reached, 1.0),
            hint=stop.hint if stop and stop.hint else hint,
        )
    if stop is not None:
        return _stopped(spec, stop)
    text = message or f"El resultado cumple solo en parte la idea de «{spec.title}»."
    return GroupReport(spec.slug, Verdict.WRONG, fraction, text, hint)


def _scores(room: Room) -> bool:
    return any(o.exhausted and o.on_exhausted == "score" for o in room.oracles.values())


def _look_at(source: str) -> Stop | None:
    """What can be said of a source without running or even reading it as Python."""
    size = len(source.encode("utf-8", "replace"))
    text = ""
    if not source.strip():
        text = "No hay código: escribe tu función y vuelve a probar."
    elif size > MOST_SOURCE:
        text = f"Tu código ocupa {integer(size // 1024)} kB; el máximo son {integer(MOST_SOURCE // 1024)} kB."
    elif "\0" in source:
        line = source.count("\n", 0, source.index("\0")) + 1
        text = f"Tu código tiene un carácter nulo (NUL) en la línea {integer(line)}: vuelve a escribirla."
        return Stop(Verdict.EXCEPTION, text, evidence={"line": line})
    elif any("\ud800" <= c <= "\udfff" for c in source):
        text = "Tu código tiene caracteres que no son texto UTF-8."
    return Stop(Verdict.EXCEPTION, text) if text else None
