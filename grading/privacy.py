"""What this app holds of a person: hand-ins with what came of them, and comments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F

from accounts import privacy
from accounts.models import User

from .models import (
    Comment,
    Grading,
    GroupResult,
    Kind,
    LeaderboardEntry,
    Regrade,
    RegradeItem,
    RegradeState,
    Submission,
)

HELD = (Comment, Grading, GroupResult, LeaderboardEntry, Regrade, RegradeItem, Submission)
COURSE, EXERCISE = "exercise__course__slug", "exercise__slug"


def export(person: User) -> Iterator[privacy.Part]:
    """Each hand-in with its gradings, its source as a file, and the comments on it and by them."""
    yield privacy.Records(
        "submissions.json",
        Submission.objects.filter(student=person).values(
            "id",
            "kind",
            "attempt_number",
            "state",
            "score",
            "late",
            "queued_at",
            "finished_at",
            course=F(COURSE),
            exercise_slug=F(EXERCISE),
        ),
    )
    yield privacy.Records(
        "gradings.json",
        Grading.objects.filter(submission__student=person).values(
            "id", "submission_id", "number", "score", "seconds", "output", "created_at"
        ),
    )
    yield privacy.Records(
        "group-results.json",
        GroupResult.objects.filter(grading__submission__student=person).values(
            "grading_id",
            "verdict",
            "fraction",
            "message",
            "evidence",
            "curves",
            group_title=F("group__title"),
        ),
    )
    yield privacy.Records(
        "comments-on-your-code.json",
        Comment.objects.filter(submission__student=person, deleted_at__isnull=True).values(
            "submission_id", "line", "text", "created_at", author_name=F("author__name")
        ),
    )
    yield privacy.Records(
        "comments-by-you.json",
        Comment.objects.filter(author=person).values(
            "submission_id", "line", "text", "created_at", "deleted_at"
        ),
    )
    yield privacy.Records(
        "regrades.json",
        RegradeItem.objects.filter(submission__student=person, regrade__state=RegradeState.APPLIED).values(
            "submission_id", "before", "after", reason=F("regrade__reason"), applied_at=F("regrade__ended_at")
        ),
    )
    yield privacy.Records(
        "regrades-by-you.json",
        Regrade.objects.filter(asked_by=person).values(
            "reason", "state", "since", "created_at", "ended_at", exercise_slug=F("exercise__slug")
        ),
    )
    yield privacy.Records(
        "leaderboards.json",
        LeaderboardEntry.objects.filter(student=person).values("joined_at", exercise_slug=F(EXERCISE)),
    )
    submissions = Submission.objects.filter(student=person).select_related("exercise__course")
    for submission in submissions.iterator(chunk_size=100):
        attempt = submission.attempt_number
        name = f"attempt-{attempt}" if attempt else f"run-{submission.pk}"
        place = f"{submission.exercise.course.slug}/{submission.exercise.slug}"
        yield privacy.Text(f"sources/{place}/{name}.py", submission.source)


def erase(person: User, _at: datetime) -> None:
    """Marks and verdicts stay as nobody's; the code, what it printed and what was said of it go.

    Code is written by a hand and tells whose: a name in a comment, a path of a home folder. Without it a
    hand-in cannot be graded again, so regrading passes over it. What the person said of other people's code
    belongs to those people now and stays, without its author.
    """
    theirs = Submission.objects.filter(student=person)
    theirs.filter(kind=Kind.RUN).delete()
    LeaderboardEntry.objects.filter(student=person).delete()
    Comment.objects.filter(submission__student=person).delete()
    Comment.objects.filter(author=person).update(author=None)
    Grading.objects.filter(submission__student=person).update(output="")
    GroupResult.objects.filter(grading__submission__student=person).update(message="", evidence={})
    RegradeItem.objects.filter(submission__student=person).update(report=None)
    Regrade.objects.filter(asked_by=person).update(asked_by=None)
    theirs.update(source="")


def register() -> None:
    """Say all this to `accounts.privacy`."""
    privacy.provide_export("grading", export, holds=HELD)
    privacy.provide_erasure("grading", erase, holds=HELD)
