"""Which course folders there are, and how a mistake in one is shown to a person."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .mistakes import Mistake


class NoCourse(Exception):
    """No folder by that name holds a course."""


def course_folders(folder: Path, slugs: Sequence[str] = ()) -> list[Path]:
    """The folders with an outline or a course.md, all of them or those named."""
    found = {
        path.name: path
        for path in sorted(folder.iterdir())
        if path.is_dir() and ((path / "course.md").exists() or (path / "outline.yaml").exists())
    }
    if unknown := set(slugs) - set(found):
        known = ", ".join(found) or "none"
        raise NoCourse(f"no course {', '.join(sorted(unknown))} in {folder}; there are: {known}")
    return [found[slug] for slug in slugs] or list(found.values())


def shown_path(root: Path, mistake: Mistake) -> str:
    """The mistake with a path that an editor opens from where the command was given."""
    path = root / mistake.path
    near = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"{near}:{mistake.line}: {mistake.message}"
