"""A whole site in a temporary folder: Redis, web and worker as `./dev up` starts them, and a client."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from coursesite.embedded.redis import running as redis_running

CSRF = "a" * 32


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Student:
    """Somebody signed in, over one connection."""

    port: int
    session: str

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Accept": "application/json",
        }

    def submit(self, exercise: str, source: str) -> dict:
        """Hand in; gives the state. Raises RuntimeError for a refusal."""
        body = urllib.parse.urlencode({"source": source, "kind": "submit", "form_token": str(uuid4())})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        url = f"/courses/banco/exercises/{exercise}/submissions/"
        try:
            self.connection.request("POST", url, body, self.headers | form)
            answer = self.connection.getresponse()
        except (ConnectionError, http.client.RemoteDisconnected):  # idle for longer than the server waits
            self.connection.close()
            self.connection.request("POST", url, body, self.headers | form)  # the token says it is the same
            answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise RuntimeError(f"{answer.status}: {text[:300]!r}")
        return json.loads(text)

    def wait_for_verdict(self, state: dict) -> dict:
        """Follow the events of a submission to its verdict."""
        stream = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        stream.request("GET", state["urls"]["events"], headers=self.headers)
        answer = stream.getresponse()
        kind = ""
        while line := answer.readline().decode():
            if line.startswith("event: "):
                kind = line[7:].strip()
            elif line.startswith("data: ") and kind == "verdict":
                stream.close()
                return json.loads(line[6:])
        raise RuntimeError("the stream ended without a verdict")


@contextmanager
def site(folder: Path, workers: int) -> Iterator[int]:
    """Everything running on the database in `folder`; gives the port."""
    port = free_port()
    environment = os.environ | {"COURSESITE_LOG_LEVEL": "ERROR"}
    web = [sys.executable, "-m", "uvicorn", "coursesite.asgi:application", "--port", str(port)]
    worker = [sys.executable, "-m", "celery", "-A", "coursesite", "worker", "--pool", "threads"]
    worker += ["--concurrency", str(workers), "-Q", "cpu.run,cpu.submit,cpu.regrade", "--loglevel", "ERROR"]
    commands = [[*web, "--log-level", "error"], [*worker, "--without-mingle", "--without-gossip"]]
    with redis_running(folder), (folder / "log").open("ab") as log:
        children = [
            subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
            for command in commands
        ]
        try:
            wait_for(port)
            yield port
        finally:
            for child in children:
                child.terminate()
            for child in children:
                try:
                    child.wait(15)
                except subprocess.TimeoutExpired:
                    child.kill()


def wait_for(port: int) -> None:
    """Wait until the site answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("the site did not come up")
