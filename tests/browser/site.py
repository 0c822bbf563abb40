"""The product as a user starts it: `./dev up` in a data folder of its own, and real browsers on it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).resolve().parents[2]
COURSE = "/courses/optimizacion-de-redes-neuronales"
EXERCISES = ROOT / "courses" / "optimizacion-de-redes-neuronales" / "01-que-significa-optimizar" / "exercises"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Site:
    """Where it runs, and who may sign in: role to (e-mail, password)."""

    url: str
    accounts: dict[str, tuple[str, str]]
    folder: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


@contextmanager
def running_site(folder: Path, courses: Path = ROOT / "courses") -> Iterator[Site]:
    """`./dev up --no-torch` with those courses until the body ends."""
    port = free_port()
    url = f"http://localhost:{port}"
    environment = os.environ | {
        "COURSESITE_VAR_DIR": str(folder),
        "COURSESITE_COURSES_DIR": str(courses),
        "PYTHONUNBUFFERED": "1",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment.pop("COURSESITE_DATABASE_URL", None)
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [str(ROOT / "dev"), "up", "--no-torch", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + 240
        while not answers(url):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"./dev up did not serve:\n{(folder / 'up.log').read_text()[-4000:]}")
            time.sleep(0.3)
        yield Site(url, demo_accounts(folder), folder)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def demo_accounts(folder: Path) -> dict[str, tuple[str, str]]:
    """What the first start printed, as it keeps it for the next."""
    told = json.loads((folder / "demo-accounts.json").read_text(encoding="utf-8"))
    return {account["role"]: (account["email"], account["password"]) for account in told}


def chromium() -> str:
    """The browser of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        sys.exit("no Chromium here: apt install chromium")
    return found


def launch(playwright: Playwright) -> Browser:
    """That browser, headless."""
    return playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
