"""A submission's life: one winner of each step, one result, no point lost to our faults."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from exercises.models import Exercise
from grading import selectors, services
from grading.judge import GroupReport, Report
from grading.judge.verdicts import Verdict
from grading.models import Grading, Kind, State, Submission
from tests import factories

pytestmark = pytest.mark.django_db


def report(score: float = 100.0, verdict: Verdict = Verdict.PASSED) -> Report:
    groups = tuple(
        GroupReport(slug=slug, verdict=verdict, fraction=score / 100) for slug in ("ejemplos", "azar")
    )
    return Report(groups=groups, score=score, output="", seconds=0.1)


def grade(submission: Submission, score: float = 100.0) -> Grading | None:
    lease = services.claim(submission_id=submission.pk)
    assert lease
    return services.finish(lease=lease, report=report(score), runtime_version="test")


def test_only_one_of_two_workers_gets_it(ana: User, exercise: Exercise) -> None:
    submission = factories.hand_in(ana, exercise)
    assert services.claim(submission_id=submission.pk)
    assert services.claim(submission_id=submission.pk) is None


def test_a_ring_that_comes_late_gives_no_third_place_in_flight(ana: User, exercise: Exercise) -> None:
    first, second, third = (factories.hand_in(ana, exercise) for _ in range(3))
    assert services.claim(submission_id=third.pk) is None
    grade(first)
    assert services.claim(submission_id=second.pk)
    assert services.claim(submission_id=third.pk)


def test_the_result_is_written_once_with_its_groups(ana: User, exercise: Exercise) -> None:
    submission = factories.hand_in(ana, exercise)
    lease = services.claim(submission_id=submission.pk)
    assert services.finish(lease=lease, report=report(60.0), runtime_version="test")
    assert services.finish(lease=lease, report=report(100.0), runtime_version="test") is None
    submission.refresh_from_db()
    assert (submission.state, submission.score) == (State.GRADED, 60.0)
    assert Grading.objects.get().group_results.count() == 2


def test_a_worker_that_comes_back_from_the_dead_writes_nothing(ana: User, exercise: Exercise) -> None:
    submission = factories.hand_in(ana, exercise)
    dead = services.claim(submission_id=submission.pk)
    services.sweep(at=timezone.now() + timedelta(seconds=settings.GRADING_LEASE_SECONDS + 1))
    assert grade(submission, 60.0)
    assert services.finish(lease=dead, report=report(0.0), runtime_version="test") is None
    submission.refresh_from_db()
    assert submission.score == 60.0


def test_a_lease_that_is_renewed_does_not_run_out(ana: User, exercise: Exercise) -> None:
    submission = factories.hand_in(ana, exercise)
    lease = services.claim(submission_id=submission.pk)
    Submission.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert services.renew(lease=lease)
    assert services.sweep().freed == 0


def test_our_faults_cost_no_attempt_and_what_caused_them_is_set_aside_with_a_reference(
    ana: User, exercise: Exercise
) -> None:
    submission = factories.hand_in(ana, exercise)
    states = []
    for _ in range(3):
        lease = services.claim(submission_id=submission.pk)
        states.append(services.give_back(lease=lease, reason="the zygote died"))
    submission.refresh_from_db()
    assert services.is_suspect(submission)
    lease = services.claim(submission_id=submission.pk)
    states.append(services.set_aside(lease=lease, reason="alone, it killed its process", trials=3))
    submission.refresh_from_db()
    assert states == [State.QUEUED, State.QUEUED, State.QUEUED, State.SYSTEM_ERROR]
    assert submission.score is None
    assert submission.fault_reference
    assert submission.fault_reference in selectors.fresh_state(submission.pk)["headline"]


def test_waiting_for_a_runtime_that_is_being_installed_is_no_fault(ana: User, exercise: Exercise) -> None:
    submission = factories.hand_in(ana, exercise)
    for _ in range(5):
        assert services.put_back(lease=services.claim(submission_id=submission.pk))
    submission.refresh_from_db()
    assert (submission.state, submission.faults) == (State.QUEUED, 0)


def test_our_fault_leaves_the_best_score_alone(ana: User, exercise: Exercise) -> None:
    grade(factories.hand_in(ana, exercise), 60.0)
    broken = factories.hand_in(ana, exercise)
    for _ in range(settings.GRADING_MOST_FAULTS):
        services.give_back(lease=services.claim(submission_id=broken.pk), reason="disk full")
    broken.refresh_from_db()
    assert broken.state == State.SYSTEM_ERROR
    assert selectors.best_score(student=ana, exercise=exercise) == 60.0


def test_the_next_of_the_student_is_rung_for_when_one_ends(ana: User, exercise: Exercise) -> None:
    first, _second, third = (factories.hand_in(ana, exercise) for _ in range(3))
    third.refresh_from_db()
    assert third.rung_at is None
    grade(first)
    third.refresh_from_db()
    assert third.rung_at is not None


def test_the_place_in_the_queue_only_falls(ana: User, exercise: Exercise) -> None:
    first, second, third = (factories.hand_in(ana, exercise) for _ in range(3))
    places = [selectors.ahead_of(third)]
    grade(first)
    places.append(selectors.ahead_of(third))
    factories.hand_in(ana, exercise)
    places.append(selectors.ahead_of(third))
    grade(second)
    places.append(selectors.ahead_of(third))
    assert places == [2, 1, 1, 0]


def test_a_run_says_what_it_did_not_measure(ana: User, exercise: Exercise) -> None:
    submission = factories.hand_in(ana, exercise, kind=Kind.RUN)
    lease = services.claim(submission_id=submission.pk)
    visible = Report(
        groups=(GroupReport(slug="ejemplos", verdict=Verdict.PASSED, fraction=1.0),),
        score=100.0,
        output="",
        seconds=0.1,
    )
    services.finish(lease=lease, report=visible, runtime_version="test")
    assert selectors.fresh_state(submission.pk)["headline"] == (
        "Comprobaciones visibles: 1 de 1. Al entregar se mide 1 grupo más."
    )


@pytest.mark.parametrize(
    "impossible",
    [
        {"state": State.GRADED, "score": None},
        {"state": State.GRADED, "score": 101},
        {"state": State.RUNNING},
        {"attempt_number": None},
    ],
    ids=["graded without a score", "above 100", "running without a lease", "hand-in without a number"],
)
def test_the_database_refuses_impossible_submissions(
    ana: User, exercise: Exercise, impossible: dict[str, object]
) -> None:
    submission = factories.hand_in(ana, exercise)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(**impossible)


@pytest.mark.parametrize("tries", [1, 20])
def test_her_history_costs_three_queries_however_often_ana_tried(
    ana: User, exercise: Exercise, tries: int, django_assert_num_queries
) -> None:
    for _ in range(tries):
        grade(factories.hand_in(ana, exercise))
    with django_assert_num_queries(3):
        titles = [
            result.group.title
            for attempt in selectors.attempts(student=ana, exercise=exercise)
            for result in attempt.gradings.all()[0].group_results.all()
        ]
    assert len(titles) == 2 * tries
