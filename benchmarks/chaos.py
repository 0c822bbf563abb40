"""What survives when everything is killed at random while students hand in.

A whole site; many students, each with a browser's patience: whoever loses an answer asks again under the
same form token. Meanwhile workers, zygotes, Redis, the web process, the scheduler and the database's
connections are killed. What counts is the database at the end, against what the students know they handed in.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.killing import Killer, PostgresBackends, SqliteLocks, house
from benchmarks.site import CSRF, free_port, wait_for

WORKERS, THREADS = 2, 2
A_STUDENTS_SHARE = 20
MOST_WAITING = 40
SETTLE_SECONDS = 120.0
"""After the last kill: when nothing has been graded for so long, what is left is stuck."""


@dataclass
class HandIn:
    """One that a student means to send, and what came of it."""

    source: str
    score: float
    due_at_kill: int
    token: str = field(default_factory=lambda: str(uuid4()))
    submission: str = ""
    tries: int = 0


class Client:
    """A student's browser: sends one thing after another, each until it is answered."""

    def __init__(self, port: int, session: str, plan: list[HandIn]) -> None:
        self.port, self.plan = port, plan
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def send_all(self, killer: Killer, over: threading.Event) -> None:
        """Each when its kill has come; gives up only when the measurement is over."""
        for one in self.plan:
            while killer.total < one.due_at_kill and not over.is_set():
                time.sleep(0.05)
            while not one.submission and not over.is_set():
                one.tries += 1
                one.submission = self._send(one)
                if not one.submission:
                    time.sleep(0.5)

    def _send(self, one: HandIn) -> str:
        """The id of the submission; empty when the answer was lost, or said to come back."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = urllib.parse.urlencode({"source": one.source, "kind": "submit", "form_token": one.token})
        try:
            connection.request("POST", "/courses/caos/exercises/caos/submissions/", body, self.headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            return ""
        finally:
            connection.close()
        if answer.status == 201:
            return str(json.loads(text)["id"])
        if answer.status in {429, 500, 503}:
            return ""
        raise RuntimeError(f"a hand-in was refused with {answer.status}: {text[:300]!r}")


def planned(submissions: int, kills: int, seed: int) -> list[list[HandIn]]:
    """What each student will send: three of four right, the rest wrong in the second group, worth half."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    students = max(1, submissions // A_STUDENTS_SHARE)
    plans: list[list[HandIn]] = [[] for _ in range(students)]
    for number in range(submissions):
        right, seconds = chance.random() < 0.75, round(chance.uniform(0.1, 1.2), 2)
        answer = "2 * x" if right else "4.0"
        source = (
            f"# {number}\nimport time\n\ndef doble(x):\n    time.sleep({seconds} / 6)\n    return {answer}\n"
        )
        due = int(chance.uniform(0, 0.95 * kills))
        plans[number % students].append(HandIn(source, 100.0 if right else 50.0, due))
    return [sorted(plan, key=lambda one: one.due_at_kill) for plan in plans]


@contextmanager
def database_of(kind: str | None, folder: Path) -> Iterator[str]:
    """The address of the database that is used: the one of the environment, or a fresh one."""
    given = os.environ.get("COURSESITE_DATABASE_URL", "")
    if given and kind is None:
        yield given
    elif kind == "postgres":
        from tooling import postgres

        programs = postgres.programs()
        if programs is None:
            raise SystemExit("no PostgreSQL programs here: apt install postgresql, or leave --database out")
        with postgres.running(programs) as url:
            yield url
    else:
        yield f"sqlite://{folder / 'db.sqlite3'}"


