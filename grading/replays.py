"""A student's own optimisers on the surfaces of the race, as the judge recorded them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from grading.models import GroupResult, Kind, State
from lessons.models import Course


def address(course: Course) -> str:
    """Where the race lab asks for them."""
    return reverse("grading:replays", args=[course.slug])


def replays_of(*, student: User, course: Course) -> list[dict[str, Any]]:
    """Of each exercise that records runs, those of the newest hand-in, the newest of all first: 1 query.

    `exercise` is its title, and `label` names the attempt too; `surface` and `path` are as
    `grading.judge.races` keeps them.
    """
    results = (
        GroupResult.objects.filter(
            evidence__has_key="replays",
            grading__submission__student=student,
            grading__submission__exercise__course=course,
            grading__submission__kind=Kind.SUBMIT,
            grading__submission__state=State.GRADED,
        )
        .select_related("grading__submission__exercise")
        .only(
            "evidence",
            "grading__submission__attempt_number",
            "grading__submission__exercise__title",
        )
        .order_by("-grading__submission__queued_at", "-grading__number", "pk")
    )
    newest: dict[int, int] = {}
    told = []
    for result in results:
        submission = result.grading.submission
        if newest.setdefault(submission.exercise_id, result.grading_id) != result.grading_id:
            continue
        title = submission.exercise.title
        label = _("%(exercise)s, entrega %(number)s") % {
            "exercise": title,
            "number": submission.attempt_number,
        }
        told += [{"exercise": title, "label": label, **replay} for replay in result.evidence["replays"]]
    return told
