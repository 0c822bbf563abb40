"""`./dev up` for real: the first start of a data folder, the second, and what is left after the end."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tooling import environments, up
from tooling.places import ROOT

PATIENCE = 120.0


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """A data folder, shared by the starts of this file; its path is short, for the sockets."""
    with tempfile.TemporaryDirectory(prefix="coursesite-up-", dir="/tmp") as folder:
        yield Path(folder)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_a_worker_for_gpus_is_started_where_there_are_some_and_a_runtime(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm"):
        (tmp_path / name).touch()
    monkeypatch.setattr(up, "NODES", tmp_path)
    options = up.parse([])
    assert "gpu" not in [service.name for service in up.services(options, [])]
    monkeypatch.setattr(environments.Environment, "holds", lambda _one: True)
    (worker,) = [service for service in up.services(options, []) if service.name == "gpu"]
    told = " ".join(worker.command)
    assert "--concurrency 2 --queues gpu.submit,gpu.run,gpu.regrade" in told


class Site:
    """A `./dev up` that runs in the background."""

    def __init__(self, var: Path) -> None:
        self.port = free_port()
        self.log = var / "up.log"
        self.environment = {**os.environ, "COURSESITE_VAR_DIR": str(var)}
        for name in ("COURSESITE_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):  # those of the tests
            self.environment.pop(name, None)
        self.started = time.monotonic()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [ROOT / "dev", "up", "--port", str(self.port), "--no-torch"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text()

    def await_opening(self) -> float:
        """Seconds from the start to the first page."""
        while "is open at" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < self.started + PATIENCE, self.said()
            time.sleep(0.05)
        return time.monotonic() - self.started

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def dev(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ROOT / "dev", *words], env=self.environment, capture_output=True, text=True, timeout=60
        )


@pytest.fixture
def site(var: Path) -> Iterator[Site]:
    site = Site(var)
    yield site
    if site.process.poll() is None:
        site.process.send_signal(signal.SIGTERM)
        site.process.wait(30)


def processes_of(var: Path) -> list[str]:
    """The command lines of all that was started for this data folder, by the environment it got."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if (
                entry.name.isdigit()
                and f"COURSESITE_VAR_DIR={var}".encode() in (entry / "environ").read_bytes()
            ):
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def test_the_first_start_loads_the_course_and_prints_who_may_sign_in(site, var):
    site.await_opening()
    assert site.get("/healthz")[0] == 200
    assert "Optimización de redes neuronales" in site.get("/")[1]
    accounts = json.loads((var / "demo-accounts.json").read_text())
    assert [account["role"] for account in accounts] == ["student", "instructor", "admin"]
    assert all(account["password"] in site.said() for account in accounts)
    assert (var / "demo-accounts.json").stat().st_mode & 0o077 == 0


def test_a_second_start_prepares_nothing_and_ctrl_c_leaves_nothing(site, var):
    spent = site.await_opening()
    assert "prepare" not in site.said()
    assert spent < 15  # under 5 s on an idle machine, as docs/performance.md says
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(30) == 0
    assert processes_of(var) == []
    assert not (var / "redis.sock").exists()


def test_down_ends_it_from_elsewhere_and_says_when_there_is_nothing_to_end(site, var):
    site.await_opening()
    second = site.dev("up")
    assert second.returncode == 1
    assert f"http://localhost:{site.port}/" in second.stderr
    assert "The site has ended." in site.dev("down").stdout
    assert site.process.wait(30) == 0
    assert processes_of(var) == []
    assert "does not run" in site.dev("down").stdout


def test_a_start_after_a_kill_is_a_start_like_any_other(site, var):
    site.await_opening()
    site.process.kill()
    site.process.wait()
    until = time.monotonic() + 20
    while processes_of(var) and time.monotonic() < until:
        time.sleep(0.05)
    assert processes_of(var) == []
    again = Site(var)
    try:
        again.await_opening()
        assert again.get("/healthz")[0] == 200
    finally:
        again.dev("down")


def test_the_services_log_under_their_names(site):
    site.await_opening()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.request("GET", "/", headers={"Host": "elsewhere.example"})
    assert connection.getresponse().status == 400
    until = time.monotonic() + 10
    while not re.search(r"^web +│ .*elsewhere\.example", site.said(), re.MULTILINE):
        assert time.monotonic() < until, site.said()
        time.sleep(0.1)
