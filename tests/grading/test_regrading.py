"""Grading again: aside, behind the students, and then beside what was there."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import now

from accounts.models import Notification, User
from exercises.models import Exercise, ExerciseVersion, TestGroup
from grading import bell, privacy, regrades, selectors, services
from grading.cards import exercise_cards
from grading.evidence import groups_as_evidence
from grading.judge import GroupReport, Report
from grading.judge.verdicts import Verdict
from grading.models import GradeWith, Grading, Kind, Regrade, RegradeItem, RegradeState, State, Submission
from grading.services import regrade_items, regrading
from grading.services.regrading import RegradeRefused
from lessons.models import Cohort, Enrolment
from tests import factories
from tests.grading.views.conftest import grade

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bells of regrades, heard by the test instead of a worker."""
    heard: list[int] = []
    monkeypatch.setattr(bell, "ring_regrade", lambda *, item_id, queue: not heard.append(item_id))
    monkeypatch.setattr(regrade_items, "is_ready", lambda name: True)
    return heard


def report(score: float) -> Report:
    verdict = Verdict.PASSED if score == 100 else Verdict.WRONG
    groups = tuple(
        GroupReport(slug=slug, verdict=verdict, fraction=score / 100, message="Otra vez.")
        for slug in ("ejemplos", "azar")
    )
    return Report(groups=groups, score=score, output="hola", seconds=0.1)


def new_version(exercise: Exercise) -> ExerciseVersion:
    """As a corrected exercise.md leaves it: another version, with groups of its own."""
    old = exercise.current
    assert old
    fresh = ExerciseVersion.objects.create(
        exercise=exercise,
        content_hash=uuid4().hex,
        statement=old.statement,
        starter=old.starter,
        grader=old.grader,
        functions=old.functions,
        runtime=old.runtime,
        limits=old.limits,
    )
    for group in old.groups.all():
        group.pk, group.version, group.about = None, fresh, "doblar"
        group.save()
    exercise.current = fresh
    exercise.save()
    return fresh


def ask(exercise: Exercise, grade_with: GradeWith = GradeWith.CURRENT, **scope: object) -> Regrade:
    return regrading.ask(
        exercise=exercise, grade_with=grade_with, reason="El grupo «azar» estaba mal.", by=None, **scope
    )


def grade_items(regrade: Regrade, *scores: float) -> None:
    """What workers would find, in the order in which the hand-ins came."""
    for item, score in zip(regrade.items.filter(state=State.QUEUED).order_by("pk"), scores, strict=True):
        lease = regrade_items.claim(item_id=item.pk)
        assert lease
        version = regrade_items.version_for(
            RegradeItem.objects.select_related("regrade__version", "submission__version").get(pk=item.pk)
        )
        assert regrade_items.finish(
            lease=lease, report=report(score), version=version, runtime_version="test"
        )
    regrade.refresh_from_db()


@pytest.fixture
def forty(ana: User, exercise: Exercise) -> Submission:
    return grade(factories.hand_in(ana, exercise), 40, azar={"verdict": "wrong", "fraction": 0.0})


