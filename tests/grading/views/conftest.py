"""Results written as a worker would write them, without running anything."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from grading.models import Grading, GroupResult, State, Submission


def grade(submission: Submission, score: float, **groups: dict[str, Any]) -> Submission:
    """Give the submission a result; each group takes the fields of its GroupResult, passed when left out."""
    grading = Grading.objects.create(
        submission=submission, version=submission.version, score=score, seconds=0.5, output="hola\n"
    )
    for group in submission.version.groups.all():
        fields = {"verdict": "passed", "fraction": 1.0, **groups.get(group.slug, {})}
        GroupResult.objects.create(grading=grading, group=group, **fields)
    submission.state, submission.score, submission.finished_at = State.GRADED, score, timezone.now()
    submission.save()
    return submission


CURVE = [
    {"label": "tú", "role": "student", "points": [[0, 1.0], [1, 0.1], [2, 0.01], [3, None]]},
    {"label": "objetivo", "role": "target", "y": 0.001},
]
