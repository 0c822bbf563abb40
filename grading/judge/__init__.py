"""The trusted side: runs the author's grader, talks to the student's process, decides.

`grade` is the door; `author.py` is what the author of an exercise writes against. Names are loaded
when first used: the web process asks this package for its verdicts only, and needs no sandbox. NumPy
comes with them, and is told first to compute here as it does inside the wall and on other machines.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .judging import grade
    from .report import GroupReport, GroupSpec, Job, JobLimits, Report
    from .running import CodeReport, run_code
    from .stops import GraderFault

__all__ = [
    "CodeReport",
    "GraderFault",
    "GroupReport",
    "GroupSpec",
    "Job",
    "JobLimits",
    "Report",
    "grade",
    "run_code",
]

_HOMES = {"grade": "judging", "GraderFault": "stops", "run_code": "running", "CodeReport": "running"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from grading.sandbox import arithmetic

    for variable, value in arithmetic.environment().items():
        os.environ.setdefault(variable, value)
    return getattr(import_module(f".{_HOMES.get(name, 'report')}", __name__), name)
