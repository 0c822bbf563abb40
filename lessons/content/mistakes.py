"""Mistakes of an author: collected, with file and line, and told all at once."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Where:
    """A line of a file; `path` is relative to the course folder, lines count from 1."""

    path: str
    line: int = 1

    def down(self, lines: int) -> Where:
        """The place so many lines further down."""
        return Where(self.path, self.line + lines)


@dataclass(frozen=True, order=True)
class Mistake:
    """What is wrong and where; prints as an editor expects it."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass
class Mistakes:
    """Collects; the same mistake told twice counts once."""

    found: set[Mistake] = field(default_factory=set)

    def add(self, where: Where, message: str) -> None:
        """Take note of a mistake and go on."""
        self.found.add(Mistake(where.path, where.line, message))

    def listed(self) -> list[Mistake]:
        """By file and line."""
        return sorted(self.found)

    def __bool__(self) -> bool:
        return bool(self.found)
