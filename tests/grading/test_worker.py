"""The whole way behind the page, with nothing replaced: real Redis, real workers, the real wall."""

from __future__ import annotations

import asyncio
import json

import pytest
from django.test import AsyncClient

from accounts.models import User
from exercises.models import Exercise
from grading import services
from grading.models import GradeWith, Grading, Kind, Regrade, RegradeState, State
from grading.services import regrading
from tests import factories
from tests.grading.conftest import Broker, state_of, wait_until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.redis,
    pytest.mark.wall,
    pytest.mark.postgres,
]

SLOW = "import time\n\ndef doble(x):\n    time.sleep(0.5)\n    return 2 * x\n"


@pytest.fixture
def patient(exercise: Exercise) -> Exercise:
    """An exercise that lets a submission take its time."""
    version = exercise.current
    version.limits |= {"seconds": 20, "cpu_seconds": 20}
    version.save()
    return exercise


def test_a_right_and_a_wrong_submission_get_their_verdicts(
    start_worker, ana: User, exercise: Exercise
) -> None:
    start_worker()
    right = factories.hand_in(ana, exercise, factories.RIGHT)
    wrong = factories.hand_in(ana, exercise, factories.WRONG)
    wait_until(lambda: state_of(right) == state_of(wrong) == State.GRADED)
    assert (right.score, wrong.score) == (100.0, 50.0)
    verdicts = {r.group.slug: (r.verdict, r.hint) for r in wrong.gradings.get().group_results.all()}
    assert verdicts == {"ejemplos": ("passed", ""), "azar": ("wrong", "dobla")}


def test_a_run_grades_the_visible_group_alone(start_worker, ana: User, exercise: Exercise) -> None:
    start_worker()
    run = factories.hand_in(ana, exercise, factories.WRONG, kind=Kind.RUN)
    wait_until(lambda: state_of(run) == State.GRADED)
    assert [r.group.slug for r in run.gradings.get().group_results.all()] == ["ejemplos"]


def test_a_worker_killed_while_grading_loses_nothing_and_grades_once(
    start_worker, ana: User, patient: Exercise
) -> None:
    doomed = start_worker()
    submission = factories.hand_in(ana, patient, SLOW)
    wait_until(lambda: state_of(submission) == State.RUNNING)
    doomed.kill()
    start_worker()
    wait_until(lambda: services.sweep() is not None and state_of(submission) == State.GRADED)
    assert submission.score == 100.0
    assert submission.faults == 1
    assert Grading.objects.filter(submission=submission).count() == 1


def test_a_redis_lost_in_mid_queue_loses_nothing(
    start_worker, broker: Broker, ana: User, exercise: Exercise, patient: Exercise
) -> None:
    submissions = [factories.hand_in(ana, patient) for _ in range(6)]
    broker.lose_everything()
    during = factories.hand_in(ana, patient)
    broker.start()
    start_worker()
    everything = [*submissions, during]
    wait_until(lambda: services.sweep() is not None and {state_of(s) for s in everything} == {State.GRADED})
    assert Grading.objects.count() == 7


def test_forty_of_one_student_do_not_delay_anothers_first(start_worker, ana: User, patient: Exercise) -> None:
    eva = factories.make_user("eva")
    factories.enrol(eva, patient.course)
    slow = "import time\n\ndef doble(x):\n    time.sleep(0.02)\n    return 2 * x\n"
    forty = [factories.hand_in(ana, patient, slow) for _ in range(40)]
    hers = factories.hand_in(eva, patient)
    start_worker(1)
    wait_until(lambda: state_of(hers) == State.GRADED)
    graded_before = [s for s in forty if state_of(s) == State.GRADED and s.finished_at < hers.finished_at]
    assert len(graded_before) <= 3


@pytest.fixture
def listening_client(ana: User) -> AsyncClient:
    client = AsyncClient()
    client.force_login(ana)
    return client


async def heard(client: AsyncClient, url: str, **headers: str) -> list[tuple[str, str, dict]]:
    """Every event of the stream until it ends, as (id, type, data)."""
    response = await client.get(url, headers=headers)
    text = "".join([part.decode() async for part in response.streaming_content])
    events = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            events.append((fields.get("id", ""), fields["event"], json.loads(fields["data"])))
    return events


def test_the_stream_tells_the_life_in_order_and_resumes_where_it_broke(
    start_worker, listening_client: AsyncClient, ana: User, exercise: Exercise
) -> None:
    submission = factories.hand_in(ana, exercise)
    start_worker()
    url = f"/submissions/{submission.pk}/events/"

    async def listen() -> tuple[list, list]:
        whole = await asyncio.wait_for(heard(listening_client, url), 60)
        again = await asyncio.wait_for(heard(listening_client, url, **{"Last-Event-ID": whole[1][0]}), 60)
        return whole, again

    whole, again = asyncio.run(listen())
    kinds = [kind for _, kind, _ in whole]
    assert kinds[0] == "state"
    assert kinds[-1] == "verdict"
    assert whole[-1][2]["score"] == 100.0
    assert [e[2]["slug"] for e in whole if e[1] == "group"] == ["ejemplos", "azar"]
    assert [kind for _, kind, _ in again] == ["verdict"]


def test_with_redis_lost_the_stream_goes_on_by_the_database(
    broker: Broker, listening_client: AsyncClient, ana: User, exercise: Exercise
) -> None:
    submission = factories.hand_in(ana, exercise)
    broker.lose_everything()
    services.cancel(submission=submission)
    events = asyncio.run(heard(listening_client, f"/submissions/{submission.pk}/events/"))
    broker.start()
    assert events[-1][1:2] == ("verdict",)
    assert events[-1][2]["state"] == "cancelled"


def test_a_regrade_goes_through_its_queue_survives_a_killed_worker_and_lets_students_pass(
    start_worker, ana: User, patient: Exercise
) -> None:
    first = start_worker()
    slow = [factories.hand_in(ana, patient, SLOW) for _ in range(3)]
    wait_until(lambda: {state_of(s) for s in slow} == {State.GRADED})
    regrade = regrading.ask(exercise=patient, grade_with=GradeWith.SAME, reason="Otra vez.", by=None)
    wait_until(lambda: regrade.items.filter(state=State.RUNNING).exists())
    first.kill()
    assert RegradeState(Regrade.objects.get().state) == RegradeState.RUNNING
    start_worker()
    hers = factories.hand_in(ana, patient)
    wait_until(lambda: services.sweep() is not None and state_of(hers) == State.GRADED)
    assert Regrade.objects.get().state == RegradeState.RUNNING, "she came last and was graded first"
    wait_until(
        lambda: services.sweep() is not None and Regrade.objects.get().state == RegradeState.READY, 120
    )
    assert sum(regrade.items.values_list("faults", flat=True)) == 1
    assert Grading.objects.count() == 4
    assert regrading.apply(regrade=regrade) == 3
    assert Grading.objects.count() == 7
    assert {s.gradings.count() for s in slow} == {2}
    assert {state_of(s) for s in slow} == {State.GRADED}
