"""A worker as root (cgroups) and one as an ordinary user (coarse limits), and the check after each attack.

A test fails with `Untold` where the attack got nothing and only the verdict is not the one that a layer of
the wall gives; with any other failure the attack got through. The mutation run tells the two apart.
"""

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from grading.judge.verdicts import Verdict
from grading.sandbox.offers import offers
from tests.grading.conftest import broker, start_worker  # noqa: F401 - the site's tests use them as fixtures

ROOT = Path(__file__).parents[2]
RUNTIMES = Path(os.environ.get("COURSESITE_RUNTIMES_DIR", ROOT / ".dev" / "runtimes"))
ORDINARY_ID = 61000 + os.getpid() % 4000
"""Of this run alone, so that what another run leaves in /tmp is not taken for ours."""
CANARY = "import numpy as np\ndef ataque(f): return [float(np.linalg.norm(np.ones(9))), f(1.0)]"
SECRET = "attack-26-must-not-see-this"
ANSWER_SECONDS = 150
UNMETERED = "coursesite-unmetered"
"""The group that keeps a worker without meters from taking the whole machine."""


class Untold(AssertionError):
    """The attack came to nothing, but the wall did not say so in the way it should."""


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "layers of the wall to leave out, by the names in mutations.py, with commas between"
    parser.addoption("--without", default="", help=words)
    parser.addoption("--mode", default="root,user", help="who the worker is: root, user, or both")


def is_forbidden(outcome: dict[str, Any], came_to_nothing: Callable[[Any], bool]) -> None:
    """The verdict is `forbidden`; else `came_to_nothing` says of the value whether the attack did."""
    if outcome["verdict"] == "forbidden":
        assert outcome["score"] == 0
    elif outcome["verdict"] != "passed" or came_to_nothing(outcome["value"]):
        raise Untold(outcome)
    else:
        pytest.fail(f"it got through: {outcome}")


class Wall:
    """The tests' end of a worker."""

    def __init__(
        self, mode: str, command: list[str], runtimes: dict[str, str], without: list[str], **identity: Any
    ) -> None:
        self.mode = mode
        self.runtimes = runtimes
        self.coarse = False
        self.usual: dict[str, Any] = {}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with us
        words = ["-B", str(Path(__file__).with_name("worker.py")), json.dumps(runtimes), json.dumps(without)]
        self._command, self._identity = [*command, *words], identity
        self._unmetered = "cgroup" in without
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd="/",
            env={
                "PATH": os.environ["PATH"],
                "COURSESITE_SECRET_KEY": SECRET,
                "WALL_RUNTIME": os.environ.get("WALL_RUNTIME", ""),  # attack the `oci` backend with this
            },
            **self._identity,
        )
        self.pid = self._process.pid
        if self._unmetered:
            spare_the_machine(self.pid)
        self.coarse = "watchdog" in self.ask("prepare", runtime="numpy")
        self.attack(CANARY)
        self.usual = _settled(self)

    def ask(self, name: str, **arguments: Any) -> Any:
        """One request to the worker."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps([name, arguments]) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pytest.fail("the worker had ended before")
        if not select.select([self._process.stdout], [], [], ANSWER_SECONDS)[0]:
            self._process.kill()
            pytest.fail(f"the worker did not answer in {ANSWER_SECONDS} seconds")
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            pytest.fail(f"the worker ended: {self._errors.read().decode()[-2000:]}")
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["answer"]

    def attack(self, source: str, **limits: Any) -> dict[str, Any]:
        """Grade a hostile source."""
        return self.ask("attack", source=source, **limits)

    def beside(
        self, attack: dict[str, Any], *others: dict[str, Any], after: float = 0.5
    ) -> list[dict[str, Any]]:
        """Grade an attack, and from some time after its start on the others; all outcomes."""
        requests = [[0.0, "attack", attack], *([after, "attack", one] for one in others)]
        return self.ask("together", requests=requests)

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        finally:
            self._process.kill()
            self._process.wait()
        for group in Path("/sys/fs/cgroup").glob(f"*/{UNMETERED}") if self._unmetered else ():
            group.rmdir()

    def restart(self) -> None:
        """A new worker: the last one was harmed, and the next attack should not be blamed for it."""
        self._process.kill()
        self._process.communicate()
        self._start()


def spare_the_machine(pid: int) -> None:
    """Before a worker runs that meters nobody: all that it starts shares a bound of its own."""
    for controller, file, most in (("memory", "memory.limit_in_bytes", 3 << 30), ("pids", "pids.max", 4000)):
        group = Path("/sys/fs/cgroup", controller, UNMETERED)
        try:
            group.mkdir(exist_ok=True)
            (group / file).write_text(str(most))
            (group / "cgroup.procs").write_text(str(pid))
        except OSError as error:
            pytest.skip(f"an unmetered worker could take the whole machine: {error}")


def _ordinary_python(folder: Path, runtime: str) -> Path | None:
    """An environment that an ordinary user can run: root's may lie where only root can go."""
    package = next((RUNTIMES / runtime / "lib").glob("python3*/site-packages"))
    version = package.parent.name
    base = Path((RUNTIMES / runtime / "bin" / "python").resolve())
    for one in (base, Path("/usr/bin", version), Path("/usr/local/bin", version)):
        env = folder / runtime
        site = env / "lib" / version / "site-packages"
        site.mkdir(parents=True, exist_ok=True)
        (env / "bin").mkdir(exist_ok=True)
        (env / "pyvenv.cfg").write_text(f"home = {one.parent}\n")
        (site / "runtime.pth").write_text(f"{package}\n")
        (env / "bin" / "python").unlink(missing_ok=True)
        (env / "bin" / "python").symlink_to(one)
        tried = [str(env / "bin" / "python"), "-c", "import msgpack"]
        try:
            subprocess.run(tried, check=True, cwd="/", stderr=subprocess.DEVNULL, **_as_ordinary())
        except (OSError, subprocess.CalledProcessError):
            continue
        return env / "bin" / "python"
    return None


