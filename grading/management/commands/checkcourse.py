"""Check courses: `manage.py checkcourse [slug …]`. Each mistake as file:line: message, then exit code 1."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grading.judge.prove import SOLUTION_SEEDS
from grading.proofs import Proofs
from grading.sandbox import WallFault
from lessons.content import course as content
from lessons.content import drawings, status
from lessons.content.folders import NoCourse, course_folders, shown_path
from lessons.content.maths import NoMaths
from lessons.content.mistakes import Mistake
from lessons.content.records import CourseRecord


class Command(BaseCommand):
    help = "Finds every mistake in the course folders and proves their exercises. Writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", help="courses to check; default: all")
        parser.add_argument("--folder", type=Path, default=settings.COURSES_DIR, help="where the courses are")
        parser.add_argument("--status", action="store_true", help="only count what is written")
        parser.add_argument("--json", action="store_true", help="with --status: as JSON")
        parser.add_argument("--no-prove", action="store_true", help="leave out the exercises' proofs")
        parser.add_argument(
            "--only", nargs="+", metavar="NAME", default=[], help="prove these exercises and lessons alone"
        )
        parser.add_argument("--again", action="store_true", help="prove also what has not changed")
        parser.add_argument("--seeds", type=int, metavar="N", help="prove again, each solution with N seeds")
        parser.add_argument("--redraw", action="store_true", help="compute every figure again and compare")

    def handle(self, *_: Any, **options: Any) -> None:
        """Check or count, course by course."""
        try:
            roots = course_folders(options["folder"].resolve(), options["slugs"])
            if options["status"] or options["json"]:
                self._status(roots, as_json=options["json"])
                return
            found = [sum(1 for _ in self._check(root, options)) for root in roots]
        except (NoCourse, NoMaths, WallFault, drawings.NoAuthorPython) as error:
            hint = " (--no-prove leaves the proofs out)" if isinstance(error, WallFault) else ""
            raise CommandError(f"{error}{hint}") from error
        if wrong := sum(found):
            raise CommandError(f"{wrong} mistake{'s' * (wrong > 1)}")

    def _status(self, roots: list[Path], *, as_json: bool) -> None:
        numbers = {root.name: status.counts(self._read(root).course) for root in roots}
        if as_json:
            self.stdout.write(json.dumps(numbers if len(numbers) != 1 else next(iter(numbers.values()))))
            return
        for name, counted in numbers.items():
            self.stdout.write(f"{name}\n{status.table(counted)}")

    def _read(self, root: Path) -> content.Reading:
        return content.read(root, cache=settings.VAR_DIR / "maths.json", strict=True)

    def _check(self, root: Path, options: dict[str, Any]) -> Iterator[Mistake]:
        """Each mistake, written as soon as it is found: reading first, then figures, then the slow proofs."""
        started = time.monotonic()
        reading = self._read(root)
        for mistake in self._all(root, reading, options):
            self.stderr.write(shown_path(root, mistake))
            yield mistake
        self.stdout.write(f"{root.name}: checked in {time.monotonic() - started:.1f} s")

    def _all(self, root: Path, reading: content.Reading, options: dict[str, Any]) -> Iterator[Mistake]:
        yield from reading.mistakes
        if options["redraw"]:
            for script, line, differs in drawings.redraw(drawings.scripts(root)):
                self.stdout.write(f"redrawn: {script.stem}")
                if differs:
                    yield Mistake(script.relative_to(root).as_posix(), line, differs)
        if not options["no_prove"]:
            proofs = Proofs(
                settings.VAR_DIR / "proofs.json",
                lambda name: self.stdout.write(f"proving: {name}"),
                options["seeds"] or len(SOLUTION_SEEDS),
                again=options["again"] or bool(options["seeds"]),
            )
            yield from proofs.course(reading.course, root, _known(reading.course, options["only"]))


def _known(course: CourseRecord, names: Sequence[str]) -> Sequence[str]:
    """The names, all of them exercises or lessons of this course. Raises CommandError for a stranger."""
    known = {exercise.slug for exercise in course.exercises} | {lesson.number for lesson in course.lessons}
    if unknown := set(names) - known:
        raise CommandError(f"no exercise or lesson is called {', '.join(sorted(unknown))}")
    return names
