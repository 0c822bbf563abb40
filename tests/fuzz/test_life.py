"""A submission's life against a model of it: any order of hand-ins, workers, losses and sweeps."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import TestCase, override_settings
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from grading import bell, events, selectors, services
from grading.judge import GroupReport, Report
from grading.judge.verdicts import Verdict
from grading.models import Kind, State, Submission
from grading.services import Lease, life, sweeping
from tests import factories

from .budget import budget

MOST_WAITING = 5
FINAL = {State.GRADED, State.SYSTEM_ERROR, State.CANCELLED}


@dataclass
class Known:
    """What must be in the row of a submission."""

    student: int
    exercise: int
    kind: Kind
    source: str
    form_token: UUID
    attempt_number: int | None
    state: State = State.QUEUED
    token: UUID | None = None
    until: datetime | None = None
    faults: int = 0
    score: float | None = None
    told: list[str] = field(default_factory=list)

    def fault(self) -> None:
        self.faults += 1
        self.leave(State.SYSTEM_ERROR if self.faults >= settings.GRADING_MOST_FAULTS else State.QUEUED)

    def leave(self, state: State) -> None:
        self.state, self.token, self.until = state, None, None


class Broker:
    """The bell outside the site: it may be away, forget, repeat, and ring in any order."""

    def __init__(self) -> None:
        self.rings: list[tuple[UUID, datetime]] = []
        self.away = False
        self.answers_are_lost = False

    def ring(self, *, submission_id: UUID, queue: str, countdown: float = 0) -> bool:
        assert queue in bell.queues()
        if self.away:
            return False
        self.rings.append((submission_id, timezone.now() + timedelta(seconds=countdown)))
        return not self.answers_are_lost

    def ringing(self) -> set[str] | None:
        return None if self.away else {str(found) for found, due in self.rings if due <= timezone.now()}


class Life(RuleBasedStateMachine):
    """Two students, two exercises, any number of workers."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[UUID, Known] = {}
        self.leases: list[Lease] = []
        self.broker = Broker()
        self.ahead = timedelta()
        self.undo = ExitStack()
        real_now = timezone.now
        for place, name, stand_in in (
            (bell, "ring", self.broker.ring),
            (bell, "ringing", lambda task=bell.GRADE: self.broker.ringing() if task == bell.GRADE else set()),
            (events, "publish", self.hear),
            (events, "forget", lambda _pk: None),
            (timezone, "now", lambda: real_now() + self.ahead),
            (life, "Now", lambda: real_now() + self.ahead),
            (sweeping, "Now", lambda: real_now() + self.ahead),
        ):
            self.undo.enter_context(mock.patch.object(place, name, stand_in))
        self.undo.enter_context(override_settings(GRADING_WAITING_PER_STUDENT=MOST_WAITING))
        self.undo.enter_context(transaction.atomic())
        self.students = [factories.make_user("ana"), factories.make_user("bea")]
        course = factories.make_course()
        self.exercises = [factories.make_exercise(course, slug) for slug in ("doble", "triple")]
        for student in self.students:
            factories.enrol(student, course)

    def hear(self, submission_id: UUID, kind: str, data: dict[str, Any]) -> None:
        if kind == "changed" and submission_id in self.known:
            self.known[submission_id].told.append(data["state"])

    def teardown(self) -> None:
        try:
            self.all_ends_well()
        finally:
            transaction.set_rollback(True)
            self.undo.close()

    def do(self, service: Any, **arguments: Any) -> Any:
        """Call it, and let happen what it left for after the commit."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            return service(**arguments)

    # the students

    def unfinished(self, student: int) -> list[Known]:
        return [one for one in self.known.values() if one.student == student and one.state not in FINAL]

    @rule(
        student=st.integers(0, 1), exercise=st.integers(0, 1), kind=st.sampled_from([Kind.RUN, Kind.SUBMIT])
    )
    def hands_in(self, student: int, exercise: int, kind: Kind) -> None:
        token, source = uuid4(), f"# {len(self.known)}"
        arguments = {
            "student": self.students[student], "exercise": self.exercises[exercise],
            "source": source, "kind": kind, "form_token": token,
        }  # fmt: skip
        if len(self.unfinished(student)) >= MOST_WAITING:
            with pytest.raises(services.Refused):
                self.do(services.hand_in, **arguments)
            return
        number = None
        own = [one for one in self.known.values() if (one.student, one.exercise) == (student, exercise)]
        if kind == Kind.SUBMIT:
            number = 1 + sum(one.kind == Kind.SUBMIT for one in own)
        else:
            for older in own:
                if older.kind == Kind.RUN and older.state == State.QUEUED:
                    older.leave(State.CANCELLED)
        submission = self.do(services.hand_in, **arguments)
        self.known[submission.pk] = Known(student, exercise, kind, source, token, number)

    @precondition(lambda self: self.known)
    @rule(pick=st.integers(0, 99), same=st.booleans())
    def sends_a_form_again(self, pick: int, same: bool) -> None:
        pk, one = self.pick(self.known.items(), pick)
        arguments = {
            "student": self.students[one.student], "exercise": self.exercises[one.exercise],
            "source": one.source if same else "# other", "kind": one.kind, "form_token": one.form_token,
        }  # fmt: skip
        if same:
            assert self.do(services.hand_in, **arguments).pk == pk
        else:
            with pytest.raises(services.Refused):
                self.do(services.hand_in, **arguments)

    @precondition(lambda self: self.known)
    @rule(pick=st.integers(0, 99))
    def takes_back(self, pick: int) -> None:
        pk, one = self.pick(self.known.items(), pick)
        may = one.state == State.QUEUED or (one.state == State.RUNNING and one.kind == Kind.RUN)
        assert self.do(services.cancel, submission=Submission.objects.get(pk=pk)) == may
        if may:
            one.leave(State.CANCELLED)

    # the workers

    @precondition(lambda self: self.broker.rings)
    @rule(pick=st.integers(0, 99), twice=st.booleans())
    def a_worker_hears_a_ring(self, pick: int, twice: bool) -> None:
        """In any order, and perhaps again: a worker that died gives its ring back."""
        heard = self.pick(self.broker.rings, pick)
        if not twice:
            self.broker.rings.remove(heard)
        pk = heard[0]
        one = self.known[pk]
        waits = one.state == State.QUEUED and Submission.objects.get(pk=pk).rung_at is not None
        lease = self.do(services.claim, submission_id=pk)
        assert (lease is not None) == waits
        if lease:
            one.state, one.token, one.until = State.RUNNING, lease.token, services.life.lease_end()
            self.leases.append(lease)

    def holds(self, lease: Lease) -> bool:
        return self.known[lease.submission_id].token == lease.token

    @precondition(lambda self: self.leases)
    @rule(pick=st.integers(0, 99), score=st.sampled_from([0.0, 50.0, 100.0]))
    def a_worker_finishes(self, pick: int, score: float) -> None:
        lease = self.pick(self.leases, pick)
        holds, one = self.holds(lease), self.known[lease.submission_id]
        groups = tuple(GroupReport(slug, Verdict.PASSED, score / 100) for slug in ("ejemplos", "azar"))
        report = Report(groups, score, "", 0.1)
        grading = self.do(services.finish, lease=lease, report=report, runtime_version="1")
        assert (grading is not None) == holds
        if holds:
            one.leave(State.GRADED)
            one.score = score

    @precondition(lambda self: self.leases)
    @rule(pick=st.integers(0, 99))
    def a_worker_renews(self, pick: int) -> None:
        lease = self.pick(self.leases, pick)
        assert self.do(services.renew, lease=lease) == self.holds(lease)
        if self.holds(lease):
            self.known[lease.submission_id].until = services.life.lease_end()

    @precondition(lambda self: self.leases)
    @rule(pick=st.integers(0, 99))
    def a_worker_lacks_the_runtime(self, pick: int) -> None:
        lease = self.pick(self.leases, pick)
        holds = self.holds(lease)
        assert self.do(services.put_back, lease=lease) == holds
        if holds:
            self.known[lease.submission_id].leave(State.QUEUED)

    @precondition(lambda self: self.leases)
    @rule(pick=st.integers(0, 99))
    def a_worker_fails(self, pick: int) -> None:
        lease = self.pick(self.leases, pick)
        holds, one = self.holds(lease), self.known[lease.submission_id]
        state = self.do(services.give_back, lease=lease, reason="the zygote died")
        if holds:
            one.fault()
        assert state == (one.state if holds else None)

    # the world

    @rule(seconds=st.sampled_from([1, 6, 25, 400]))
    def time_passes(self, seconds: int) -> None:
        self.ahead += timedelta(seconds=seconds)

    @rule(how=st.sampled_from(["away", "back", "forgets", "deaf", "hears"]))
    def the_broker_is_unwell(self, how: str) -> None:
        if how == "forgets":
            self.broker.rings.clear()
        elif how in ("away", "back"):
            self.broker.away = how == "away"
        else:
            self.broker.answers_are_lost = how == "deaf"

    @rule()
    def the_sweeper_comes(self) -> None:
        expired = [one for one in self.known.values() if one.until and one.until < timezone.now()]
        swept = self.do(services.sweep)
        assert swept.freed == len(expired)
        for one in expired:
            one.fault()

    # what always holds

    @invariant()
    def the_rows_are_as_known(self) -> None:
        rows = {row.pk: row for row in Submission.objects.prefetch_related("gradings__group_results")}
        assert rows.keys() == self.known.keys()
        for pk, one in self.known.items():
            row = rows[pk]
            assert (row.state, row.lease, row.faults, row.score, row.attempt_number) == (
                one.state, one.token, one.faults, one.score, one.attempt_number
            )  # fmt: skip
            gradings = list(row.gradings.all())
            assert len(gradings) == (one.state == State.GRADED)
            assert all(len(grading.group_results.all()) == 2 for grading in gradings)
            assert bool(row.fault_reference) == bool(one.faults)
            assert (row.finished_at is not None) == (one.state in FINAL)
            assert not one.told or one.told[-1] == one.state

    @invariant()
    def no_student_holds_more_places_than_there_are(self) -> None:
        for student in self.students:
            held = selectors.in_flight(student_id=student.pk).count()
            assert held <= settings.GRADING_IN_FLIGHT_PER_STUDENT

    def all_ends_well(self) -> None:
        """Once nothing more goes wrong, sweeps and workers bring every submission to its end."""
        self.broker.away = self.broker.answers_are_lost = False
        self.broker.rings.clear()
        for _ in range(MOST_WAITING + 2):
            self.ahead += timedelta(
                seconds=settings.GRADING_LEASE_SECONDS + 60 * settings.GRADING_BELL_SECONDS
            )
            self.the_sweeper_comes()
            self.ahead += timedelta(seconds=settings.GRADING_MOST_FAULTS * settings.GRADING_RETRY_SECONDS)
            while self.broker.rings:
                self.a_worker_hears_a_ring(0, twice=False)
                if self.leases and self.holds(self.leases[-1]):
                    self.a_worker_finishes(len(self.leases) - 1, 100.0)
        assert all(one.state in FINAL for one in self.known.values())
        self.the_rows_are_as_known()

    @staticmethod
    def pick(of: Any, index: int) -> Any:
        of = list(of)
        return of[index % len(of)]


@pytest.fixture
def _silent() -> Iterator[None]:
    """A machine that runs a thousand lives would tell of each fault in them."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("_silent")
@pytest.mark.django_db
def test_whatever_happens_each_submission_is_graded_once_or_said_to_be_lost() -> None:
    run_state_machine_as_test(Life, settings=budget(5, stateful_step_count=30))
