"""Where an exercise for a GPU is graded, what its page says when nobody has one, and who waits for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import redis
from django.conf import settings as site
from django.core.management import call_command
from django.db.models import F
from django.test import Client

from accounts.models import User
from exercises.models import Exercise
from grading import bell, gpus, health, runtimes, services, work
from grading.models import State, Submission
from grading.sandbox.devices import Busy
from lessons.models import Course
from tests import factories
from tests.grading.conftest import Broker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]
GPU_QUEUES = ["gpu.run", "gpu.submit", "gpu.regrade"]


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, broker: Broker) -> Callable[..., None]:
    """Leaves the note of a worker that listens to such queues on a machine with so many GPUs."""
    monkeypatch.setattr(health, "_read", None)
    monkeypatch.setattr(health, "is_ready", lambda _name: True)

    def reports(*queues: str, devices: int = 0) -> None:
        monkeypatch.setattr(health, "_listens", frozenset(queues))
        monkeypatch.setattr(gpus, "in_use", lambda: [object()] * devices)
        health.report(problem="")
        monkeypatch.setattr(health, "_read", None)

    return reports


@pytest.fixture
def must(course: Course) -> Exercise:
    """It says `runtime: torch-gpu`."""
    return factories.make_exercise(course, slug="debe", runtime="torch-gpu")


@pytest.fixture
def may(course: Course) -> Exercise:
    """It says `runtime: torch` and `gpu_memory_mb`."""
    return factories.make_exercise(course, slug="puede", runtime="torch", gpu_memory_mb=512)


def rings() -> dict[str, int]:
    with redis.Redis.from_url(site.REDIS_URL) as client:
        return {queue: n for queue in ("cpu.submit", "gpu.submit") if (n := client.llen(queue))}


@pytest.mark.parametrize(
    ("name", "limits", "offered", "taken"),
    [
        ("torch", {}, {"torch", "torch-gpu"}, "torch"),
        ("torch", {"gpu_memory_mb": 512}, {"torch"}, "torch"),
        ("torch", {"gpu_memory_mb": 512}, {"torch", "torch-gpu"}, "torch-gpu"),
        ("torch-gpu", {}, {"torch"}, "torch-gpu"),
        ("numpy", {"gpu_memory_mb": 512}, {"numpy", "torch-gpu"}, "numpy"),
        ("gone", {}, set(), "gone"),
    ],
)
def test_what_may_have_a_gpu_gets_one_if_there_is_one_and_what_must_waits_for_it(
    name: str, limits: dict[str, float], offered: set[str], taken: str
) -> None:
    assert runtimes.chosen(name, limits, offered=lambda: offered) == taken


def test_who_must_have_a_gpu_rings_in_its_queue_and_nowhere_else(
    worker: Callable[..., None], ana: User, must: Exercise
) -> None:
    worker("cpu.run", "cpu.submit", "cpu.regrade")
    factories.hand_in(ana, must)
    assert rings() == {"gpu.submit": 1}


def test_who_may_have_one_rings_there_only_while_a_worker_has_one(
    worker: Callable[..., None], ana: User, may: Exercise
) -> None:
    worker("cpu.run", "cpu.submit", "cpu.regrade")
    factories.hand_in(ana, may)
    assert rings() == {"cpu.submit": 1}
    worker(*GPU_QUEUES, devices=1)
    factories.hand_in(ana, may)
    assert rings() == {"cpu.submit": 1, "gpu.submit": 1}


def test_a_gpu_workers_note_stands_beside_the_other_workers_of_its_machine(
    worker: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    worker("cpu.run", "cpu.submit", "cpu.regrade")
    worker(*GPU_QUEUES, devices=2)
    now = health.read()
    assert now.workers == 2
    assert {"numpy", "torch", "torch-gpu"} <= now.runtimes
    assert now.hears("gpu.run")
    call_command("sandbox", "workers")
    assert "2 places, torch-gpu" in capsys.readouterr().out


def test_a_gpu_worker_whose_devices_are_all_set_aside_offers_nothing(worker: Callable[..., None]) -> None:
    worker(*GPU_QUEUES, devices=0)
    assert not health.read().can_grade("torch-gpu")


def test_the_page_says_that_no_gpu_is_there_instead_of_letting_wait_in_silence(
    worker: Callable[..., None], as_ana: Client, must: Exercise
) -> None:
    worker("cpu.run", "cpu.submit", "cpu.regrade")
    page = as_ana.get(f"/courses/{must.course.slug}/exercises/{must.slug}/").content.decode()
    assert "se corrige en una GPU y ahora no hay ninguna en marcha" in page
    assert "tu entrega espera en la cola" in page
    worker(*GPU_QUEUES, devices=1)
    page = as_ana.get(f"/courses/{must.course.slug}/exercises/{must.slug}/").content.decode()
    assert "ninguna en marcha" not in page


def test_what_may_have_a_gpu_says_nothing_of_it(
    worker: Callable[..., None], as_ana: Client, may: Exercise
) -> None:
    worker("cpu.run", "cpu.submit", "cpu.regrade")
    page = as_ana.get(f"/courses/{may.course.slug}/exercises/{may.slug}/").content.decode()
    assert "ninguna en marcha" not in page
    assert "512 MB de GPU" in page


def test_with_the_last_gpu_gone_what_can_do_without_goes_to_a_processor_and_the_rest_waits(
    worker: Callable[..., None], broker: Broker, ana: User, may: Exercise, must: Exercise
) -> None:
    eva = factories.make_user("eva")
    factories.enrol(eva, may.course)
    worker(*GPU_QUEUES, devices=1)
    can, cannot = factories.hand_in(ana, may), factories.hand_in(eva, must)
    assert rings() == {"gpu.submit": 2}
    with redis.Redis.from_url(site.REDIS_URL) as client:
        client.delete(*client.keys(f"{health.KEY}*"))  # its note runs out
    worker("cpu.run", "cpu.submit", "cpu.regrade")
    Submission.objects.update(rung_at=F("rung_at") - timedelta(seconds=60))
    assert services.sweep().rung == 1
    assert bell.ringing(but=GPU_QUEUES) == {str(can.pk)}
    Submission.objects.update(rung_at=F("rung_at") - timedelta(seconds=60))
    assert services.sweep().rung == 0
    assert bell.ringing() == {str(can.pk), str(cannot.pk)}


def test_a_submission_that_got_no_gpu_in_time_waits_on_and_no_fault_is_counted(
    worker: Callable[..., None], monkeypatch: pytest.MonkeyPatch, ana: User, must: Exercise
) -> None:
    @contextmanager
    def busy(*_: object, **__: object) -> Iterator[None]:
        raise Busy("no GPU came free in time")
        yield

    worker(*GPU_QUEUES, devices=1)
    monkeypatch.setattr(gpus, "place", busy)
    monkeypatch.setattr(work, "is_ready", lambda _name: True)
    submission = factories.hand_in(ana, must)
    lease = services.claim(submission_id=submission.pk)
    assert lease is not None
    work.grade_under(lease=lease)
    submission.refresh_from_db()
    assert (submission.state, submission.faults, submission.lease) == (State.QUEUED, 0, None)
    Submission.objects.update(rung_at=F("rung_at") - timedelta(seconds=60))
    with redis.Redis.from_url(site.REDIS_URL) as client:
        client.delete("gpu.submit")
    assert services.sweep().rung == 1
