"""Load courses into the database: `manage.py loadcourse [slug …]`."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exercises.loading import load
from lessons.content.folders import NoCourse, course_folders, shown_path
from lessons.content.maths import NoMaths
from lessons.loading import LoadRefused


class Command(BaseCommand):
    help = "Checks course folders and writes them to the database: all of a course, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", help="courses to load; default: all")
        parser.add_argument("--force", action="store_true", help="load also what has not changed")
        parser.add_argument("--folder", type=Path, default=settings.COURSES_DIR, help="where the courses are")

    def handle(self, *_: Any, **options: Any) -> None:
        """Load one course after another; exit 1 if any was refused."""
        wrong = 0
        try:
            roots = course_folders(options["folder"].resolve(), options["slugs"])
        except NoCourse as error:
            raise CommandError(str(error)) from error
        for root in roots:
            started = time.monotonic()
            try:
                loaded = load(root, cache=settings.VAR_DIR / "maths.json", force=options["force"])
            except (NoMaths, LoadRefused) as error:
                raise CommandError(f"{root.name}: {error}") from error
            for mistake in loaded.mistakes:
                self.stderr.write(shown_path(root, mistake))
            wrong += len(loaded.mistakes)
            seconds = f"{time.monotonic() - started:.1f} s"
            if loaded.unchanged:
                self.stdout.write(f"{root.name}: unchanged ({seconds})")
            elif not loaded.mistakes:
                rows = ", ".join(f"{count} × {kind}" for kind, count in sorted(loaded.touched.items()))
                self.stdout.write(f"{root.name}: loaded ({seconds}); {rows or 'no row changed'}")
        if wrong:
            raise CommandError(f"{wrong} mistakes; nothing of that course was written")
