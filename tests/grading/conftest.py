"""A real broker and real workers in processes of their own, on the rows of the test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from coursesite.embedded.redis import NoRedis
from coursesite.embedded.redis import running as redis_running
from grading.models import Submission

PATIENCE = 60.0


def wait_until(what: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for `what`; fails when it does not come true in time."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def state_of(submission: Submission) -> str:
    submission.refresh_from_db()
    return submission.state


class Broker:
    """A Redis on the settings' socket that a test may lose and get back, empty."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        self._running = redis_running(settings.VAR_DIR)
        self._running.__enter__()

    def stop(self) -> None:
        self._running.__exit__(None, None, None)

    def lose_everything(self) -> None:
        """Die, and forget all that was queued."""
        self.stop()
        for path in (settings.VAR_DIR / "redis").rglob("*"):
            if path.is_file():
                path.unlink()


@pytest.fixture
def broker() -> Iterator[Broker]:
    try:
        broker = Broker()
    except NoRedis as missing:
        pytest.skip(str(missing))
    yield broker
    broker.lose_everything()


class Worker:
    """A Celery worker as `./dev up` starts it."""

    def __init__(self, log: Path, concurrency: int = 2) -> None:
        self.log = log
        address = connection.settings_dict
        if connection.vendor == "sqlite":
            url = f"sqlite://{address['NAME']}"
        else:
            url = f"postgres://{address['USER']}@{quote(address['HOST'], safe='')}/{address['NAME']}"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "coursesite.settings",
            "COURSESITE_DATABASE_URL": url,
            "COURSESITE_VAR_DIR": str(settings.VAR_DIR),
            "COURSESITE_LEASE_SECONDS": "2",
        }
        options = ["--pool", "threads", "--concurrency", str(concurrency), "--loglevel", "INFO"]
        queues = ["-Q", "cpu.run,cpu.submit,cpu.regrade", "--without-mingle", "--without-gossip"]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "coursesite", "worker", *options, *queues],
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Die at once, as by the kernel's hand."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


@pytest.fixture
def start_worker(broker: Broker, tmp_path: Path, settings: object) -> Iterator[Callable[[], Worker]]:
    settings.GRADING_LEASE_SECONDS = 2
    settings.GRADING_BELL_SECONDS = 0
    settings.GRADING_RETRY_SECONDS = 0
    workers: list[Worker] = []

    def start(concurrency: int = 2) -> Worker:
        workers.append(Worker(tmp_path / f"worker{len(workers)}.log", concurrency))
        return workers[-1]

    yield start
    for worker in workers:
        worker.stop()
    for worker in workers:
        print(worker.log.read_text()[-4000:])
