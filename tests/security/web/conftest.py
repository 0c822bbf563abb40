"""A real server on the rows of the test, and the things that an attacker may name."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import User
from tests.coursesite.test_permissions import place as place  # everything that an address may name, all Ana's
from tests.grading.conftest import Broker
from tests.grading.conftest import broker as broker
from tests.grading.conftest import start_worker as start_worker

PATIENCE = 30.0


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


class Server:
    """uvicorn as `./dev up` starts it, in a process of its own, on the database of the test."""

    def __init__(self, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.log = log
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "coursesite.settings_test",
            "COURSESITE_DATABASE_URL": database_url(),
            "COURSESITE_VAR_DIR": str(settings.VAR_DIR),
        }
        listen = ["--host", "127.0.0.1", "--port", str(self.port), "--lifespan", "off"]
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", "coursesite.asgi:application", *listen],
                env=environment,
                stdout=out,
                stderr=out,
            )

    def wait(self) -> None:
        """Until it answers."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            try:
                httpx.get(f"{self.url}/healthz", timeout=2).raise_for_status()
                return
            except httpx.HTTPError:
                time.sleep(0.1)
        pytest.fail(f"the server does not answer:\n{self.log.read_text()[-3000:]}")

    def browser(self, person: User | None = None) -> httpx.Client:
        """A client of the server; with `person`, their session and the token that forms want."""
        jar: dict[str, str] = {}
        headers = {}
        if person is not None:
            client = Client()
            client.force_login(person)
            token = "a" * 32
            jar = {"sessionid": client.cookies["sessionid"].value, "csrftoken": token}
            headers = {"X-CSRFToken": token}
        return httpx.Client(base_url=self.url, cookies=jar, headers=headers, timeout=PATIENCE)

    def faults(self) -> list[str]:
        """What it logged as faults of its own."""
        return [line for line in self.log.read_text().splitlines() if line.startswith(("ERROR", "Traceback"))]

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def database_url() -> str:
    """The test's database as `COURSESITE_DATABASE_URL` names one."""
    address = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{address['NAME']}"
    return f"postgres://{address['USER']}@{quote(address['HOST'], safe='')}/{address['NAME']}"


@pytest.fixture
def server(transactional_db: None, broker: Broker, tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "web.log")
    try:
        started.wait()
        yield started
    finally:
        started.stop()
        print(started.log.read_text()[-4000:])
