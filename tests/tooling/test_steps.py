"""Steps side by side: what they print, and that a failure or Ctrl-C ends what else is under way."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tooling import say, steps
from tooling.places import ROOT

STUBBORN = "trap '' TERM; echo $$ > {file}; sleep 600 & wait; sleep 600"


@pytest.fixture(autouse=True)
def logs(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(steps, "LOGS", tmp_path)


def started(file: Path) -> int:
    until = time.monotonic() + 10
    while not file.exists() or not file.read_text().strip():
        assert time.monotonic() < until
        time.sleep(0.02)
    return int(file.read_text())


def gone(group: int) -> bool:
    """Whether nobody of the process group lives; a zombie only waits to be counted."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, its_group = entry.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            return False
    return True


def test_a_step_says_what_it_does_and_how_long_it_took(capsys):
    with steps.step("front end"):
        pass
    assert capsys.readouterr().out == "  front end …\n✓ front end  0.0 s\n"


def test_a_failure_ends_the_other_steps_at_once_even_a_stubborn_one(tmp_path):
    file = tmp_path / "pid"

    def fails() -> None:
        started(file)
        steps.run(["sh", "-c", "echo wrong; exit 1"], log="fails")

    before = time.monotonic()
    with pytest.raises(say.Refusal, match="wrong"):
        steps.side_by_side(lambda: steps.run(["sh", "-c", STUBBORN.format(file=file)], log="npm"), fails)
    assert time.monotonic() - before < 15
    assert gone(started(file))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_installation_ends_with_all_that_it_started(tmp_path, number):
    file = tmp_path / "pid"
    code = f"""
import sys
from tooling import __main__, steps
def install(words):
    steps.side_by_side(lambda: steps.run(["sh", "-c", {STUBBORN.format(file=file)!r}], log="test"))
__main__.VERBS["install"] = (install, "")
sys.exit(__main__.main(["install"]))
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    child = started(file)
    process.send_signal(number)
    assert process.wait(20) == 130
    assert gone(child)
