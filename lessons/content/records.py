"""A course, read and rendered: what the loaders store. Plain data, no models, no open questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Heading:
    """A heading of a lesson's list of contents; `title` is HTML without links."""

    level: int
    id: str
    title: str


@dataclass
class QuestionRecord:
    """A quiz question. `public` may reach a page, `answer` may not before it was answered.

    `variants` are `{"prompt", "public", "answer"}` with other numbers, the first of them the question's own.
    """

    key: str
    kind: str
    idea: str
    prompt: str
    public: dict[str, Any]
    answer: dict[str, Any]
    variants: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class IdeaRecord:
    """Something to be understood; `anchor` is the id of a heading of its lesson, or empty."""

    slug: str
    title: str
    lesson: str
    anchor: str = ""


@dataclass(frozen=True)
class Snippet:
    """Code that a page offers to run; `output` is what it says it prints, None if it says nothing."""

    name: str
    runtime: str
    code: str
    output: str | None
    path: str
    line: int


@dataclass
class LessonRecord:
    """A lesson; one that is not written has no HTML."""

    number: str
    slug: str
    title: str
    path: str = ""
    summary: str = ""
    minutes: int | None = None
    html: str = ""
    contents: list[Heading] = field(default_factory=list)
    questions: list[QuestionRecord] = field(default_factory=list)
    labs: list[str] = field(default_factory=list)
    snippets: list[Snippet] = field(default_factory=list)
    words: int = 0
    written: bool = False


@dataclass
class PageRecord:
    """A front or end page; `place` is "front" or "end"."""

    slug: str
    title: str
    place: str
    html: str = ""
    snippets: list[Snippet] = field(default_factory=list)
    words: int = 0
    written: bool = False


@dataclass
class SectionRecord:
    """A section with its lessons in order."""

    number: str
    title: str
    lessons: list[LessonRecord]


@dataclass
class GroupRecord:
    """A test group of an exercise; `idea` and the hints are HTML, `about` is the slug of an idea."""

    slug: str
    title: str
    idea: str
    about: str
    points: int
    visible: bool
    requires: list[str]
    hints: dict[str, str]


@dataclass
class ExerciseRecord:
    """An exercise. `folder` is relative to the course; the hash is of all that grading depends on."""

    slug: str
    title: str
    lesson: str
    kind: str
    difficulty: int
    runtime: str
    functions: list[str]
    limits: dict[str, float]
    groups: list[GroupRecord]
    statement: str
    starter: str
    grader: str
    content_hash: str
    folder: str
    leaderboard: dict[str, Any] = field(default_factory=dict)


@dataclass
class UnitRecord:
    """A unit with its sections, its promised exercises and those that exist, and its end quiz."""

    number: int
    slug: str
    title: str
    folder: str
    html: str
    goals: list[str]
    sections: list[SectionRecord]
    promised: list[str]
    exercises: list[ExerciseRecord]
    quiz: list[QuestionRecord] = field(default_factory=list)


@dataclass
class CourseRecord:
    """The whole course."""

    slug: str
    title: str
    description: str
    keywords: list[str]
    level: str
    duration_estimate: str
    prerequisites: list[str]
    audience: list[str]
    updated: str
    pages: list[PageRecord]
    units: list[UnitRecord]
    labs: list[str]
    ideas: list[IdeaRecord] = field(default_factory=list)
    certificate: dict[str, float] = field(default_factory=dict)
    quiz_tries: int | None = None

    @property
    def lessons(self) -> list[LessonRecord]:
        """All lessons, in the order of the outline."""
        return [lesson for unit in self.units for section in unit.sections for lesson in section.lessons]

    @property
    def snippets(self) -> list[Snippet]:
        """All code that some page offers to run."""
        in_lessons = [snippet for lesson in self.lessons for snippet in lesson.snippets]
        return in_lessons + [snippet for page in self.pages for snippet in page.snippets]

    @property
    def exercises(self) -> list[ExerciseRecord]:
        """The exercises that exist."""
        return [exercise for unit in self.units for exercise in unit.exercises]
