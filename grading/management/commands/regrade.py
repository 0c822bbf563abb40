"""`manage.py regrade EXERCISE` grades its hand-ins again; `--check N` sees whether old ones get the same."""

from __future__ import annotations

import json
import secrets
import time
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import get_default_timezone, is_naive, make_aware

from exercises.models import Exercise
from grading import rechecks, regrades, wall
from grading.models import GradeWith, Regrade, RegradeState
from grading.sandbox import WallFault
from grading.services import regrading

LOOK_SECONDS = 1.0


class Command(BaseCommand):
    help = (
        "Grades the hand-ins of an exercise again, aside until applied; or checks that old ones get the same."
    )

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """With a `--version` of ours: Django's would only say Django's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("exercise", nargs="?", help="its slug; course/slug where two courses have it")
        parser.add_argument(
            "--version",
            dest="grade_with",
            choices=GradeWith.values,
            default=GradeWith.CURRENT.value,
            help="grade with the exercise's current version, or each hand-in with the same as at first",
        )
        parser.add_argument("--since", metavar="DATE", help="only what was handed in from then on")
        parser.add_argument("--reason", default="", help="what the students will read; it must be given")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be graded again")
        parser.add_argument("--apply", action="store_true", help="wait until it is ready, then apply it")
        parser.add_argument("--discard", action="store_true", help="discard the open regrade of the exercise")
        parser.add_argument("--check", type=int, metavar="N", help="grade N old hand-ins again and compare")
        parser.add_argument("--seed", type=int, help="with --check: which ones; the same seed, the same ones")
        parser.add_argument("--json", type=Path, metavar="FILE", help="with --check: write what was found")

    def handle(self, *_: Any, **options: Any) -> None:
        """Exit code 1 when a check found a difference, or nothing could be done."""
        if options["check"] is not None:
            self._check(options["check"], options["seed"], options["json"])
            return
        if not options["exercise"]:
            raise CommandError("Name an exercise, or check old hand-ins with --check N.")
        exercise = the_exercise(options["exercise"])
        try:
            self._regrade(exercise, options)
        except regrading.RegradeRefused as refusal:
            raise CommandError(f"{exercise.slug}: {refusal.message}") from refusal

    def _regrade(self, exercise: Exercise, options: dict[str, Any]) -> None:
        found = regrades.open_regrade(exercise)
        if options["discard"]:
            if found is None:
                raise CommandError(f"{exercise.slug}: there is no open regrade to discard.")
            regrading.discard(regrade=found)
            self.stdout.write("Discarded.")
            return
        since = moment(options["since"])
        if options["dry_run"]:
            scope = regrades.in_scope(exercise=exercise, cohort=None, since=since)
            students = scope.order_by().values("student").distinct().count()
            self.stdout.write(f"{exercise.slug}: {scope.count()} hand-ins of {students} students.")
            return
        if not (found and options["apply"]):
            if not options["reason"].strip():
                raise CommandError("Say why with --reason: the students whose score changes will read it.")
            found = regrading.ask(
                exercise=exercise,
                grade_with=GradeWith(options["grade_with"]),
                reason=options["reason"].strip()[:300],
                by=None,
                since=since,
            )
        if not options["apply"]:
            self._tell(found)
            self.stdout.write(f"Workers grade it now. Then: manage.py regrade {exercise.slug} --apply")
            return
        while found.state == RegradeState.RUNNING:
            time.sleep(LOOK_SECONDS)
            found.refresh_from_db()
        self._tell(found)
        changed = regrading.apply(regrade=found)
        self.stdout.write(f"Applied: {changed} hand-ins have a new result beside the old one.")

    def _tell(self, regrade: Regrade) -> None:
        preview = regrades.preview_of(regrade)
        told = f"{preview.done} of {preview.total} graded: {preview.up} up, {preview.down} down, "
        self.stdout.write(f"{told}{preview.same} the same, {preview.failed} failed by our fault.")

    def _check(self, count: int, seed: int | None, target: Path | None) -> None:
        seed = secrets.randbits(31) if seed is None else seed
        chosen = rechecks.sample(count=count, seed=seed)
        found = []
        try:
            for one in rechecks.recheck(chosen):
                found.append(one)
                self.stderr.write(".", ending="")
                self.stderr.flush()
        except WallFault as fault:
            raise CommandError(str(fault)) from fault
        finally:
            wall.close()
        self.stderr.write("")
        differences = [difference for one in found for difference in one.differences]
        graded = [one for one in found if not one.skipped]
        for one in found:
            if one.skipped:
                self.stdout.write(f"not tried: {one.submission} ({one.exercise}): {one.skipped}")
        if differences:
            self.stdout.write(table([asdict(difference) for difference in differences]))
        other = sum(one.other_runtime for one in found)
        differ = sum(bool(one.differences) for one in found)
        self.stdout.write(
            f"{len(graded)} graded again with seed {seed}: {differ} differ."
            + (f" {other} had other packages then." if other else "")
        )
        if target:
            told = {
                "seed": seed,
                "graded": len(graded),
                "skipped": len(found) - len(graded),
                "other_runtime": other,
                "differences": [asdict(difference) for difference in differences],
            }
            target.write_text(json.dumps(told, indent=2, default=str), encoding="utf-8")
        if differences:
            raise SystemExit(1)


def the_exercise(name: str) -> Exercise:
    """The exercise that an operator named. Raises CommandError."""
    course, _slash, slug = name.rpartition("/")
    found = Exercise.objects.select_related("course", "current").filter(slug=slug)
    exercises = list(found.filter(course__slug=course) if course else found)
    if not exercises:
        raise CommandError(f"There is no exercise called {name}.")
    if len(exercises) > 1:
        names = ", ".join(f"{one.course.slug}/{one.slug}" for one in exercises)
        raise CommandError(f"Several are called so; name one as {names}.")
    return exercises[0]


def moment(text: str | None) -> datetime | None:
    """A day, from its first moment, or a moment, in the site's time zone. Raises CommandError."""
    if not text:
        return None
    try:
        day = parse_date(text)
        at = datetime(day.year, day.month, day.day) if day else parse_datetime(text)
    except ValueError:
        at = None
    if at is None:
        raise CommandError(f"--since {text}: write a day as 2026-11-25, or a moment as 2026-11-25T18:00.")
    return make_aware(at, get_default_timezone()) if is_naive(at) else at


def table(rows: list[dict[str, Any]]) -> str:
    """The rows under their names, each column as wide as its longest."""
    names = list(rows[0])
    lines = [names, *([str(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(names))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
