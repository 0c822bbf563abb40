"""Disks that fill up under a whole site: what was sent is kept, results are written once, it goes on."""

from __future__ import annotations

import html
import http.client
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from benchmarks.killing import house
from benchmarks.site import CSRF, free_port, wait_for
from tests.grading.conftest import wait_until

pytestmark = [
    pytest.mark.redis,
    pytest.mark.wall,
    pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root"),
]

PATH = "/courses/caos/exercises/caos/submissions/"
MIB = 1024 * 1024
LAY_OUT = "from benchmarks.chaos_rows import lay_out; print(lay_out(1)[0])"


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@dataclass
class Site:
    """A whole site, and one student of it."""

    port: int
    session: str
    database: Path

    def post(self, source: str, token: str, accept: str = "application/json") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        fields = {"source": source, "kind": "submit", "form_token": token}
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Accept": accept,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request("POST", PATH, urllib.parse.urlencode(fields), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def rows(self, words: str = "state, score") -> list[tuple]:
        with sqlite3.connect(self.database, timeout=30) as connection:
            return connection.execute(f"SELECT {words} FROM grading_submission ORDER BY queued_at").fetchall()

    def results(self) -> int:
        with sqlite3.connect(self.database, timeout=30) as connection:
            return connection.execute("SELECT COUNT(*) FROM grading_grading").fetchone()[0]


@contextmanager
def site(folder: Path, database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    port = free_port()
    for name, value in {
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite://{database}",
        "LEASE_SECONDS": "3",
    }.items():
        monkeypatch.setenv(f"COURSESITE_{name}", value)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "coursesite.settings")
    laid = subprocess.run([sys.executable, "-c", LAY_OUT], capture_output=True, text=True, check=True)
    with house(folder, port=port, workers=1, threads=2) as _running:
        wait_for(port)
        try:
            yield Site(port, laid.stdout.split()[-1], database)
        finally:
            print((folder / "log").read_text()[-6000:])


def fill(disk: Path) -> Path:
    """Take all that is left."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        for size in (MIB, 4096, 1):
            try:
                while True:
                    os.write(file.fileno(), b"x" * size)
            except OSError:
                continue
    return ballast


def source(seconds: float = 0.0) -> str:
    return f"import time\n\ndef doble(x):\n    time.sleep({seconds})\n    return 2 * x\n# {'á' * 5000}\n"


def test_a_full_disk_under_the_database_refuses_in_words_keeps_the_text_and_loses_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    var = tmp_path / "var"
    var.mkdir()
    with (
        small_disk(tmp_path / "disk", 8) as disk,
        site(var, disk / "db.sqlite3", monkeypatch) as running,
    ):
        status, _ = running.post(source(0.5), str(uuid4()))
        assert status == 201
        wait_until(lambda: running.rows() == [("running", None)])
        ballast = fill(disk)

        token, refusals = str(uuid4()), []
        for _ in range(3):
            refusals.append(running.post(source(), token))
        assert [status for status, _ in refusals] == [503] * 3
        assert json.loads(refusals[0][1])["code"] == "unavailable"
        status, page = running.post(source(), token, accept="text/html")
        assert status == 503
        assert source().strip() in html.unescape(page)
        assert re.search(f'name="form_token" value="{token}"', page)

        time.sleep(8)  # the grading has ended meanwhile, its lease too, and neither can be written
        ballast.unlink()
        assert running.post(source(), token)[0] == 201
        wait_until(lambda: running.rows() == [("graded", 100.0), ("graded", 100.0)], seconds=90)
        assert running.results() == 2
        assert [faults for (faults,) in running.rows("faults")] == [0, 0]


def test_a_full_disk_under_redis_loses_nothing_and_grading_goes_on_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        small_disk(tmp_path / "disk", 24) as disk,
        site(disk, tmp_path / "db.sqlite3", monkeypatch) as running,
    ):
        assert running.post(source(), str(uuid4()))[0] == 201
        wait_until(lambda: running.rows() == [("graded", 100.0)])
        ballast = fill(disk)
        statuses = [running.post(source(), str(uuid4()))[0] for _ in range(4)]
        assert statuses == [201] * 4  # the database has room: the bell alone is broken
        time.sleep(6)
        ballast.unlink()
        wait_until(lambda: running.rows() == [("graded", 100.0)] * 5, seconds=120)
        assert running.results() == 5


def test_a_full_disk_under_the_whole_data_folder_is_survived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk", 40) as disk, site(disk, disk / "db.sqlite3", monkeypatch) as running:
        first, second = str(uuid4()), str(uuid4())
        assert running.post(source(0.3), first)[0] == 201
        ballast = fill(disk)
        assert running.post(source(), second)[0] == 503
        time.sleep(6)
        ballast.unlink()
        assert running.post(source(), second)[0] == 201
        assert running.post(source(0.3), first)[0] == 201  # the same again is the first
        wait_until(lambda: running.rows() == [("graded", 100.0)] * 2, seconds=120)
        assert running.results() == 2
