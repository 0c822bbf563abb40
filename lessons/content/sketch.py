"""A first version of a lesson or an exercise that the outline promises, valid as it stands.

Nothing that exists is touched, but for `ideas.yaml`, which gets the idea that a lesson's questions name.
"""

from __future__ import annotations

import re
from pathlib import Path

from . import outline
from .files import Folder
from .mistakes import Mistakes
from .outline import Titled, UnitPlan

SKETCHES = Path(__file__).with_name("sketches")
ENDING = ".sketch"  # so that no tool takes them for a part of the site
MARK = re.compile(r"@(\w+)@")
IDEAS = "ideas.yaml"


class NoSketch(Exception):
    """There is nothing to sketch under that name: the text says why, for who asked."""


def sketch(root: Path, name: str) -> list[Path]:
    """Write what the outline of the course in `root` calls `name`, a lesson's number or an exercise's slug.

    Returns the files that are new. Raises NoSketch where it is not promised, or exists.
    """
    mistakes = Mistakes()
    plan = outline.read(Folder(root, mistakes), mistakes)
    for unit in plan.units:
        lessons = [lesson for section in unit.sections for lesson in section.lessons]
        if lesson := next((one for one in lessons if one.number == name), None):
            return [*_unit(root, unit), *_lesson(root, unit, lesson)]
        if name in unit.exercises:
            return [*_unit(root, unit), *_exercise(root, unit, name, lessons[0])]
    raise NoSketch(f"outline.yaml promises no lesson or exercise {name!r}; write it there first")


def _unit(root: Path, unit: UnitPlan) -> list[Path]:
    path = root / unit.folder / "unit.md"
    if path.exists():
        return []
    sections = "\n".join(
        f'  - number: "{section.number}"\n    title: "{section.title}"\n'
        f"    lessons: [{', '.join(lesson.number for lesson in section.lessons)}]"
        for section in unit.sections
    )
    words = {
        "unit": str(unit.number),
        "unit_slug": unit.slug,
        "unit_title": unit.title,
        "sections": sections,
        "exercises": ", ".join(unit.exercises),
    }
    return [_write("unit.md", path, words)]


def _lesson(root: Path, unit: UnitPlan, lesson: Titled) -> list[Path]:
    folder, figure, idea = root / unit.folder, f"{lesson.slug}-pasos", f"{lesson.slug}-un-factor"
    path = folder / f"{lesson.number}-{lesson.slug}.md"
    _refuse_existing(path)
    words = {
        "number": lesson.number,
        "title": lesson.title,
        "slug": lesson.slug,
        "figure": figure,
        "idea": idea,
    }
    made = [
        _write("lesson.md", path, words),
        _write("figure.py", folder / "figures" / f"{figure}.py", words),
    ]
    ideas = root / IDEAS
    if ideas.exists():
        title = f"Lo que enseña {lesson.number}"
        line = f'{idea}: {{title: "{title}", lesson: {lesson.number}, anchor: un-factor-por-paso}}\n'
        text = ideas.read_text(encoding="utf-8")
        ideas.write_text(text + ("" if text.endswith("\n") else "\n") + line, encoding="utf-8")
    return made


def _exercise(root: Path, unit: UnitPlan, slug: str, lesson: Titled) -> list[Path]:
    folder = root / unit.folder / "exercises" / slug
    _refuse_existing(folder)
    words = {"slug": slug, "title": slug.replace("-", " ").capitalize(), "lesson": lesson.number}
    sketches = SKETCHES / "exercise"
    names = [
        str(path.relative_to(sketches)).removesuffix(ENDING) for path in sorted(sketches.rglob(f"*{ENDING}"))
    ]
    return [_write(f"exercise/{name}", folder / name, words) for name in names]


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise NoSketch(f"{path} exists; nothing was written")


def _write(name: str, path: Path, words: dict[str, str]) -> Path:
    text = (SKETCHES / f"{name}{ENDING}").read_text(encoding="utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(MARK.sub(lambda found: words.get(found[1], found[0]), text), encoding="utf-8")
    return path