def _as_ordinary() -> dict[str, Any]:
    return {"user": ORDINARY_ID, "group": ORDINARY_ID, "extra_groups": []} if os.geteuid() == 0 else {}


@pytest.fixture(scope="session", params=["root", "user"])
def wall_of_mode(request: pytest.FixtureRequest) -> Iterator[Wall]:
    if request.param not in request.config.getoption("--mode", "root,user"):
        pytest.skip("not asked for")
    installed = [name for name in offers() if (RUNTIMES / name / "bin" / "python").exists()]
    if "numpy" not in installed:
        pytest.skip(f"no numpy runtime under {RUNTIMES}")
    without = [one for one in request.config.getoption("--without", "").split(",") if one]
    folder = Path(tempfile.mkdtemp(prefix="ordinary-"))
    folder.chmod(0o755)
    try:
        if request.param == "root":
            if os.geteuid() != 0:
                pytest.skip("needs root")
            runtimes = {name: str(RUNTIMES / name / "bin" / "python") for name in installed}
            wall = Wall("root", [sys.executable], runtimes, without)
        else:
            found = {name: _ordinary_python(folder, name) for name in installed}
            runtimes = {name: str(python) for name, python in found.items() if python is not None}
            if "numpy" not in runtimes:
                pytest.skip("an ordinary user can reach no Python of the runtime's version here")
            wall = Wall("user", [runtimes["numpy"]], runtimes, without, **_as_ordinary())
        yield wall
        assert wall.ask("close") == {"processes": 0, "groups": 0}
        wall.end()
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def wall(wall_of_mode: Wall) -> Iterator[Wall]:
    """The wall under attack. After the attack the next submission is unharmed and nothing is left behind."""
    yield from _under_attack(wall_of_mode)


@pytest.fixture
def wall_with_torch(wall_of_mode: Wall) -> Iterator[Wall]:
    """The same with the torch runtime warm."""
    yield from _with(wall_of_mode, "torch")


@pytest.fixture
def wall_with_tensorflow(wall_of_mode: Wall) -> Iterator[Wall]:
    """The same with the tensorflow runtime warm."""
    yield from _with(wall_of_mode, "tensorflow")


def _with(wall: Wall, runtime: str) -> Iterator[Wall]:
    if runtime not in wall.runtimes:
        pytest.skip(f"no {runtime} runtime")
    wall.ask("prepare", runtime=runtime)
    wall.usual = _settled(wall)
    yield from _under_attack(wall)


@dataclass
class Graded:
    """How the one group of a grading ended, and the whole report."""

    report: dict[str, Any]
    group: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        (self.group,) = self.report["groups"]
        self.verdict = Verdict(self.group["verdict"])
        self.message: str = self.group["message"]
        self.evidence: dict[str, Any] = self.group["evidence"]

    def earned(self) -> float:
        return float(self.report["score"])


Judge = Callable[..., Graded]


@pytest.fixture
def judge_all(wall: Wall) -> Callable[..., dict[str, Any]]:
    """Grade behind the wall with a grader of the test's own, of several groups."""

    def run(grader: str, source: str, *groups: dict[str, Any], **options: Any) -> dict[str, Any]:
        options.setdefault("functions", ["f(x)"])
        return wall.ask("judge", grader=grader, source=source, groups=groups, **options)

    return run


@pytest.fixture
def judge(judge_all: Callable[..., dict[str, Any]]) -> Judge:
    """The same with a grader of one group, written as the body of its function."""

    def run(body: str, source: str, **options: Any) -> Graded:
        lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
        grader = f"@group('g')\ndef g(attempt):\n{lines}"
        spec = {"slug": "g", "title": "El grupo", "points": 10, "visible": options.pop("visible", False)}
        return Graded(judge_all(grader, source, spec, **options))

    return run


def _under_attack(wall: Wall) -> Iterator[Wall]:
    yield wall
    try:
        deadline = time.monotonic() + 5
        while (after := wall.ask("footprint")) != wall.usual and time.monotonic() < deadline:
            time.sleep(0.02)  # the zygote may still be burying the last one
        assert after == wall.usual
        canary = wall.attack(CANARY, seconds=5)
        assert (canary["verdict"], canary["value"]) == ("passed", [3.0, 2.0])
    except BaseException:
        wall.restart()
        raise


def _settled(wall: Wall) -> dict[str, Any]:
    """The footprint that the worker has at rest."""
    readings = [wall.ask("footprint")]
    while len(readings) < 8 or any(one != readings[-1] for one in readings[-8:]):
        time.sleep(0.03)
        readings.append(wall.ask("footprint"))
    return readings[-1]
