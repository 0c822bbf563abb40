"""A read course into the database, lessons and exercises together; each version of an exercise is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from lessons import loading
from lessons.content import course as content
from lessons.content.mistakes import Mistake
from lessons.content.records import CourseRecord, ExerciseRecord
from lessons.models import Course

from .models import Exercise, ExerciseVersion, TestGroup


@dataclass(frozen=True)
class Loaded:
    """What a load did. With `mistakes` it wrote nothing; `unchanged`: there was nothing to do."""

    slug: str
    mistakes: list[Mistake]
    touched: Counter[str]
    unchanged: bool = False


def load(root: Path, *, cache: Path | None = None, force: bool = False) -> Loaded:
    """Load the course in `root`: all of it, or, if anything is wrong, nothing.

    Runs no code of the folder. Raises `LoadRefused`, and `NoMaths` where node or Temml is missing.
    """
    stamp = content.digest(root, Path(__file__), Path(loading.__file__))
    if not force and loading.is_loaded(root.name, stamp):
        return Loaded(root.name, [], Counter(), unchanged=True)
    reading = content.read(root, cache=cache)
    if reading.mistakes:
        return Loaded(root.name, reading.mistakes, Counter())
    return Loaded(root.name, [], store(reading.course, stamp))


@transaction.atomic
def store(record: CourseRecord, stamp: str) -> Counter[str]:
    """Make the tables say what a record without mistakes says; gives how many rows were touched, by kind.

    `stamp` tells this content from any other: `load` has nothing to do while it holds. Raises `LoadRefused`.
    """
    course, touched = loading.store_lessons(record)
    touched += _store_exercises(course, record)
    loading.mark_loaded(course, stamp)
    return touched


def _store_exercises(course: Course, record: CourseRecord) -> Counter[str]:
    touched: Counter[str] = Counter()
    rows = {exercise.slug: exercise for exercise in course.exercises.select_related("current")}
    units = {unit.number: unit for unit in course.units.all()}
    lessons = {lesson.number: lesson for lesson in course.lessons.all()}
    for unit in record.units:
        for found in unit.exercises:
            row = rows.pop(found.slug, None) or Exercise(course=course, slug=found.slug)
            row.unit, row.lesson = units[unit.number], lessons.get(found.lesson)
            row.position = unit.promised.index(found.slug) + 1
            row.title, row.kind, row.difficulty = found.title, found.kind, found.difficulty
            row.leaderboard = found.leaderboard
            row.retired = False
            row.save()
            _make_current(row, found, touched)
    for gone in rows.values():
        if not gone.retired:
            gone.retired = True
            gone.save(update_fields=["retired"])
            touched["exercise retired"] += 1
    return touched


def _make_current(row: Exercise, found: ExerciseRecord, touched: Counter[str]) -> None:
    """Point at the version of this content, making it if it is new; its HTML is rendered afresh."""
    version = row.versions.filter(content_hash=found.content_hash).first()
    if version is None:
        version = ExerciseVersion.objects.create(
            exercise=row,
            content_hash=found.content_hash,
            statement=found.statement,
            starter=found.starter,
            grader=found.grader,
            functions=found.functions,
            runtime=found.runtime,
            limits=found.limits,
        )
        TestGroup.objects.bulk_create(
            TestGroup(
                version=version,
                slug=group.slug,
                position=position,
                title=group.title,
                idea=group.idea,
                about=group.about,
                points=group.points,
                visible=group.visible,
                requires=group.requires,
                hints=group.hints,
            )
            for position, group in enumerate(found.groups, start=1)
        )
        touched["exercise version"] += 1
    else:
        _refresh(version, found)
    if row.current_id != version.pk:
        row.current = version
        row.save(update_fields=["current"])


def _refresh(version: ExerciseVersion, found: ExerciseRecord) -> None:
    """The same text, perhaps rendered by a newer pipeline: the words change in nothing, the HTML may."""
    if version.statement != found.statement:
        version.statement = found.statement
        version.save(update_fields=["statement"])
    groups = {group.slug: group for group in version.groups.all()}
    for group in found.groups:
        row = groups[group.slug]
        if (row.idea, row.about, row.hints) != (group.idea, group.about, group.hints):
            row.idea, row.about, row.hints = group.idea, group.about, group.hints
            row.save(update_fields=["idea", "about", "hints"])
