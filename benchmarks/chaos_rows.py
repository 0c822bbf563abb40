"""The chaos bench's rows: what is laid out before, and what the database says afterwards."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, connection  # noqa: E402
from django.db.models import Count  # noqa: E402

from accounts.models import User  # noqa: E402
from exercises.models import Exercise, ExerciseVersion, TestGroup  # noqa: E402
from grading.models import State, Submission  # noqa: E402
from lessons.models import Course, Enrolment, Unit  # noqa: E402

if TYPE_CHECKING:
    from benchmarks.chaos import HandIn

GRADER = """
from grading.judge.author import Float, group

@group("ejemplos")
def ejemplos(attempt):
    attempt.close(attempt.call("doble", 2.0, returns=Float()), 4.0)

@group("azar")
def azar(attempt):
    for x in attempt.rng.uniform(3, 9, size=5):
        attempt.close(attempt.call("doble", float(x), returns=Float()), 2 * x)
"""
LIMITS = {"seconds": 20, "cpu_seconds": 5, "memory_mb": 256, "calls": 50, "output_kb": 16}
Answer = TypeVar("Answer")


def lay_out(students: int) -> list[str]:
    """A database with one exercise of two groups; the sessions of its students."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    course = Course.objects.create(slug="caos", title="Caos")
    unit = Unit.objects.create(course=course, number=1, slug="caos", title="Caos")
    exercise = Exercise.objects.create(
        course=course, unit=unit, slug="caos", title="El doble", kind="implement"
    )
    version = ExerciseVersion.objects.create(
        exercise=exercise,
        content_hash="caos",
        grader=GRADER,
        functions=["doble(x)"],
        runtime="numpy",
        limits=LIMITS,
    )
    for position, slug in enumerate(["ejemplos", "azar"], start=1):
        TestGroup.objects.create(version=version, slug=slug, position=position, title=slug, points=50)
    exercise.current = version
    exercise.save()
    return [session_of(number, course) for number in range(students)]


def session_of(number: int, course: Course) -> str:
    """A new student of the course, signed in."""
    student = User.objects.create_user(f"caos{number}@example.org")
    Enrolment.objects.create(student=student, course=course)
    session = SessionStore()
    session["_auth_user_id"] = str(student.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = student.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def asked(question: Callable[[], Answer], seconds: float = 90.0) -> Answer:
    """The answer of a database whose connections somebody cuts."""
    until = time.monotonic() + seconds
    while True:
        try:
            return question()
        except DatabaseError:
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def ended() -> int:
    """How many have been graded."""
    return asked(Submission.objects.filter(state=State.GRADED).count)


def unfinished() -> int:
    """How many still wait or run."""
    return asked(Submission.objects.filter(state__in=[State.QUEUED, State.RUNNING]).count)


def tally(handed_in: list[HandIn]) -> dict[str, Any]:
    """What the students know against what the rows say."""
    rows = {
        str(row.form_token): row
        for row in asked(lambda: list(Submission.objects.annotate(results=Count("gradings"))))
    }
    accepted = [one for one in handed_in if one.submission]
    kept = [(one, rows[one.token]) for one in accepted if one.token in rows]
    graded = [(one, row) for one, row in kept if row.state == State.GRADED]
    waits = [(row.finished_at - row.queued_at).total_seconds() for _, row in graded]
    faults = Counter(row.faults for row in rows.values())
    states = Counter(row.state for row in rows.values())
    from benchmarks.chaos import median

    return {
        "submissions": len(handed_in),
        "accepted": len(accepted),
        "lost": len(handed_in) - sum(str(row.pk) == one.submission for one, row in kept),
        "graded_twice": sum(row.results > 1 for row in rows.values()) + len(rows) - len(kept),
        "stuck": states[State.QUEUED] + states[State.RUNNING],
        "system_errors": states[State.SYSTEM_ERROR],
        "points_lost": sum(one.score - (row.score or 0.0) for one, row in kept if row.score != one.score),
        "attempts_miscounted": miscounted(list(rows.values())),
        "ungraded": len(kept) - len(graded),
        "faults": sum(row.faults for row in rows.values()),
        "most_faults_of_one": max(faults, default=0),
        "with_three_faults_or_more": sum(count for number, count in faults.items() if number >= 3),
        "median_wait_seconds": median(waits),
        "longest_wait_seconds": round(max(waits, default=0.0), 1),
    }


def miscounted(rows: list[Submission]) -> int:
    """Students whose attempts are not numbered 1, 2, 3 … in the order in which they came."""
    numbers: dict[int, list[int | None]] = {}
    for row in sorted(rows, key=lambda one: one.queued_at):
        numbers.setdefault(row.student_id, []).append(row.attempt_number)
    return sum(own != list(range(1, len(own) + 1)) for own in numbers.values())
