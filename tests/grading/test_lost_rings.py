"""Which rings the sweeper takes for lost: those that are in no queue, and no others."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.db.models import F

from accounts.models import User
from exercises.models import Exercise
from grading import bell, services
from grading.models import Submission
from tests import factories
from tests.grading.conftest import Broker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]


@pytest.fixture
def queue(broker: Broker) -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)


def time_passes(seconds: float = 60) -> None:
    Submission.objects.update(rung_at=F("rung_at") - timedelta(seconds=seconds))


def test_a_ring_that_died_with_its_worker_is_rung_again_though_others_still_wait(
    queue: redis.Redis, ana: User, exercise: Exercise
) -> None:
    lost = factories.hand_in(ana, exercise)
    heard = factories.hand_in(ana, exercise)
    queue.rpop("cpu.submit")  # the oldest: taken by a worker that then died
    assert bell.ringing() == {str(heard.pk)}
    time_passes()
    assert services.sweep().rung == 1
    assert bell.ringing() == {str(lost.pk), str(heard.pk)}


def test_what_waits_its_turn_is_not_rung_again_however_long_it_waits(
    queue: redis.Redis, ana: User, exercise: Exercise
) -> None:
    for number in range(30):
        student = factories.make_user(f"s{number}")
        factories.enrol(student, exercise.course)
        factories.hand_in(student, exercise)
    time_passes(3600)
    assert services.sweep().rung == 0
    assert queue.llen("cpu.submit") == 30


def test_while_the_broker_is_away_nothing_is_taken_for_lost(
    broker: Broker, ana: User, exercise: Exercise
) -> None:
    factories.hand_in(ana, exercise)
    time_passes()
    broker.stop()
    assert services.sweep().rung == 0
    broker.start()
