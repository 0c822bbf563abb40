"""Clocks that are set while submissions run: nothing is stuck, doubled, or judged by the wrong moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from exercises.models import Exercise
from grading import selectors, services
from grading.judge import Report
from grading.models import Grading, State, Submission
from lessons.models import Cohort, Deadline, Enrolment
from tests import factories
from tests.grading.conftest import Worker, state_of, wait_until

HOURS = timedelta(hours=5)


def set_own_clock(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """This process's, not the database's."""
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + by)


@pytest.mark.django_db
@pytest.mark.parametrize("by", [HOURS, -HOURS], ids=["ahead", "behind"])
def test_a_worker_whose_clock_is_wrong_keeps_its_lease_and_takes_nobody_elses(
    ana: User, exercise: Exercise, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    hers, other = factories.hand_in(ana, exercise), factories.hand_in(ana, exercise)
    held = services.claim(submission_id=other.pk)
    set_own_clock(monkeypatch, by)
    lease = services.claim(submission_id=hers.pk)
    assert services.sweep().freed == 0
    monkeypatch.undo()
    assert services.sweep().freed == 0
    assert services.renew(lease=lease)
    assert services.renew(lease=held)


@pytest.mark.django_db
def test_what_a_dead_worker_held_when_the_clock_went_back_is_not_held_for_hours(
    ana: User, exercise: Exercise
) -> None:
    submission = factories.hand_in(ana, exercise)
    services.claim(submission_id=submission.pk)
    Submission.objects.update(lease_until=Now() + HOURS)  # as it stands after five hours back
    assert services.sweep().freed == 1
    assert state_of(submission) == State.QUEUED


@pytest.mark.django_db
def test_a_ring_that_was_lost_when_the_clock_went_back_is_not_waited_for(
    broker: object, ana: User, exercise: Exercise
) -> None:
    submission = factories.hand_in(ana, exercise)
    Submission.objects.update(rung_at=Now() + HOURS)
    services.sweep()
    assert Submission.objects.filter(pk=submission.pk, rung_at__lt=Now() + timedelta(minutes=1)).exists()


def set_deadline(person: User, exercise: Exercise, *, within: timedelta) -> None:
    cohort = Cohort.objects.create(course=exercise.course, name="Otoño")
    Enrolment.objects.filter(student=person).update(cohort=cohort)
    Deadline.objects.create(cohort=cohort, unit=exercise.unit, due_at=timezone.now() + within)


@pytest.mark.django_db
def test_what_was_handed_in_in_time_counts_however_late_a_workers_clock_says_it_is(
    ana: User, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_deadline(ana, exercise, within=timedelta(minutes=1))
    submission = factories.hand_in(ana, exercise)
    set_own_clock(monkeypatch, HOURS)
    lease = services.claim(submission_id=submission.pk)
    services.finish(lease=lease, report=Report((), 80.0, "", 0.1), runtime_version="test")
    monkeypatch.undo()
    submission.refresh_from_db()
    assert not submission.late
    assert abs(submission.finished_at - timezone.now()) < timedelta(minutes=1)
    assert selectors.best_score(student=ana, exercise=exercise) == 80.0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("by", "within"), [(HOURS, HOURS / 2), (-HOURS, -HOURS / 2)], ids=["ahead", "behind"]
)
def test_a_web_process_whose_clock_is_wrong_judges_a_deadline_by_the_databases(
    ana: User, exercise: Exercise, monkeypatch: pytest.MonkeyPatch, by: timedelta, within: timedelta
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("an SQLite file has no clock but this machine's")
    set_deadline(ana, exercise, within=within)
    set_own_clock(monkeypatch, by)
    assert factories.hand_in(ana, exercise).late == (within < timedelta(0))


@pytest.mark.django_db(transaction=True)
@pytest.mark.redis
@pytest.mark.wall
@pytest.mark.postgres
def test_a_clock_that_goes_forward_takes_the_lease_and_the_result_is_still_written_once(
    start_worker: Callable[..., Worker], ana: User, exercise: Exercise
) -> None:
    version = exercise.current
    version.limits |= {"seconds": 20}
    version.save()
    start_worker(2)
    slow = "import time\n\ndef doble(x):\n    time.sleep(0.4)\n    return 2 * x\n"
    submission = factories.hand_in(ana, exercise, slow)
    wait_until(lambda: state_of(submission) == State.RUNNING)
    assert services.sweep(at=timezone.now() + HOURS).freed == 1
    wait_until(lambda: services.sweep() is not None and state_of(submission) == State.GRADED)
    assert (submission.score, submission.faults) == (100.0, 1)
    assert Grading.objects.filter(submission=submission).count() == 1
