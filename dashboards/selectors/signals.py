"""Who needs help: stuck on one group of checks, or silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from grading.models import State, Submission, Verdict
from grading.selectors import that_count
from lessons.models import Answer, Course, Enrolment, Reading

FAILURES = 3
WINDOW = timedelta(hours=48)
SILENT = timedelta(days=7)


@dataclass(frozen=True)
class Stuck:
    """So many failures of one group in the last two days, and no success since.

    `idea` is the title of the idea that the group tests, `key` its slug; the group's own title where it
    names none. `submission` is the newest failure.
    """

    student_id: int
    exercise: str
    group: str
    key: str
    idea: str
    failures: int
    submission: UUID


@dataclass(frozen=True)
class StuckIdea:
    """An idea, and how many are stuck on it."""

    key: str
    title: str
    students: int


def stuck_students(*, course: Course, students: Iterable[int], at: datetime) -> dict[int, Stuck]:
    """Student id to the group that they fail most. 2 queries.

    Hand-ins and runs count alike: whoever keeps trying the visible checks is stuck too. A group that was not
    run says nothing.
    """
    results = (
        that_count()
        .filter(
            grading__submission__exercise__course=course,
            grading__submission__student__in=students,
            grading__submission__state=State.GRADED,
            grading__submission__queued_at__gt=at - WINDOW,
        )
        .exclude(verdict=Verdict.NOT_RUN)
        .order_by("grading__submission__queued_at", "pk")
        .values_list(
            "grading__submission__student_id",
            "grading__submission__exercise__title",
            "group__slug",
            "group__title",
            "group__about",
            "verdict",
            "grading__submission_id",
        )
    )
    titles = dict(course.ideas.order_by().values_list("slug", "title"))
    rows: dict[tuple[int, str, str], Stuck] = {}
    for student, exercise, slug, title, about, verdict, submission in results:
        key = (student, exercise, slug)
        if verdict == Verdict.PASSED:
            rows.pop(key, None)
            continue
        before = rows[key].failures if key in rows else 0
        idea = titles.get(about, title)
        rows[key] = Stuck(student, exercise, title, about or title, idea, before + 1, submission)
    worst: dict[int, Stuck] = {}
    for found in rows.values():
        known = worst.get(found.student_id)
        if found.failures >= FAILURES and (known is None or found.failures > known.failures):
            worst[found.student_id] = found
    return worst


def last_seen(*, course: Course, students: Iterable[int]) -> dict[int, datetime]:
    """Student id to when they last read, answered or handed in. 3 queries; without a trace, no entry."""
    students = list(students)
    sources = (
        (Reading.objects.filter(lesson__course=course, student__in=students), "last_at"),
        (Answer.objects.filter(question__unit__course=course, student__in=students), "created_at"),
        (Submission.objects.filter(exercise__course=course, student__in=students), "queued_at"),
    )
    seen: dict[int, datetime] = {}
    for rows, field in sources:
        for student, at in rows.order_by().values_list("student_id").annotate(newest=Max(field)):
            seen[student] = max(at, seen.get(student, at))
    return seen


def ideas_of(stuck: Iterable[Stuck]) -> list[StuckIdea]:
    """What they are stuck on, the idea of most of them first."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for one in stuck:
        counts[one.key, one.idea] += 1
    ideas = [StuckIdea(key, title, students) for (key, title), students in counts.items()]
    return sorted(ideas, key=lambda idea: (-idea.students, idea.title))


def is_silent(enrolment: Enrolment, seen: datetime | None, at: datetime) -> bool:
    """Whether nothing was heard for a week; who has not begun is silent from the day of the enrolment."""
    return at - (seen or enrolment.created_at) >= SILENT
