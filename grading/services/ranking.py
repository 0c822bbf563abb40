"""Being seen on an exercise's leaderboard, and no longer."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.services import choose_alias
from exercises.models import Exercise
from grading.models import LeaderboardEntry


@transaction.atomic
def join_leaderboard(*, student: User, exercise: Exercise, alias: str) -> None:
    """Show the student by `alias`, which is their profile's from then on. Raises AliasTaken."""
    choose_alias(user=student, alias=alias)
    LeaderboardEntry.objects.get_or_create(student=student, exercise=exercise)


def leave_leaderboard(*, student: User, exercise: Exercise) -> None:
    """Show the student there no longer; their results stay theirs."""
    LeaderboardEntry.objects.filter(student=student, exercise=exercise).delete()
