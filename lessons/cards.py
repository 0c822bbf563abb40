"""Exercises as lessons and course pages show them, without knowing the apps that hold them.

Imports go from exercises to lessons and never back, so an app above registers who can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User

from .models import Course


@dataclass(frozen=True)
class ExerciseCard:
    """What stands on a card. `score` is the student's best that counts, None before the first such hand-in.

    `best` is the best of all, those handed in after the deadline too, which do not count.
    `own_deadline` is that of the student's cohort for this exercise alone; None: it is due with its unit.
    """

    slug: str
    title: str
    url: str
    kind: str
    difficulty: int
    unit_number: int
    lesson_number: str | None
    score: float | None = None
    best: float | None = None
    begun: bool = False
    own_deadline: datetime | None = None

    @property
    def passed(self) -> bool:
        """Whether every group passed in some hand-in."""
        return self.best is not None and self.best >= 100

    @property
    def earned(self) -> bool:
        """Whether every group passed in a hand-in that counts."""
        return self.score is not None and self.score >= 100

    @property
    def stars(self) -> list[bool]:
        """Three stars, lit up to the difficulty."""
        return [place <= self.difficulty for place in (1, 2, 3)]


Provider = Callable[[Course, User | None], Sequence[ExerciseCard]]
_providers: list[Provider] = []


def provide_exercise_cards(provider: Provider) -> None:
    """Register who knows the exercises of a course, when its app is ready."""
    if provider not in _providers:
        _providers.append(provider)


def exercise_cards(*, course: Course, student: User | None) -> list[ExerciseCard]:
    """The course's exercises in order, with the student's best score; as many queries as the provider."""
    return [card for provider in _providers for card in provider(course, student)]
