"""The supervisor with real processes: it restarts, it ends all, and nothing outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tooling.places import ROOT

PATIENCE = 15.0

SUPERVISE = """
import os, sys
from tooling.supervisor import Service, Supervisor
def service(name, code, **more):
    return Service(name, [sys.executable, "-c", code], dict(os.environ), "red", **more)
services = [{services}]
sys.exit(Supervisor(services, lambda: print("open", flush=True)).run())
"""

# Writes its process id, then a grandchild's that has left the session, as a daemon would.
WITH_A_DAEMON = """
import os, sys, time
open(r"{folder}/child", "w").write(str(os.getpid()))
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open(r"{folder}/daemon", "w").write(str(os.getpid()))
        time.sleep(600)
    os._exit(0)
os.wait()
time.sleep(600)
"""


@pytest.fixture
def supervise():
    """Starts a supervisor of these services; whatever is left of it is killed after the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*services: str) -> subprocess.Popen[str]:
        code = SUPERVISE.format(services=", ".join(services))
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_until(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    return condition()


def alive(pid: int) -> bool:
    """A zombie is not alive: it only waits to be counted."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def written(path: Path) -> int:
    assert wait_until(lambda: path.exists() and path.read_text() != "")
    return int(path.read_text())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_end_of_the_supervisor_is_the_end_of_all_even_of_a_daemon(supervise, tmp_path, number):
    process = supervise(f"service('web', {WITH_A_DAEMON.format(folder=tmp_path)!r})")
    child, daemon = written(tmp_path / "child"), written(tmp_path / "daemon")
    process.send_signal(number)
    assert process.wait(PATIENCE) == 0
    assert not alive(child)
    assert not alive(daemon)


def test_a_killed_supervisor_takes_its_children_with_it(supervise, tmp_path):
    process = supervise(f"service('web', {WITH_A_DAEMON.format(folder=tmp_path)!r})")
    child = written(tmp_path / "child")
    process.kill()
    assert wait_until(lambda: not alive(child))
    os.kill(written(tmp_path / "daemon"), signal.SIGKILL)


def test_a_child_that_will_not_end_is_killed_on_the_second_ctrl_c(supervise, tmp_path):
    stubborn = f"""
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(r"{tmp_path}/child", "w").write(str(os.getpid()))
while True: time.sleep(1)
"""
    process = supervise("service('redis', 'import time; time.sleep(600)')", f"service('web', {stubborn!r})")
    child = written(tmp_path / "child")
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert not alive(child)
    assert time.monotonic() - started < 5


def test_a_crashed_child_comes_back(supervise, tmp_path):
    code = f"import os; open(r'{tmp_path}/starts', 'a').write('x'); os.kill(os.getpid(), 9)"
    process = supervise(f"service('worker', {code!r})")
    assert wait_until(lambda: (tmp_path / "starts").exists() and len((tmp_path / "starts").read_text()) >= 3)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=PATIENCE)
    assert "worker │ ended with signal SIGKILL; again in 0.5 s" in output
    assert "again in 1 s" in output


def test_a_site_that_never_gets_up_ends_with_a_failure(supervise):
    process = supervise("service('web', 'print(\"no such module\"); raise SystemExit(3)', needed=True)")
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "web │ no such module" in output
    assert "does not start" in output


def test_work_that_ends_by_itself_is_not_started_again(supervise, tmp_path):
    code = f"open(r'{tmp_path}/starts', 'a').write('x')"
    process = supervise(
        f"service('torch', {code!r}, once=True)", "service('web', 'import time; time.sleep(600)')"
    )
    assert wait_until((tmp_path / "starts").exists)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    process.wait(PATIENCE)
    assert (tmp_path / "starts").read_text() == "x"


def test_it_says_open_once_the_site_answers(supervise, tmp_path):
    web = f"import time; time.sleep(0.3); open(r'{tmp_path}/up', 'w'); time.sleep(600)"
    process = supervise(f"service('web', {web!r}, healthy=lambda: os.path.exists(r'{tmp_path}/up'))")
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0


def test_a_reader_that_goes_away_ends_it(supervise, tmp_path):
    chatter = f"""
import os, time
open(r"{tmp_path}/child", "w").write(str(os.getpid()))
while True: print("still here", flush=True); time.sleep(0.05)
"""
    process = supervise(f"service('web', {chatter!r})")
    child = written(tmp_path / "child")
    assert process.stdout
    process.stdout.close()
    process.wait(PATIENCE)
    assert not alive(child)
