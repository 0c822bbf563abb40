"""Two sources line by line, and what changed in their results."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.conf import settings

MOST_LINES = settings.SUBMISSION_MAX_LINES


@dataclass(frozen=True)
class Row:
    """A line of the comparison; a side that has no such line is None."""

    before: str | None
    after: str | None
    before_number: int | None
    after_number: int | None

    @property
    def removed(self) -> bool:
        return self.before is not None and not self.same

    @property
    def added(self) -> bool:
        return self.after is not None and not self.same

    @property
    def same(self) -> bool:
        return self.before == self.after


def too_long(*sources: str) -> bool:
    """Whether comparing would cost more than a page may."""
    return any(source.count("\n") > MOST_LINES for source in sources)


def rows(before: str, after: str, *, context: int = 4) -> list[Row | None]:
    """The lines side by side; None stands for a stretch of equal lines left out.

    Only a line feed ends a line: `splitlines` would find lines that `too_long` has not counted.
    """
    old, new = (source.removesuffix("\n").split("\n") if source else [] for source in (before, after))
    found: list[Row | None] = []
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(context):
        if group[0][1] > 0 or found:
            found.append(None)
        for kind, i1, i2, j1, j2 in group:
            if kind == "equal":
                found += [
                    Row(old[i], new[j], i + 1, j + 1)
                    for i, j in zip(range(i1, i2), range(j1, j2), strict=True)
                ]
                continue
            for offset in range(max(i2 - i1, j2 - j1)):
                i, j = i1 + offset, j1 + offset
                found.append(
                    Row(
                        old[i] if i < i2 else None,
                        new[j] if j < j2 else None,
                        i + 1 if i < i2 else None,
                        j + 1 if j < j2 else None,
                    )
                )
    return found


def unified(lines: list[Row | None]) -> list[Row | None]:
    """The same rows for one column: in each change, first all that went, then all that came."""
    out: list[Row | None] = []
    went: list[Row] = []
    came: list[Row] = []
    for row in [*lines, None]:
        if row is not None and not row.same:
            if row.before is not None:
                went.append(Row(row.before, None, row.before_number, None))
            if row.after is not None:
                came.append(Row(None, row.after, None, row.after_number))
            continue
        out += [*went, *came]
        went, came = [], []
        out.append(row)
    return out[:-1]


@dataclass(frozen=True)
class Change:
    """A group whose verdict differs; None where one side did not measure it."""

    title: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def icon(self) -> str:
        return "arrow-up" if fraction(self.after) > fraction(self.before) else "arrow-down"

    @property
    def same_verdict(self) -> bool:
        """Whether only the points differ."""
        return bool(self.before and self.after and self.before["verdict"] == self.after["verdict"])

    @property
    def before_points(self) -> int:
        return points(self.before)

    @property
    def after_points(self) -> int:
        return points(self.after)


def fraction(group: dict[str, Any] | None) -> float:
    """The part of the points that was won; 0 where the group was not measured."""
    return float(group["fraction"]) if group else 0.0


def points(group: dict[str, Any] | None) -> int:
    """The points that were won, rounded."""
    return round(fraction(group) * group["points"]) if group else 0


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """The groups that ended differently, in the order of the exercise."""
    old = {group["slug"]: group for group in before["groups"]}
    new = {group["slug"]: group for group in after["groups"]}
    slugs = list(dict.fromkeys([*old, *new]))
    return [
        Change(title=(new.get(slug) or old[slug])["title"], before=old.get(slug), after=new.get(slug))
        for slug in slugs
        if verdict(old.get(slug)) != verdict(new.get(slug))
    ]


def verdict(group: dict[str, Any] | None) -> tuple[Any, Any]:
    """What is compared of a group's result."""
    return (group["verdict"], group["fraction"]) if group else (None, None)
