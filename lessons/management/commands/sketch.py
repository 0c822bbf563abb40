"""Begin a lesson or an exercise: `manage.py sketch 6.1.1 simetria-rota`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lessons.content.outline import FILE
from lessons.content.sketch import NoSketch, sketch


class Command(BaseCommand):
    help = "Begins lessons (by number) and exercises (by slug) of the outline, valid as they stand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="+", help="6.1.1, or an exercise's slug")
        parser.add_argument("--folder", type=Path, help="the course; needed where there are several")

    def handle(self, *_: Any, **options: Any) -> None:
        """Write each and name its files; stop at the first that cannot be."""
        for name in options["names"]:
            try:
                made = sketch(options["folder"] or only_course(), name)
            except NoSketch as why:
                raise CommandError(str(why)) from None
            for path in made:
                self.stdout.write(str(path))
        self.stdout.write("next: ./dev preview, and write over it")


def only_course() -> Path:
    """The course under COURSESITE_COURSES_DIR. Raises CommandError where there is not exactly one."""
    found = sorted(path.parent for path in settings.COURSES_DIR.glob(f"*/{FILE}"))
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise CommandError(f"name the course with --folder; in {settings.COURSES_DIR} there are: {names}")
    return found[0]
