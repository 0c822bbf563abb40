"""The promise of a course (`outline.yaml`): what there will be, under which exact number and title."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .fields import Fields
from .files import Data, Folder, read_yaml
from .mistakes import Mistakes, Where

FILE = "outline.yaml"
Once = Callable[[str, str, Where], str]  # kind, name, where → name; twice is a mistake


@dataclass(frozen=True)
class Titled:
    """A page (`number` is "") or a lesson as promised."""

    slug: str
    title: str
    number: str = ""


@dataclass(frozen=True)
class SectionPlan:
    number: str
    title: str
    lessons: tuple[Titled, ...]


@dataclass(frozen=True)
class UnitPlan:
    number: int
    slug: str
    title: str
    sections: tuple[SectionPlan, ...]
    exercises: tuple[str, ...]

    @property
    def folder(self) -> str:
        return f"{self.number:02d}-{self.slug}"


@dataclass(frozen=True)
class Outline:
    """The promise, in order."""

    units: tuple[UnitPlan, ...] = ()
    front: tuple[Titled, ...] = ()
    end: tuple[Titled, ...] = ()
    labs: tuple[str, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def lessons(self) -> dict[str, Titled]:
        """Every promised lesson by its number."""
        return {lesson.number: lesson for u in self.units for s in u.sections for lesson in s.lessons}

    @property
    def exercises(self) -> dict[str, UnitPlan]:
        """The unit of every promised exercise."""
        return {slug: unit for unit in self.units for slug in unit.exercises}


def read(folder: Folder, mistakes: Mistakes) -> Outline:
    """The outline, or an empty one after telling what is wrong with it."""
    text = folder.text(FILE)
    data = read_yaml(text, Where(FILE), mistakes) if text is not None else None
    if data is None:
        return Outline()
    top = Fields(data, "the outline", mistakes)
    seen: dict[tuple[str, str], Where] = {}

    def once(kind: str, name: str, where: Where) -> str:
        if first := seen.get((kind, name)):
            mistakes.add(where, f"{kind} {name} stands twice in the outline, first on line {first.line}")
        seen[kind, name] = where
        return name

    outline = Outline(
        front=_pages(top, "front", once),
        end=_pages(top, "end", once),
        labs=tuple(
            once("lab", lab, data.at("labs", i)) for i, lab in enumerate(top.texts("labs", required=False))
        ),
        units=tuple(_unit(item, mistakes, once) for item in top.items("units")),
    )
    top.finish()
    for expected, unit in enumerate(outline.units, start=1):
        if unit.number != expected:
            mistakes.add(data.at("units", expected - 1), f"unit {unit.number} stands where {expected} is due")
    return outline


def _pages(top: Fields, key: str, once: Once) -> tuple[Titled, ...]:
    pages = []
    for item in top.items(key, required=False):
        fields = Fields(item, "a page", top.mistakes)
        pages.append(Titled(once("page", fields.slug("slug"), item.where), fields.text("title")))
        fields.finish()
    return tuple(pages)


def _unit(data: Data, mistakes: Mistakes, once: Once) -> UnitPlan:
    fields = Fields(data, "a unit", mistakes)
    number = fields.integer("number", 1, 99) or 0
    fields.what = f"unit {number}"
    sections = []
    for place, item in enumerate(fields.items("sections"), start=1):
        part = Fields(item, f"a section of unit {number}", mistakes)
        own = once("section", part.text("number"), item.where)
        if own != f"{number}.{place}":
            part.wrong("number", f"{own} stands where {number}.{place} is due")
        lessons = []
        for index, lesson in enumerate(part.items("lessons"), start=1):
            one = Fields(lesson, "a lesson", mistakes)
            name = once("lesson", one.text("number"), lesson.where)
            if name != f"{own}.{index}":
                one.wrong("number", f"{name} stands where {own}.{index} is due")
            lessons.append(Titled(one.slug("slug"), one.text("title"), name))
            one.finish()
        sections.append(SectionPlan(own, part.text("title"), tuple(lessons)))
        part.finish()
    exercises = tuple(
        once("exercise", slug, data.at("exercises", i))
        for i, slug in enumerate(fields.texts("exercises", required=False))
    )
    plan = UnitPlan(number, fields.slug("slug"), fields.text("title"), tuple(sections), exercises)
    fields.finish()
    return plan
