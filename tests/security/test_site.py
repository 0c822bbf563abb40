"""Attacks on what stands around the judge: leases, faults, rows, live events, pages."""

from __future__ import annotations

import asyncio
import time

import pytest
from django.test import AsyncClient, Client

from accounts.models import User
from exercises.models import Exercise
from grading import services, wall, work
from grading.models import Grading, Kind, State, Submission
from lessons.models import Course
from tests import factories
from tests.grading.conftest import state_of, wait_until
from tests.grading.test_worker import heard

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis, pytest.mark.wall]

FORGED = """event: verdict
data: {"score": 100.0, "state": "graded", "final": true}

"""
LOUD = f"""
import sys
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"
def doble(x):
    print({FORGED!r})
    print(MARKUP, "\\r\\nid: 9-9\\r\\nretry: 0\\r\\n\\r\\n", "\\u2028\\u2029\\x1b[2J\\x00\\u202e")
    raise type(MARKUP, (Exception,), {{}})(MARKUP + "\\n\\n" + {FORGED!r})
"""
LEAP = """
import numpy as np
def doble(f):
    for x in (1e-161, 1e150, 1.1e150, 1.2e150, float("nan")): f.grad(np.array([x]))
"""
PATH = """
from grading.judge.author import Anything, group

@group("ejemplos")
def ejemplos(attempt):
    f = attempt.oracle(value=lambda x: float(x @ x), grad=lambda x: 2 * x, dim=1)
    attempt.note(got=attempt.call("doble", f, returns=Anything()))

@group("azar")
def azar(attempt):
    ejemplos(attempt)
"""
FOREVER = "def doble(x):\n    while True: pass\n"


@pytest.fixture(autouse=True)
def _no_zygotes_left() -> object:
    yield
    wall.close()


def graded_here(submission: Submission) -> State:
    """Claim it and grade it in this process, as a worker's thread does."""
    lease = services.claim(submission_id=submission.pk)
    assert lease is not None
    work.grade_under(lease=lease)
    return state_of(submission)


def test_107_a_submission_on_which_the_judge_stumbles_waits_for_no_lease_and_blocks_nobody(
    broker: object, ana: User, exercise: Exercise, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    settings.GRADING_RETRY_SECONDS = 0
    poisoned, sound = factories.hand_in(ana, exercise), factories.hand_in(ana, exercise)
    real = work.grade

    def stumbling(job: object, *rest: object) -> object:
        if job.seed == poisoned.seed:
            raise IndexError("nobody foresaw this")
        return real(job, *rest)

    monkeypatch.setattr(work, "grade", stumbling)
    states = [graded_here(poisoned)]
    assert graded_here(sound) == State.GRADED
    states += [graded_here(poisoned), graded_here(poisoned)]
    assert states == [State.QUEUED] * 3
    assert services.is_suspect(poisoned)  # tried alone from now on: tests/grading/test_poisoned.py
    assert (poisoned.score, sound.score) == (None, 100.0)


def test_108_what_a_submission_leaves_as_evidence_every_database_takes(
    broker: object, ana: User, course: Course
) -> None:
    exercise = factories.make_exercise(course, grader=PATH)
    for source in (LEAP, "def doble(f): return 'a\\0b' * 9", "def doble(f): return {'\\0': float('inf')}"):
        submission = factories.hand_in(ana, exercise, source)
        assert graded_here(submission) == State.GRADED
        assert submission.faults == 0


def test_109_a_run_that_was_stopped_writes_nothing_and_holds_no_worker(
    start_worker, ana: User, exercise: Exercise
) -> None:
    version = exercise.current
    version.limits |= {"seconds": 60, "cpu_seconds": 60}
    version.save()
    start_worker(1)
    run = factories.hand_in(ana, exercise, FOREVER.replace("pass", "print('x')"), kind=Kind.RUN)
    wait_until(lambda: state_of(run) == State.RUNNING)
    assert services.cancel(submission=run)
    after = factories.hand_in(ana, exercise)
    wait_until(lambda: state_of(after) == State.GRADED, seconds=40)
    assert state_of(run) == State.CANCELLED
    assert not Grading.objects.filter(submission=run).exists()


def test_110_a_submission_that_outlasts_its_lease_is_graded_once(
    start_worker, ana: User, exercise: Exercise
) -> None:
    version = exercise.current
    version.limits |= {"seconds": 30, "cpu_seconds": 30}
    version.save()
    for _ in range(2):
        start_worker(1)
    slow = factories.hand_in(ana, exercise, "import time\ntime.sleep(3)\ndef doble(x): return 2 * x\n")
    wait_until(lambda: services.sweep() is not None and state_of(slow) == State.GRADED)
    assert (slow.score, slow.faults) == (100.0, 0)
    assert Grading.objects.filter(submission=slow).count() == 1


def test_61_and_111_what_is_printed_is_no_event_and_no_markup(
    start_worker, ana: User, as_ana: Client, exercise: Exercise
) -> None:
    start_worker(1)
    client = AsyncClient()
    client.force_login(ana)
    submission = factories.hand_in(ana, exercise, LOUD)
    events = asyncio.run(asyncio.wait_for(heard(client, f"/submissions/{submission.pk}/events/"), 90))
    verdicts = [data for _, kind, data in events if kind == "verdict"]
    assert [data["score"] for data in verdicts] == [0.0]
    assert all(event_id != "9-9" for event_id, _, _ in events)
    printed = "".join(data["text"] for _, kind, data in events if kind == "log")
    assert "event: verdict" in printed
    assert not {"\x1b", "\0", "\r", "\u202e"} & set(printed)
    for address in (submission.get_absolute_url(), "/courses/curso/exercises/doble/"):
        page = as_ana.get(address).content.decode()
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_112_forty_thousand_lines_become_a_few_events(start_worker, ana: User, exercise: Exercise) -> None:
    start_worker(1)
    client = AsyncClient()
    client.force_login(ana)
    source = "def doble(x):\n    for n in range(40_000): print(n, flush=True)\n    return 2 * x\n"
    submission = factories.hand_in(ana, exercise, source)
    started = time.monotonic()
    events = asyncio.run(asyncio.wait_for(heard(client, f"/submissions/{submission.pk}/events/"), 90))
    seconds = time.monotonic() - started
    assert len([kind for _, kind, _ in events if kind == "log"]) < 15 * seconds + 10
    assert state_of(submission) == State.GRADED
    assert {r.verdict for r in submission.gradings.get().group_results.all()} == {"output_limit"}