class TestAside:
    def test_nothing_that_a_student_sees_changes_until_it_is_applied(
        self, forty: Submission, as_ana: Client, exercise: Exercise
    ) -> None:
        new_version(exercise)
        url, history = forty.get_absolute_url(), f"{exercise.get_absolute_url()}history/"
        seen = [as_ana.get(page, headers={"Accept": "application/json"}).content for page in (url, history)]
        regrade = ask(exercise)
        grade_items(regrade, 80)
        assert regrade.state == RegradeState.READY
        again = [as_ana.get(page, headers={"Accept": "application/json"}).content for page in (url, history)]
        assert seen[0] == again[0]
        forty.refresh_from_db()
        assert (forty.score, forty.state, forty.gradings.count()) == (40.0, State.GRADED, 1)
        assert not Notification.objects.exists()

    def test_the_preview_counts_what_goes_up_down_and_stays(
        self, ana: User, exercise: Exercise, forty: Submission
    ) -> None:
        for score in (40, 60, 60, 100):
            grade(factories.hand_in(ana, exercise), score)
        regrade = ask(exercise)
        assert regrades.preview_of(regrade).waiting == 5
        grade_items(regrade, 80, 20, 60.2, 60, 100)
        preview = regrades.preview_of(regrade)
        assert (preview.up, preview.down, preview.same, preview.failed, preview.waiting) == (1, 1, 3, 0, 0)
        assert [(item.before, item.after) for item in regrades.changes_of(regrade)] == [(40, 20), (40, 80)]

    def test_a_discarded_one_leaves_no_trace_and_what_still_runs_writes_nothing(
        self, forty: Submission, exercise: Exercise
    ) -> None:
        regrade = ask(exercise)
        lease = regrade_items.claim(item_id=regrade.items.get().pk)
        assert lease
        regrading.discard(regrade=regrade)
        assert not regrade_items.renew(lease=lease)
        assert exercise.current
        assert not regrade_items.finish(
            lease=lease, report=report(0), version=exercise.current, runtime_version=""
        )
        forty.refresh_from_db()
        assert (forty.score, forty.gradings.count()) == (40.0, 1)
        with pytest.raises(RegradeRefused):
            regrading.apply(regrade=regrade)
        assert ask(exercise), "and another may be asked for"


class TestApplied:
    def test_the_new_result_counts_and_the_old_one_is_kept(
        self, forty: Submission, ana: User, exercise: Exercise
    ) -> None:
        fresh = new_version(exercise)
        regrade = ask(exercise)
        grade_items(regrade, 80)
        assert regrading.apply(regrade=regrade) == 1
        forty.refresh_from_db()
        assert (forty.score, forty.state) == (80.0, State.GRADED)
        kept = list(forty.gradings.order_by("number").values_list("number", "score", "version"))
        assert kept == [(1, 40.0, forty.version_id), (2, 80.0, fresh.pk)]
        assert selectors.best_score(student=ana, exercise=exercise) == 80.0
        assert exercise_cards(exercise.course, ana)[0].score == 80.0
        newest = forty.gradings.get(number=2)
        assert {r.group.version_id for r in newest.group_results.all()} == {fresh.pk}
        assert newest.output == "hola"

    def test_evidence_follows_the_result_that_counts_and_keeps_its_day(
        self, forty: Submission, ana: User, exercise: Exercise
    ) -> None:
        TestGroup.objects.update(about="doblar")
        new_version(exercise)
        regrade = ask(exercise)
        grade_items(regrade, 100)
        regrading.apply(regrade=regrade)
        found = list(groups_as_evidence(exercise.course, [ana.pk]))
        assert [one.passed for one in found] == [1.0, 1.0]
        assert {one.at for one in found} == {forty.queued_at}

    def test_the_student_reads_when_why_and_what_it_was(
        self, forty: Submission, as_ana: Client, exercise: Exercise
    ) -> None:
        new_version(exercise)
        regrade = ask(exercise)
        grade_items(regrade, 80)
        regrading.apply(regrade=regrade)
        page = " ".join(as_ana.get(forty.get_absolute_url()).content.decode().split())
        assert "Recalificada el" in page
        assert "con la versión nueva del ejercicio: 40 → 80" in page
        assert "El grupo «azar» estaba mal." in page
        assert "Las 2 calificaciones de esta entrega" in page
        assert "Azar: resultado incorrecto" in page
        history = " ".join(as_ana.get(f"{exercise.get_absolute_url()}history/").content.decode().split())
        assert "recalificada, antes 40" in history

    def test_whose_score_changed_is_told_once_and_nobody_else(
        self, ana: User, exercise: Exercise, forty: Submission
    ) -> None:
        grade(factories.hand_in(ana, exercise), 60)
        eva = factories.make_user("eva")
        factories.enrol(eva, exercise.course)
        grade(factories.hand_in(eva, exercise), 100)
        regrade = ask(exercise, GradeWith.SAME)
        grade_items(regrade, 80, 70, 100)
        regrading.apply(regrade=regrade)
        told = Notification.objects.get()
        assert (told.person, told.facts["before"], told.facts["after"]) == (ana, 60, 80)
        assert told.url == forty.get_absolute_url()

    def test_it_is_applied_once(self, forty: Submission, exercise: Exercise) -> None:
        regrade = ask(exercise)
        with pytest.raises(RegradeRefused):
            regrading.apply(regrade=regrade)
        grade_items(regrade, 80)
        regrading.apply(regrade=regrade)
        with pytest.raises(RegradeRefused):
            regrading.apply(regrade=regrade)
        with pytest.raises(RegradeRefused):
            regrading.discard(regrade=regrade)
        assert Grading.objects.count() == 2

    def test_what_we_could_not_grade_keeps_what_it_has(
        self, forty: Submission, ana: User, exercise: Exercise
    ) -> None:
        grade(factories.hand_in(ana, exercise), 60)
        regrade = ask(exercise)
        first = regrade.items.first()
        assert first
        for _fault in range(settings.GRADING_MAX_FAULTS):
            lease = regrade_items.claim(item_id=first.pk)
            assert lease
            regrade_items.give_back(lease=lease, reason="the zygote died")
        grade_items(regrade, 90)
        assert regrades.preview_of(regrade).failed == 1
        assert regrading.apply(regrade=regrade) == 1
        forty.refresh_from_db()
        assert forty.score == 40.0

    @pytest.mark.parametrize("hand_ins", [2, 12])
    def test_applying_costs_queries_by_the_hundred_not_by_the_hand_in(
        self, hand_ins: int, ana: User, exercise: Exercise, django_assert_max_num_queries
    ) -> None:
        for _one in range(hand_ins):
            grade(factories.hand_in(ana, exercise), 40)
        regrade = ask(exercise)
        grade_items(regrade, *([80.0] * hand_ins))
        with django_assert_max_num_queries(24):
            regrading.apply(regrade=regrade)


