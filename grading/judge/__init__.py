"""The trusted side: runs the author's grader, talks to the student's process, decides.

`grade.py` is the door; `author.py` is what the author of an exercise writes against.
"""

from .grade import grade
from .report import GroupReport, GroupSpec, Job, JobLimits, Report
from .stops import GraderFault

__all__ = ["GraderFault", "GroupReport", "GroupSpec", "Job", "JobLimits", "Report", "grade"]
