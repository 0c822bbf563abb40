"""A first version of a lesson or an exercise that the outline promises, valid as it stands.

Nothing that exists is touched, but for `ideas.yaml`, which gets the idea that a lesson's questions name.
"""

from __future__ import annotations

import re
from pathlib import Path

from . import ideas, outline
from .files import Folder
from .mistakes import Mistakes
from .outline import Titled, UnitPlan

SKETCHES = Path(__file__).with_name("sketches")
ENDING = ".sketch"  # so that no tool takes them for a part of the site
MARK = re.compile(r"@(\w+)@")


class NoSketch(Exception):
    """There is nothing to sketch under that name: the text says why, for who asked."""


def sketch(root: Path, name: str) -> list[Path]:
    """Write what the outline of the course in `root` calls `name`, a lesson's number or an exercise's slug.

    Returns the files that are new. Raises NoSketch where it is not promised, or a file of it exists.
    """
    mistakes = Mistakes()
    plan = outline.read(Folder(root, mistakes), mistakes)
    for unit in plan.units:
        lessons = [lesson for section in unit.sections for lesson in section.lessons]
        if lesson := next((one for one in lessons if one.number == name), None):
            made = _write(root, unit, *_lesson(lesson))
            _add_idea(root, lesson)
            return made
        if name in unit.exercises:
            return _write(root, unit, *_exercise(name, lessons[0]))
    raise NoSketch(f"outline.yaml promises no lesson or exercise {name!r}; write it there first")


def _lesson(lesson: Titled) -> tuple[dict[str, str], dict[str, str]]:
    figure = f"{lesson.slug}-pasos"
    words = {
        "number": lesson.number,
        "title": lesson.title,
        "slug": lesson.slug,
        "figure": figure,
        "idea": _idea(lesson),
    }
    return {f"{lesson.number}-{lesson.slug}.md": "lesson.md", f"figures/{figure}.py": "figure.py"}, words


def _exercise(slug: str, lesson: Titled) -> tuple[dict[str, str], dict[str, str]]:
    words = {"slug": slug, "title": slug.replace("-", " ").capitalize(), "lesson": lesson.number}
    found = sorted(path.relative_to(SKETCHES) for path in (SKETCHES / "exercise").rglob(f"*{ENDING}"))
    names = [str(path).removesuffix(ENDING) for path in found]
    return {f"exercises/{slug}/{name.removeprefix('exercise/')}": name for name in names}, words


def _unit(unit: UnitPlan) -> dict[str, str]:
    sections = "\n".join(
        f'  - number: "{section.number}"\n    title: "{section.title}"\n'
        f"    lessons: [{', '.join(lesson.number for lesson in section.lessons)}]"
        for section in unit.sections
    )
    return {
        "unit": str(unit.number),
        "unit_slug": unit.slug,
        "unit_title": unit.title,
        "sections": sections,
        "exercises": ", ".join(unit.exercises),
    }


def _write(root: Path, unit: UnitPlan, files: dict[str, str], words: dict[str, str]) -> list[Path]:
    """Write each of `files`, named within the unit's folder, from its sketch; all of them, or none."""
    folder = root / unit.folder
    if existing := next((folder / name for name in files if (folder / name).exists()), None):
        raise NoSketch(f"{existing} exists; nothing was written")
    if not (folder / "unit.md").exists():
        files, words = {"unit.md": "unit.md", **files}, {**_unit(unit), **words}
    for name, source in files.items():
        text = (SKETCHES / f"{source}{ENDING}").read_text(encoding="utf-8")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(
            MARK.sub(lambda found: words.get(found[1], found[0]), text), encoding="utf-8"
        )
    return [folder / name for name in files]


def _idea(lesson: Titled) -> str:
    return f"{lesson.slug}-un-factor"


def _add_idea(root: Path, lesson: Titled) -> None:
    path = root / ideas.FILE
    if not path.exists():
        return
    text = path.read_text(encoding="utf-8")
    title = f"Lo que enseña {lesson.number}"
    line = f'{_idea(lesson)}: {{title: "{title}", lesson: {lesson.number}, anchor: un-factor-por-paso}}\n'
    path.write_text(text + ("" if text.endswith("\n") else "\n") + line, encoding="utf-8")
