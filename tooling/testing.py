"""`./dev test`: every lane that this machine can run, and which it cannot, and why."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from xml.etree import ElementTree

from grading.sandbox.devices import NoDevices, Nvml
from grading.sandbox.devices.interface import LibraryFault
from grading.sandbox.offers import offers

from . import postgres, say, wall
from .installing import named_by_courses, ready
from .places import DEV, FRONTEND, ROOT, RUNTIMES, SITE_PYTHON, environment

RESULTS = DEV / "test-results"
NOTHING_COLLECTED = 5
SHORT = Path("/tmp")  # noqa: S108 - a socket's path has 107 bytes


@dataclass(frozen=True)
class Lane:
    """Tests that need the same things. `lacks` says what this machine has not; empty when it has all.

    `side_by_side`: a process a core; not where tests measure time or share what there is one of.
    """

    name: str
    marks: str
    lacks: Callable[[], str] = str
    on_postgres: bool = False
    fuzz: str = ""
    """How long hypothesis goes on in tests/fuzz, see budget.py there; a little where nothing is said."""
    leaves_out: str = ""
    side_by_side: bool = False
    folder: str = ""
    """The tests below it alone. Such a lane is part of another one, and runs only when named."""
    every_runtime: bool = False


@dataclass
class Outcome:
    """What came of a lane."""

    lane: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    lacks: str = ""
    broken: bool = False


def lacks_postgres() -> str:
    """Whether the server's programs are here."""
    return "" if postgres.programs() else "no PostgreSQL server (Debian, Ubuntu: sudo apt install postgresql)"


def lacks_gpu() -> str:
    """Whether there is a GPU, and a wall for what is run on it."""
    try:
        Nvml().devices()
    except (NoDevices, LibraryFault) as why:
        return str(why)
    return wall.lacks()


def lacks_browser() -> str:
    """Whether there is a Chromium, and a wall for what it submits."""
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return "no Chromium (Debian, Ubuntu: sudo apt install chromium)"
    return wall.lacks()


LANES = {
    lane.name: lane
    for lane in (
        Lane(
            "fast",
            "not wall and not postgres and not browser and not gpu",
            leaves_out="tests/security/web",  # as long as all the rest, and the next lane tries them
            side_by_side=True,
        ),
        Lane("frontend", ""),
        Lane(
            "postgres",
            "(postgres or not wall) and not browser and not gpu",
            lacks_postgres,
            on_postgres=True,
            fuzz="lane",
            leaves_out="tests/tooling",
            side_by_side=True,
        ),
        Lane("wall", "wall", wall.lacks, every_runtime=True),
        Lane("security", "wall", wall.lacks, folder="tests/security"),
        Lane("browser", "browser", lacks_browser),
        Lane("gpu", "gpu", lacks_gpu, folder="tests/gpu"),
    )
}


def test(words: list[str]) -> int:
    """The lanes named first, with options after them; pytest as it is; or, with no word, everything.

    `mutations` is no lane: it runs the attacks without each layer of the wall in turn. Nor is `fuzz`, which
    makes up examples for as long as is asked.
    """
    if words[:1] == ["mutations"]:
        return mutations(words[1:])
    if words[:1] == ["fuzz"]:
        return fuzz(words[1:])
    named = list(takewhile(LANES.__contains__, words))
    options = words[len(named) :]
    lanes = [LANES[name] for name in named] or [lane for lane in LANES.values() if not lane.folder]
    ready(tests=True, runtimes=runtimes_for([] if options and not named else lanes))
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    if options and not named:
        return plain(options)
    outcomes = [run(lane, options) for lane in lanes]
    if not options and any(outcome.passed for outcome in outcomes):
        coverage("report")
    return close(outcomes)


def runtimes_for(lanes: list[Lane]) -> set[str]:
    """All there are for the lanes that grade in them; else those that the courses ask for."""
    found = named_by_courses()
    if any(lane.every_runtime and not lane.lacks() for lane in lanes):
        found = {offer.name for offer in offers().values() if offer.when != "asked"}
    if any(lane.name == "gpu" and not lane.lacks() for lane in lanes):
        found |= {offer.name for offer in offers().values() if offer.needs_device}
    return found


def run(lane: Lane, options: list[str]) -> Outcome:
    """One lane, if the machine can; in CI a machine that cannot is a failure."""
    outcome = Outcome(lane.name, lacks=lane.lacks())
    if outcome.lacks:
        outcome.broken = bool(os.environ.get("CI"))
        return outcome
    say.line(f"\n{say.paint(f'── {lane.name} ', 'bold')}{'─' * (70 - len(lane.name))}")
    started = time.monotonic()
    with ExitStack() as stack:
        env = test_environment(stack, on_postgres=lane.on_postgres) | {"FUZZ": lane.fuzz}
        code = frontend_tests(env) if lane.name == "frontend" else pytest(lane, options, env)
    outcome.seconds = time.monotonic() - started
    outcome.broken = code not in {0, NOTHING_COLLECTED}
    count(outcome)
    return outcome


def pytest(lane: Lane, options: list[str], env: dict[str, str]) -> int:
    """pytest with the lane's marks; its results as XML and its coverage added to the other lanes'."""
    command: list[str | Path] = [
        SITE_PYTHON,
        "-m",
        "pytest",
        "-q",
        "-m",
        lane.marks,
        f"--junit-xml={RESULTS / lane.name}.xml",
    ]
    if lane.leaves_out:
        command.append(f"--ignore={lane.leaves_out}")
    # with options somebody looks for something, and may want a debugger
    if lane.side_by_side and not options:
        command += ["--numprocesses", "auto", "--dist", "loadfile"]
    if lane.folder:
        command.append(lane.folder)
    if not options:
        command += ["--cov", "--cov-append", "--cov-report="]
    return subprocess.run([*command, *options], cwd=ROOT, env=env).returncode