class TestScope:
    def test_runs_ungraded_and_erased_work_are_passed_over(
        self, forty: Submission, ana: User, exercise: Exercise
    ) -> None:
        grade(factories.hand_in(ana, exercise, kind=Kind.RUN), 100)
        factories.hand_in(ana, exercise)
        erased = grade(factories.hand_in(ana, exercise), 20)
        Submission.objects.filter(pk=erased.pk).update(source="")
        Submission.objects.filter(state=State.QUEUED).update(state=State.CANCELLED)
        assert [item.submission for item in ask(exercise).items.all()] == [forty]

    def test_a_day_and_a_cohort_bound_it(self, forty: Submission, ana: User, exercise: Exercise) -> None:
        Submission.objects.update(queued_at=now() - timedelta(days=3))
        recent = grade(factories.hand_in(ana, exercise), 50)
        eva = factories.make_user("eva")
        place = factories.enrol(eva, exercise.course)
        place.cohort = Cohort.objects.create(course=exercise.course, name="Otoño")
        place.save()
        hers = grade(factories.hand_in(eva, exercise), 50)
        since = now() - timedelta(days=1)

        def found(**scope) -> set[Submission]:
            return set(regrades.in_scope(exercise=exercise, **scope))

        assert found(cohort=None, since=None) == {forty, recent, hers}
        assert found(cohort=None, since=since) == {recent, hers}
        assert found(cohort=place.cohort, since=since) == {hers}
        Enrolment.objects.filter(pk=place.pk).update(left_at=now())
        assert found(cohort=place.cohort, since=None) == {hers}, "who has left was there"

    @pytest.mark.parametrize("why", ["no_version", "nothing", "open", "no_runtime"])
    def test_nonsense_is_refused_in_words(self, why: str, forty: Submission, exercise: Exercise) -> None:
        if why == "no_version":
            exercise.retired = True
        elif why == "nothing":
            Submission.objects.update(state=State.CANCELLED)
        elif why == "open":
            ask(exercise)
        else:
            ExerciseVersion.objects.update(runtime="fortran")
            exercise.refresh_from_db()
        with pytest.raises(RegradeRefused) as refusal:
            ask(exercise)
        assert refusal.value.code == why
        assert refusal.value.message

    def test_a_retired_exercise_can_be_graded_again_as_it_was(
        self, forty: Submission, exercise: Exercise
    ) -> None:
        Exercise.objects.update(retired=True, current=None)
        exercise.refresh_from_db()
        assert ask(exercise, GradeWith.SAME).items.count() == 1


