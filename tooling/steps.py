"""Long work with progress: steps side by side, each with its time, its log and its failure explained."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path

from . import machine, say
from .places import LOGS, ROOT, environment

NO_NETWORK = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|dns error|Name or service not known"
    r"|Temporary failure in name resolution|error sending request|NewConnectionError|Network is unreachable"
    r"|ConnectTimeoutError|client error \(Connect\)"
)
SECONDS_TO_END = 3.0
DISK_FULL = re.compile(r"ENOSPC|No space left on device|os error 28", re.IGNORECASE)
UNKNOWN_CERTIFICATE = re.compile(
    r"SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|CERTIFICATE_VERIFY_FAILED|UnknownIssuer|invalid peer cert"
)
NO_WHEEL = re.compile(
    r"no (?:usable|compatible|matching) wheels?|building source distributions is disabled", re.IGNORECASE
)

_lock = threading.Lock()
_running: dict[str, float] = {}
_starting = threading.Lock()
_children: set[subprocess.Popen[bytes]] = set()


@contextmanager
def step(title: str) -> Iterator[None]:
    """Shows `title` while its body runs, and the time it took after."""
    started = time.monotonic()
    with _lock:
        _running[title] = started
        if not say.live():
            say.line(f"  {title} …")
    try:
        yield
    except BaseException:
        _finish(title, say.paint("✗", "red"), started)
        raise
    _finish(title, say.paint("✓", "green"), started)


def _finish(title: str, mark: str, started: float) -> None:
    with _lock:
        _running.pop(title, None)
        _wipe()
        say.line(f"{mark} {title}  {say.paint(say.seconds(time.monotonic() - started), 'grey')}")


def _wipe() -> None:
    if say.live():
        print("\r\033[K", end="", flush=True)


def _show_running(stop: threading.Event) -> None:
    """Redraws one last line with what runs and for how long, until `stop`."""
    wheel = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
    width = os.get_terminal_size(sys.stdout.fileno()).columns
    turn = 0
    while not stop.wait(0.12):
        turn += 1
        with _lock:
            now = time.monotonic()
            text = " · ".join(f"{title} {now - since:.0f} s" for title, since in _running.items())
            if text:
                print(f"\r\033[K{wheel[turn % len(wheel)]} {text}"[: width + 4], end="", flush=True)


def side_by_side(*tasks: Callable[[], None]) -> None:
    """Runs the tasks at once. The first failure ends the others' commands and is raised."""
    stop = threading.Event()
    if say.live():
        threading.Thread(target=_show_running, args=(stop,), daemon=True).start()
    try:
        with ThreadPoolExecutor(max_workers=max(len(tasks), 1)) as pool:
            futures = [pool.submit(task) for task in tasks]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
                failed = next((f for f in futures if f.done() and f.exception()), None)
            except BaseException:
                end_children()
                raise
            if failed:
                end_children()
                raise failed.exception() or RuntimeError
    finally:
        stop.set()


def end_children() -> None:
    """Ends every command that a step has under way, with what it started; npm needs the second word."""
    with _starting:
        groups = [child.pid for child in _children]
    for number in (signal.SIGTERM, signal.SIGKILL):
        for group in groups:
            with suppress(ProcessLookupError):
                os.killpg(group, number)
        until = time.monotonic() + SECONDS_TO_END
        while _children and time.monotonic() < until:
            time.sleep(0.02)


def run(
    command: Sequence[str | Path], *, log: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> str:
    """Runs `command` with its output in .dev/logs/<log>.log and returns that output.

    Raises Refusal when it fails: with the cause, where the output tells it, else with its last lines.
    """
    path = LOGS / f"{log}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        with _starting:  # between its start and its place in the list nobody could end it
            child = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd,
                env=dict(env or environment()),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            _children.add(child)
        try:
            code = child.wait()
        finally:
            _children.discard(child)
    output = path.read_text(encoding="utf-8", errors="replace")
    if code:
        raise explain(output, path=path, code=code)
    return output


def explain(output: str, *, path: Path, code: int) -> say.Refusal:
    """The refusal that fits a failed command's output."""
    where = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    if DISK_FULL.search(output):
        return say.Refusal(machine.DISK_FULL)
    if UNKNOWN_CERTIFICATE.search(output):
        return say.Refusal(
            "the network answers with a certificate that is not known here: name your network's, "
            f"PIP_CERT=… NODE_EXTRA_CA_CERTS=… ./dev …, both the same file of PEM (log: {where})"
        )
    if NO_NETWORK.search(output):
        return say.Refusal(
            "packages could not be fetched because their registry does not answer: connect to the network, "
            "or point pip and npm at your mirror, and run the same command again; what is there is kept "
            f"(log: {where})"
        )
    if NO_WHEEL.search(output):
        return say.Refusal(
            f"a package has no ready-made wheel for this Python ({sys.version.split()[0]}): use Python 3.11 "
            f"or 3.12 on x86-64 Linux, PYTHON=/path/to/python3.11 ./dev … (log: {where})"
        )
    tail = "\n".join(f"    {text}" for text in output.strip().splitlines()[-12:])
    return say.Refusal(f"a command ended with status {code}, see {where}:\n{tail}")