def plain(options: list[str]) -> int:
    """pytest as it is called, with the tests' own environment."""
    with ExitStack() as stack:
        env = test_environment(stack, on_postgres=False)
        code = subprocess.run([SITE_PYTHON, "-m", "pytest", *options], cwd=ROOT, env=env).returncode
    if asked := schemathesis():
        say.line(asked)
    return code


def mutations(layers: list[str]) -> int:
    """The attacks without each layer of the wall in turn, or without those named; see tests/security."""
    ready(tests=True, runtimes=named_by_courses())
    with ExitStack() as stack:
        env = test_environment(stack, on_postgres=False)
        command: list[str | Path] = [SITE_PYTHON, "-m", "tests.security.mutating", *layers]
        return subprocess.run(command, cwd=ROOT, env=env).returncode


def fuzz(words: list[str]) -> int:
    """tests/fuzz in rounds of fresh examples until the minutes are over, or one fails.

    A round takes a minute or two, on PostgreSQL and on SQLite by turns where there is a server. What failed
    lies in .hypothesis and is tried first from then on; its round prints the decorator that brings it again.
    """
    parser = argparse.ArgumentParser(prog="./dev test fuzz", description=fuzz.__doc__)
    parser.add_argument("--minutes", type=float, default=0.0, help="how long; without it one round")
    asked, options = parser.parse_known_args(words)
    ready(tests=True, runtimes=("torch",))
    started, rounds = time.monotonic(), 0
    while rounds == 0 or time.monotonic() - started < 60 * asked.minutes:
        rounds += 1
        with ExitStack() as stack:
            env = test_environment(stack, on_postgres=rounds % 2 == 1) | {"FUZZ": "round"}
            where = "PostgreSQL" if "COURSESITE_DATABASE_URL" in env else "SQLite"
            say.line(f"\n── round {rounds}, {where}, after {say.seconds(time.monotonic() - started)}")
            command: list[str | Path] = [SITE_PYTHON, "-m", "pytest", "-q", "-x", "tests/fuzz", *options]
            if code := subprocess.run(command, cwd=ROOT, env=env).returncode:
                return code
    say.line(f"\nfuzz: {rounds} rounds, nothing found")
    return 0


def frontend_tests(env: dict[str, str]) -> int:
    """vitest."""
    command = ["npm", "test", "--silent", "--", "--reporter=default", "--reporter=junit", "--passWithNoTests"]
    command.append(f"--outputFile.junit={RESULTS / 'frontend'}.xml")
    return subprocess.run(command, cwd=FRONTEND, env=env).returncode


def test_environment(stack: ExitStack, *, on_postgres: bool) -> dict[str, str]:
    """Nothing of the local site: its own data folder, and none of the caller's COURSESITE_ settings."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="coursesite-test-", dir=SHORT))
    env = {name: value for name, value in environment().items() if not name.startswith("COURSESITE_")}
    env |= {
        "COURSESITE_VAR_DIR": folder,
        "COURSESITE_RUNTIMES_DIR": str(RUNTIMES),
        "COVERAGE_FILE": str(RESULTS / "coverage"),
    }
    found = postgres.programs()
    if on_postgres and found:
        env["COURSESITE_DATABASE_URL"] = stack.enter_context(postgres.running(found))
    return env


def count(outcome: Outcome) -> None:
    """Reads the lane's XML: one more failure where the runner fell over before it wrote any."""
    path = RESULTS / f"{outcome.lane}.xml"
    suites = list(ElementTree.parse(path).getroot().iter("testsuite")) if path.exists() else []  # noqa: S314
    total = sum(int(suite.get("tests", 0)) for suite in suites)
    outcome.failed = sum(int(suite.get(kind, 0)) for suite in suites for kind in ("failures", "errors"))
    outcome.skipped = sum(int(suite.get("skipped", 0)) for suite in suites)
    outcome.passed = total - outcome.failed - outcome.skipped
    if outcome.broken and not outcome.failed:
        outcome.failed = 1


def coverage(verb: str) -> None:
    """What the lanes together ran through."""
    env = environment(COVERAGE_FILE=str(RESULTS / "coverage"))
    subprocess.run([SITE_PYTHON, "-m", "coverage", verb], cwd=ROOT, env=env)


def schemathesis() -> str:
    """What tests/api/test_schema.py has asked the API in this run; empty where it did not run."""
    path = RESULTS / "schemathesis.json"
    if not path.exists():
        return ""
    told = json.loads(path.read_text(encoding="utf-8"))
    operations = max(one["operations"] for one in told.values())
    cases, errors = (sum(one[name] for one in told.values()) for name in ("cases", "server_errors"))
    who = ", ".join(told)
    return f"schemathesis: {operations} operations, {cases} cases as {who}; {errors} server errors"


def close(outcomes: list[Outcome]) -> int:
    """The table of lanes, then one line for whoever counts."""
    say.line()
    for outcome in outcomes:
        told = f"{outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped"
        told = f"not run: {outcome.lacks}" if outcome.lacks else f"{told} in {say.seconds(outcome.seconds)}"
        say.line(f"  {outcome.lane:<10}{told}")
    if asked := schemathesis():
        say.line(f"\n  {asked}")
    broken = any(outcome.broken for outcome in outcomes)
    lacking = sum(1 for outcome in outcomes if outcome.lacks and outcome.broken)
    passed, skipped = sum(o.passed for o in outcomes), sum(o.skipped for o in outcomes)
    say.line(f"\n{passed} passed, {sum(o.failed for o in outcomes) + lacking} failed, {skipped} skipped")
    return 1 if broken else 0