class TestBehindStudents:
    def test_it_leaves_half_of_the_places_and_rings_on_as_they_come_free(
        self, ana: User, exercise: Exercise, rung: list[int]
    ) -> None:
        for _one in range(5):
            grade(factories.hand_in(ana, exercise), 40)
        ask(exercise)
        assert len(rung) == regrade_items.most_in_flight() == 1
        lease = regrade_items.claim(item_id=rung[0])
        assert lease
        assert exercise.current
        regrade_items.finish(lease=lease, report=report(40), version=exercise.current, runtime_version="")
        assert len(rung) == 2

    def test_while_a_student_waits_a_ring_is_let_be_and_comes_again(
        self, forty: Submission, ana: User, exercise: Exercise, rung: list[int]
    ) -> None:
        ask(exercise)
        waiting = factories.hand_in(ana, exercise)
        Submission.objects.filter(pk=waiting.pk).update(rung_at=now())
        assert regrade_items.claim(item_id=rung[0]) is None
        Submission.objects.filter(pk=waiting.pk).update(state=State.CANCELLED)
        regrade_items.ring_waiting()
        assert rung[0] == rung[1]
        assert regrade_items.claim(item_id=rung[1])

    def test_an_item_of_a_dead_worker_is_graded_by_another_and_the_dead_one_writes_nothing(
        self, forty: Submission, exercise: Exercise
    ) -> None:
        regrade = ask(exercise)
        item = regrade.items.get()
        dead = regrade_items.claim(item_id=item.pk)
        assert dead
        assert regrade_items.claim(item_id=item.pk) is None
        later = now() + timedelta(seconds=settings.GRADING_LEASE_SECONDS + 1)
        assert regrade_items.sweep(at=later) == 1
        grade_items(regrade, 80)
        assert exercise.current
        assert not regrade_items.finish(
            lease=dead, report=report(0), version=exercise.current, runtime_version=""
        )
        assert regrade.items.get().after == 80

    def test_its_rings_do_not_make_a_students_lost_ring_wait(self) -> None:
        assert not any(queue.endswith(".regrade") for queue in bell.queues())
        assert bell.queues(kinds=("regrade",)) == ["cpu.regrade", "gpu.regrade"]


def test_a_submission_is_graded_first_and_may_then_be_regraded_in_a_later_regrade(
    ana: User, exercise: Exercise
) -> None:
    submission = factories.hand_in(ana, exercise)
    lease = services.claim(submission_id=submission.pk)
    assert lease
    services.finish(lease=lease, report=report(40), runtime_version="test")
    for score in (60.0, 80.0):
        regrade = ask(exercise)
        grade_items(regrade, score)
        regrading.apply(regrade=regrade)
    assert list(submission.gradings.order_by("number").values_list("number", "score")) == [
        (1, 40.0),
        (2, 60.0),
        (3, 80.0),
    ]


def test_work_that_was_erased_while_it_waited_keeps_its_mark_and_nothing_of_it_comes_back(
    forty: Submission, ana: User, exercise: Exercise
) -> None:
    regrade = ask(exercise)
    grade_items(regrade, 80)
    privacy.erase(ana, now())
    assert regrading.apply(regrade=regrade) == 0
    forty.refresh_from_db()
    assert (forty.score, forty.gradings.count()) == (40.0, 1)
    assert not Notification.objects.exists()
