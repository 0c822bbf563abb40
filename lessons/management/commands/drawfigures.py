"""Draw the figures of the courses: `manage.py drawfigures [name …] [--force]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lessons.content.drawings import draw, has_its_data, is_current, scripts


class Command(BaseCommand):
    help = "Runs the figures' scripts (trusted authors only) and writes their data and drawings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", help="figures to draw; default: all that changed")
        parser.add_argument("--force", action="store_true", help="compute and draw also what has not changed")
        parser.add_argument(
            "--from-data",
            action="store_true",
            help="draw all again whose data are current: the look of all figures changed",
        )
        parser.add_argument("--folder", type=Path, default=settings.COURSES_DIR, help="where to look")

    def handle(self, *_: Any, **options: Any) -> None:
        """Draw one after another, with the time that each took; exit 1 if any failed."""
        found = {script.stem: script for script in scripts(options["folder"].resolve())}
        if unknown := set(options["names"]) - set(found):
            known = ", ".join(sorted(found)) or "none"
            raise CommandError(f"no figure is called {', '.join(sorted(unknown))}; there are: {known}")
        chosen = [found[name] for name in options["names"]] or list(found.values())
        if options["from_data"]:
            chosen = [script for script in chosen if has_its_data(script)]
        elif not (options["force"] or options["names"]):
            chosen = [script for script in chosen if not is_current(script)]
        if not chosen:
            self.stdout.write(f"{len(found)} figures, none changed")
            return
        failed = 0
        for number, drawn in enumerate(draw(chosen, anew=options["force"]), start=1):
            where = f"[{number}/{len(chosen)}] {drawn.script.stem}"
            if drawn.error:
                failed += 1
                self.stderr.write(f"{drawn.script}:{drawn.line}: {drawn.error}")
            else:
                how = "" if drawn.computed else ", from its data"
                self.stdout.write(f"{where}: {drawn.seconds:.1f} s, {drawn.size / 1024:.0f} KB{how}")
        if failed:
            raise CommandError(f"{failed} of {len(chosen)} figures could not be drawn")
