"""Who stands where on a leaderboard: the best hand-in that counts, of those who want to be seen."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from django.db.models import F, FloatField, OuterRef, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from accounts.models import User
from exercises.models import Exercise
from grading.models import Grading, GroupResult, Kind, LeaderboardEntry, State


@dataclass(frozen=True)
class Row:
    """One place. `tied`: the first and last place whose intervals touch this one's."""

    place: int
    alias: str
    value: float
    spread: float
    at: datetime
    is_own: bool = False
    tied: tuple[int, int] = (0, 0)

    @property
    def is_tied(self) -> bool:
        """Whether the difference to a neighbour is within their intervals."""
        return self.tied[0] < self.tied[1]


@dataclass(frozen=True)
class Board:
    """The whole table, and the reader's own row: also of who has a result and is not seen by others."""

    rows: list[Row]
    own: Row | None
    is_seen: bool


def board(*, exercise: Exercise, reader: User) -> Board:
    """The leaderboard as `reader` sees it: 2 queries. Less is better; equal values share a place."""
    seen = dict(
        LeaderboardEntry.objects.filter(exercise=exercise)
        .exclude(student__alias="")
        .values_list("student_id", "student__alias")
    )
    best: dict[int, Row] = {}
    for student, value, spread, at in _results(exercise):
        if (student in seen or student == reader.pk) and student not in best:
            alias = seen.get(student, "")
            best[student] = Row(0, alias, value, spread or 0.0, at, is_own=student == reader.pk)
    shown = placed([row for student, row in best.items() if student in seen])
    own = next((row for row in shown if row.is_own), None)
    if own is None and (row := best.get(reader.pk)) is not None:
        own = next(one for one in placed([*(replace(r, is_own=False) for r in shown), row]) if one.is_own)
    return Board(rows=shown, own=own, is_seen=reader.pk in seen)


def _results(exercise: Exercise) -> Sequence[tuple[int, float, float, datetime]]:
    """Student, value, spread and moment of each hand-in that counts: the best first, then the earlier."""
    newest = Grading.objects.filter(submission=OuterRef("grading__submission")).order_by("-number")
    ranked = GroupResult.objects.filter(
        grading=Subquery(newest.values("pk")[:1]),
        grading__submission__exercise=exercise,
        grading__submission__kind=Kind.SUBMIT,
        grading__submission__state=State.GRADED,
        grading__submission__late=False,
        group__slug=exercise.leaderboard["group"],
        evidence__has_key="rank",
    ).annotate(
        value=Cast(KT("evidence__rank__value"), FloatField()),
        spread=Cast(KT("evidence__rank__spread"), FloatField()),
        student=F("grading__submission__student"),
        at=F("grading__submission__queued_at"),
    )
    return list(ranked.order_by("value", "at").values_list("student", "value", "spread", "at"))


def placed(rows: Sequence[Row]) -> list[Row]:
    """In order with their places: equal values share one; what lies within both intervals is tied."""
    ordered = sorted(rows, key=lambda row: (row.value, row.at))
    numbered: list[Row] = []
    for index, row in enumerate(ordered, start=1):
        before = numbered[-1] if numbered else None
        place = before.place if before and before.value == row.value else index
        numbered.append(replace(row, place=place))
    return _with_ties(numbered)


def _with_ties(rows: Sequence[Row]) -> list[Row]:
    """Each row with the first and last place whose interval touches its own; `rows` are in order.

    The highest upper end so far and the lowest lower end from here on only grow along the table, and each
    grows at a row that has it: so the outermost row that is touched is found by halving.
    """
    uppers = list(accumulate((row.value + row.spread for row in rows), max))
    lowers = list(accumulate((row.value - row.spread for row in reversed(rows)), min))[::-1]
    return [
        replace(
            row,
            tied=(
                rows[bisect_left(uppers, row.value - row.spread)].place,
                rows[bisect_right(lowers, row.value + row.spread) - 1].place,
            ),
        )
        for row in rows
    ]
