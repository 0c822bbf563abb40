"""What a grading is asked and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grading.sandbox import Runtime

from .verdicts import Verdict


@dataclass(frozen=True)
class JobLimits:
    """The limits of one group. `seconds` is the student's own time, measured by the judge;
    `calls` bounds each oracle that has no budget of its own; `gpu_memory_mb` counts on a GPU alone."""

    seconds: float = 5.0
    cpu_seconds: float = 5.0
    memory_mb: int = 256
    calls: int = 10_000
    output_kb: int = 64
    gpu_memory_mb: int = 1024

    @classmethod
    def of(cls, limits: Mapping[str, float]) -> JobLimits:
        """From the mapping of an exercise's front matter; what it leaves out keeps its default."""
        asked = {name: limits[name] for name in cls.__dataclass_fields__ if name in limits}
        asked.setdefault("cpu_seconds", asked.get("seconds", cls.cpu_seconds))
        whole = {"memory_mb", "calls", "output_kb", "gpu_memory_mb"}
        return cls(**{name: int(v) if name in whole else float(v) for name, v in asked.items()})  # type: ignore[arg-type]


@dataclass(frozen=True)
class GroupSpec:
    """A test group as exercise.md states it. `hints` maps a key to its text; only the keys matter here."""

    slug: str
    title: str
    points: float
    visible: bool = False
    requires: tuple[str, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """Everything that a grading depends on: the same job gives the same inputs again."""

    grader: str
    source: str
    groups: tuple[GroupSpec, ...]
    functions: tuple[str, ...]
    runtime: Runtime
    limits: JobLimits
    seed: int
    visible_only: bool = False


@dataclass(frozen=True)
class GroupReport:
    """How one group ended. `message` speaks of the student's own run and holds no hidden number.

    `evidence` is plain JSON: for an exception `line`, `text`, `type`, `traceback`; for a syntax error
    also `offset`; for a divergence `step`, `since`, `growth`; and what the grader noted. Each of
    `curves` is {"label", "role": student | reference | target, "points": [[x, y], …]}; a target has
    "y" instead of points.
    """

    slug: str
    verdict: Verdict
    fraction: float = 0.0
    message: str = ""
    hint: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    curves: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_bytes: int = 0
    peak_gpu_bytes: int = 0
    """Of a GPU's memory; stored in `evidence` as `gpu_mb`, for few exercises have any."""


@dataclass(frozen=True)
class Report:
    """The result of a grading. `score` is 0 to 100, `output` what the student's code printed."""

    groups: tuple[GroupReport, ...]
    score: float
    output: str
    seconds: float