def measure(
    *,
    submissions: int,
    kills: int,
    seed: int,
    pause: float,
    lease: int | None,
    database: str | None,
    keep: bool,
) -> dict[str, Any]:
    """Run it all; the figures. Takes about as long as `kills` × `pause`, and a while to settle."""
    folder = Path(tempfile.mkdtemp(prefix="coursesite-chaos-"))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the site ends with us
    try:
        with database_of(database, folder) as url:
            os.environ |= {
                "COURSESITE_VAR_DIR": str(folder),
                "COURSESITE_DATABASE_URL": url,
                "COURSESITE_LOG_LEVEL": "ERROR",
                "COURSESITE_WRITES_PER_MINUTE": "100000",
                "DJANGO_SETTINGS_MODULE": "coursesite.settings",
            }
            if lease:
                os.environ["COURSESITE_LEASE_SECONDS"] = str(lease)
            from benchmarks import chaos_rows

            plans = planned(submissions, kills, seed)
            sessions = chaos_rows.lay_out(len(plans))
            cut = SqliteLocks(folder / "db.sqlite3") if url.startswith("sqlite") else PostgresBackends(url)
            port = free_port()
            with house(folder, port=port, workers=WORKERS, threads=THREADS) as running:
                wait_for(port)
                killer = Killer(running, seed, cut)
                times = under_fire(
                    killer,
                    [Client(port, session, plan) for session, plan in zip(sessions, plans, strict=True)],
                    kills=kills,
                    pause=pause,
                )
                starts = sum(one.starts for one in running.kept if one.name == "worker")
            every = [one for plan in plans for one in plan]
            figures = chaos_rows.tally(every)
            chaos_rows.connection.close()  # or the server waits for us when it is told to end
            tries = [one.tries for one in every]
            return figures | {
                "kills": killer.total,
                "kills_by_kind": dict(sorted(killer.kills.items())),
                "worker_starts": starts,
                "posts": sum(tries),
                "posts_repeated": sum(tries) - len(tries),
                "seed": seed,
                "database": url.partition(":")[0],
                **times,
            }
    finally:
        if keep:
            print(f"the site's folder is kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def under_fire(killer: Killer, clients: list[Client], *, kills: int, pause: float) -> dict[str, float]:
    """Hand in and kill; then wait in peace until everything has its end, or too long."""
    over = threading.Event()
    started = time.monotonic()
    with ThreadPoolExecutor(len(clients)) as pool:
        sending = [pool.submit(client.send_all, killer, over) for client in clients]
        try:
            kill_all_the_while(killer, sending, kills=kills, pause=pause)
            fire = time.monotonic() - started
            settle()
        finally:
            over.set()
        for one in sending:
            one.result()
    settled = time.monotonic() - started - fire
    return {"seconds_under_fire": round(fire, 1), "seconds_to_settle": round(settled, 1)}


def kill_all_the_while(killer: Killer, sending: list[Future[None]], *, kills: int, pause: float) -> None:
    """Until there were enough kills and everything is handed in; or it takes far longer than it should.

    Where the machine is so slow that the site does not come to grade what was handed in between two kills,
    the next waits a little: a site in which nothing ever runs can lose nothing.
    """
    from benchmarks import chaos_rows

    until = time.monotonic() + 6 * kills * pause + SETTLE_SECONDS
    told = 0
    while (killer.total < kills or not all(one.done() for one in sending)) and time.monotonic() < until:
        time.sleep(killer.random.expovariate(1 / pause))
        patience = time.monotonic() + 6 * pause
        while chaos_rows.unfinished() > MOST_WAITING and time.monotonic() < patience:
            time.sleep(0.2)
        killer.kill_one()
        if killer.total // 50 > told:
            told = killer.total // 50
            print(f"{killer.total} kills, {chaos_rows.ended()} graded …", flush=True)


def settle() -> None:
    """Wait for what still waits or runs, as long as it becomes less."""
    from benchmarks import chaos_rows

    before, until = -1, time.monotonic() + SETTLE_SECONDS
    while (left := chaos_rows.unfinished()) and time.monotonic() < until:
        if left != before:
            before, until = left, time.monotonic() + SETTLE_SECONDS
        time.sleep(0.5)


MUST_BE_ZERO = ("lost", "graded_twice", "stuck", "points_lost", "system_errors", "attempts_miscounted")


def survived(figures: dict[str, Any]) -> bool:
    """Whether nothing happened that must not."""
    return not any(figures[name] for name in MUST_BE_ZERO)


def table(figures: dict[str, Any]) -> str:
    """The figures as text."""
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key} {number}" for key, number in value.items())
        lines.append(f"{name:<24} {value}")
    return "\n".join(lines)


def median(values: list[float]) -> float:
    """To the hundredth; 0 of nothing."""
    return round(statistics.median(values), 2) if values else 0.0
