"""The program as people call it, a process of its own, and a real site for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser.site import COURSE, ROOT, Site, running_site

CLI = ROOT / "cli"
PATIENCE = 120


@dataclass
class Done:
    """How a call ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Program:
    """`coursesite` in a folder of its own, with a config of its own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "coursesite_cli", *words]

    def variables(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        own = {
            "PYTHONPATH": str(CLI),
            "COURSESITE_CONFIG_DIR": str(self.folder / "config"),
            "LANG": "es_ES.UTF-8",
        }
        return kept | own | self.environment

    def __call__(self, *words: str, typed: str = "", at: Path | str = ".") -> Done:
        done = subprocess.run(
            self.command(*words),
            input=typed.encode(),
            capture_output=True,
            cwd=self.folder / at,
            env=self.variables(),
            timeout=PATIENCE,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *words: str, at: Path | str = ".") -> subprocess.Popen[bytes]:
        """The same, without waiting for its end."""
        return subprocess.Popen(
            self.command(*words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder / at,
            env=self.variables(),
        )


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture(scope="package")
def live_site() -> Iterator[Site]:
    with (
        tempfile.TemporaryDirectory(prefix="coursesite-cli-") as folder,
        running_site(Path(folder)) as running,
    ):
        yield running


@pytest.fixture(scope="package")
def secret(live_site: Site) -> str:
    """A token of the demo student's, made on the page as people make it, once she is in the course."""
    email, password = live_site.accounts["student"]
    with httpx.Client(base_url=live_site.url, follow_redirects=True, timeout=30) as browser:
        browser.get("/accounts/login/")
        sent(browser, "/accounts/login/", login=email, password=password)
        sent(browser, f"{COURSE}/enrol/")
        page = sent(browser, "/accounts/tokens/", name="terminal", scopes=["read", "submit"], days="30")
    found = re.search(r'value="(cs_[\w-]+)"', page.text)
    assert found, "the page shows no token"
    return found[1]


def sent(browser: httpx.Client, address: str, **fields: Any) -> httpx.Response:
    """A form, as a browser sends it."""
    form = fields | {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    answer = browser.post(address, data=form, headers={"Referer": str(browser.base_url)})
    assert answer.is_success, answer.text
    return answer


@pytest.fixture
def ana(program: Program, live_site: Site, secret: str) -> Program:
    """Signed in by the environment, as a script is."""
    program.environment |= {"COURSESITE_SITE": live_site.url, "COURSESITE_TOKEN": secret}
    return program
