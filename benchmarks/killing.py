"""A site's processes, restarted when they end, and somebody who ends them at random.

Restarted after a pause as systemd would, not with the growing pauses of `./dev up`: those are for what cannot
start, and here everything can.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from coursesite.embedded import redis

PAUSE_SECONDS = 0.3
QUEUES = "cpu.run,cpu.submit,cpu.regrade"
WEIGHTS = {"worker": 11, "zygote": 38, "connection": 36, "redis": 5, "web": 5, "scheduler": 3, "alone": 2}
SHORT_LOCK, LONG_LOCK = (0.05, 1.5), 23.0  # seconds; a write gives up after twenty
LONG_LOCK_EVERY = 40


@dataclass
class Kept:
    """A process that is started again whenever it has ended. `name` says what kind of victim it is."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    again_at: float = 0.0


@dataclass
class House:
    """The processes of one site. One thread looks after them until `close`."""

    kept: list[Kept]
    environment: Mapping[str, str]
    log: Path
    _done: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._look()
        self._thread = threading.Thread(target=self._watch, name="house", daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._done.wait(0.05):
            self._look()

    def _look(self) -> None:
        for one in self.kept:
            if one.process is not None and one.process.poll() is not None:
                end_session(one.process.pid)
                one.process, one.again_at = None, time.monotonic() + PAUSE_SECONDS
            if one.process is None and time.monotonic() >= one.again_at:
                with self.log.open("ab") as log:
                    one.process = subprocess.Popen(
                        one.command, env=self.environment, stdout=log, stderr=log, start_new_session=True
                    )
                one.starts += 1

    def living(self, name: str) -> list[int]:
        """The process ids of those of a kind that run."""
        processes = [one.process for one in self.kept if one.name == name]
        return [process.pid for process in processes if process and process.poll() is None]

    def close(self) -> None:
        """End them all; Redis, which the others speak to while they finish, last."""
        self._done.set()
        self._thread.join()
        for one in [*self.kept[1:], self.kept[0]]:
            if one.process is None:
                continue
            one.process.terminate()
            try:
                one.process.wait(15)
            except subprocess.TimeoutExpired:
                one.process.kill()
                one.process.wait()
            end_session(one.process.pid)


def end_session(leader: int) -> None:
    """Kill what a dead process left in its session, as a service's control group would be."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


@contextmanager
def house(folder: Path, *, port: int, workers: int, threads: int) -> Iterator[House]:
    """Redis, web, scheduler and `workers` workers, with the environment of this process."""
    python = sys.executable
    celery = [python, "-m", "celery", "--quiet", "-A", "coursesite"]
    web = [python, "-m", "uvicorn", "coursesite.asgi:application", "--port", str(port), "--lifespan", "off"]
    beat = [*celery, "beat", "--loglevel", "ERROR", "--pidfile", "", "--schedule", str(folder / "beat")]
    worker = [*celery, "worker", "--pool", "threads", "--concurrency", str(threads), "-Q", QUEUES]
    worker += ["--loglevel", "ERROR", "--without-mingle", "--without-gossip"]
    kept = [
        Kept("redis", redis.command(folder)),
        Kept("web", [*web, "--log-level", "error"]),
        Kept("scheduler", beat),
        *(Kept("worker", [*worker, "-n", f"worker{number}@%h"]) for number in range(workers)),
    ]
    running = House(kept, dict(os.environ), folder / "log")
    try:
        yield running
    finally:
        running.close()


def commands() -> dict[int, tuple[int, str]]:
    """Every process on this machine: its parent and its command line."""
    found = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            with suppress(OSError, IndexError):  # it ended meanwhile
                parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
                found[int(place.name)] = (parent, (place / "cmdline").read_bytes().decode(errors="replace"))
    return found


def descendants(roots: list[int], known: Mapping[int, tuple[int, str]]) -> list[tuple[int, str]]:
    """Process id and command line of all that descend from `roots`, parents first."""
    found: list[tuple[int, str]] = []
    generation = set(roots)
    while generation:
        children = {pid for pid, (parent, _) in known.items() if parent in generation}
        found += [(pid, known[pid][1]) for pid in sorted(children)]
        generation = children
    return found


@dataclass
class Killer:
    """Kills one of something whenever asked, by its seed."""

    house: House
    seed: int
    cut_connections: Callable[[random.Random], None]
    kills: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - reproducible, not secret

    @property
    def total(self) -> int:
        """How many so far."""
        return self.kills.total()

    def kill_one(self) -> None:
        """One of a kind that is alive now, drawn by weight."""
        kinds = list(WEIGHTS)
        kind = self.random.choices(kinds, [WEIGHTS[kind] for kind in kinds])[0]
        if kind == "connection":
            self.cut_connections(self.random)
            self.kills[kind] += 1
        elif victims := self._victims(kind):
            with suppress(ProcessLookupError):
                os.kill(self.random.choice(victims), signal.SIGKILL)
                self.kills[kind] += 1

    def _victims(self, kind: str) -> list[int]:
        if kind not in {"zygote", "alone"}:
            return self.house.living(kind)
        tree = descendants(self.house.living("worker"), commands())
        if kind == "alone":
            return [pid for pid, command in tree if "grade_alone" in command]
        return zygotes(tree, commands())


def zygotes(tree: list[tuple[int, str]], known: Mapping[int, tuple[int, str]]) -> list[int]:
    """The launchers, whose child is the zygote, and the zygotes themselves; none of their children.

    A student's process that is killed from outside looks like one that killed itself: that is its verdict.
    """
    inside = {pid for pid, command in tree if "/sandbox/inside" in command}
    launchers = {pid for pid in inside if known.get(pid, (0, ""))[0] not in inside}
    return [pid for pid in inside if pid in launchers or known.get(pid, (0, ""))[0] in launchers]


class SqliteLocks:
    """What cuts off the writers of an SQLite file: somebody else holds the lock, now and then too long."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._cuts = 0
        self._holding = threading.Lock()

    def __call__(self, chance: random.Random) -> None:
        self._cuts += 1
        seconds = LONG_LOCK if self._cuts % LONG_LOCK_EVERY == 0 else chance.uniform(*SHORT_LOCK)
        threading.Thread(target=self._hold, args=[seconds], daemon=True).start()

    def _hold(self, seconds: float) -> None:
        with self._holding:
            held = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            try:
                held.execute("BEGIN EXCLUSIVE")
                time.sleep(seconds)
                held.execute("ROLLBACK")
            finally:
                held.close()


class PostgresBackends:
    """Ends every other connection to the database."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(self, _chance: random.Random) -> None:
        import psycopg

        with psycopg.connect(self.url.replace("postgres://", "postgresql://", 1)) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
