"""What ends gradings again and again: the guilty is set aside and told of, the innocent gets its points."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from benchmarks.killing import commands, descendants
from exercises.models import Exercise
from grading import services
from grading.models import Grading, State, Submission
from lessons.models import Course
from tests import factories
from tests.grading.conftest import Worker, state_of, wait_until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.redis,
    pytest.mark.wall,
    pytest.mark.postgres,
]

POISON = "def doble(x):\n    return 13.0\n"
DEADLY = "import os, signal\n" + factories.GRADER.replace(
    "    attempt.close(got, 4.0",
    "    if got == 13.0:\n        os.kill(os.getpid(), signal.SIGKILL)\n    attempt.close(got, 4.0",
)  # the grader runs in the process of the judge
STUMBLING = factories.GRADER.replace(
    "    attempt.close(got, 4.0",
    "    if got == 13.0:\n        raise IndexError('nobody foresaw this')\n    attempt.close(got, 4.0",
)


def mails() -> str:
    """All that left as mail."""
    return "".join(path.read_text() for path in (settings.VAR_DIR / "mail").glob("*"))


def fail(submission: Submission, times: int) -> None:
    """So many workers die over it."""
    for _ in range(times):
        assert services.claim(submission_id=submission.pk)
        services.sweep(at=timezone.now() + timedelta(seconds=settings.GRADING_LEASE_SECONDS + 1))


def test_a_submission_that_kills_its_worker_three_times_is_set_aside_and_blocks_nobody(
    start_worker: Callable[..., Worker], ana: User, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSESITE_ADMINS", "guardia@example.org")
    eva = factories.make_user("eva")
    factories.enrol(eva, course)
    exercise = factories.make_exercise(course, grader=DEADLY)
    workers = [start_worker(1)]
    poisoned = factories.hand_in(ana, exercise, POISON)
    after = [factories.hand_in(person, exercise) for person in (ana, eva)]

    def has_ended() -> bool:
        if workers[-1].process.poll() is not None:
            workers.append(start_worker(1))
        services.sweep()
        return state_of(poisoned) == State.SYSTEM_ERROR and {state_of(s) for s in after} == {State.GRADED}

    wait_until(has_ended, seconds=180)
    assert [worker.process.poll() for worker in workers] == [-signal.SIGKILL] * 3 + [None]
    assert poisoned.score is None
    assert [submission.score for submission in after] == [100.0, 100.0]
    told = workers[-1].log.read_text()
    assert f"CRITICAL/MainProcess] submission {poisoned.pk} set aside" in told
    assert poisoned.fault_reference in told
    assert poisoned.fault_reference in mails()


def test_a_submission_on_which_the_judge_stumbles_is_set_aside_too(
    start_worker: Callable[..., Worker], ana: User, course: Course
) -> None:
    exercise = factories.make_exercise(course, grader=STUMBLING)
    worker = start_worker(1)
    poisoned, sound = factories.hand_in(ana, exercise, POISON), factories.hand_in(ana, exercise)
    wait_until(lambda: services.sweep() is not None and state_of(poisoned) == State.SYSTEM_ERROR, seconds=120)
    wait_until(lambda: state_of(sound) == State.GRADED)
    assert (poisoned.score, sound.score) == (None, 100.0)
    assert "nobody foresaw this" in worker.log.read_text()


def test_whoever_stood_by_when_three_workers_died_gets_their_points(
    start_worker: Callable[..., Worker], ana: User, exercise: Exercise
) -> None:
    submission = factories.hand_in(ana, exercise)
    fail(submission, times=3)
    assert state_of(submission) == State.QUEUED
    start_worker(1)
    wait_until(lambda: services.sweep() is not None and state_of(submission) == State.GRADED, seconds=90)
    assert submission.score == 100.0
    assert Grading.objects.filter(submission=submission).count() == 1


def test_a_trial_that_is_killed_from_outside_proves_nothing(
    start_worker: Callable[..., Worker], ana: User, exercise: Exercise
) -> None:
    version = exercise.current
    version.limits |= {"seconds": 20}
    version.save()
    submission = factories.hand_in(
        ana, exercise, "import time\n\ndef doble(x):\n    time.sleep(0.3)\n    return 2 * x\n"
    )
    fail(submission, times=3)
    worker = start_worker(1)

    def trial() -> list[int]:
        tree = descendants([worker.process.pid], commands())
        return [pid for pid, command in tree if "grade_alone" in command]

    wait_until(lambda: services.sweep() is not None and bool(trial()), seconds=60)
    os.kill(trial()[0], signal.SIGKILL)
    wait_until(lambda: services.sweep() is not None and state_of(submission) == State.GRADED, seconds=90)
    assert submission.score == 100.0


def test_a_worker_that_dies_takes_the_trial_with_it(
    start_worker: Callable[..., Worker], ana: User, exercise: Exercise
) -> None:
    version = exercise.current
    version.limits |= {"seconds": 60}
    version.save()
    submission = factories.hand_in(
        ana, exercise, "import time\n\ndef doble(x):\n    time.sleep(9)\n    return 2 * x\n"
    )
    fail(submission, times=3)
    worker = start_worker(1)

    def runs() -> bool:
        return any(f"grade_alone\0{submission.pk}" in command for _, command in commands().values())

    wait_until(lambda: services.sweep() is not None and runs(), seconds=60)
    worker.kill()
    wait_until(lambda: not runs(), seconds=5)
