"""A worker in a process of its own: grades hostile sources with the real judge behind the real wall.

The tests start it as root and as an ordinary user and talk to it in lines of JSON; so what they measure of
it (processes, descriptors, mounts, groups) is not theirs. Run as `python worker.py RUNTIMES WITHOUT`, a
mapping of names to interpreters and a list of layers of the wall to leave out (`mutations.py`), both in JSON.
"""

import contextlib
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parents[2])

from grading.judge import GroupSpec, Job, JobLimits, Report, grade, session  # noqa: E402 - found by the above
from grading.sandbox import Runtime, open_backend  # noqa: E402
from grading.sandbox.inside import kernel  # noqa: E402
from grading.sandbox.offers import offers  # noqa: E402
from grading.sandbox.zygotes import HOST_ID  # noqa: E402
from tests.security import mutations  # noqa: E402

PROGRAM = Path(sys.path[0], "grading", "student", "program.py")
GRADER = """
import time

from grading.judge.author import Anything, Float, group

@group("ataque")
def ataque(attempt):
    def slowly(x):
        time.sleep({oracle_seconds})
        return x + 1

    f = attempt.function(slowly, arguments=(Float(),), budget=1000)
    attempt.note(value=attempt.call("ataque", f, returns=Anything()))
"""
HEADER = "import numpy as np\nfrom grading.judge.author import *\n"


class Worker:
    """The backend and what it leaves lying about."""

    def __init__(self, runtimes: dict[str, str], without: list[str]) -> None:
        self.runtimes = {
            name: offers()[name].runtime(Path(python), PROGRAM, "serve") for name, python in runtimes.items()
        }
        self.warm: set[Runtime] = set()
        chosen = mutations.apply(without)
        oci = os.environ.get("WALL_RUNTIME")
        name = "oci" if oci else "namespaces"
        self.backend = open_backend(name, allow_coarse=True, oci_runtime=oci or "")
        for one in chosen:
            if one.metering is not None:
                self.backend.metering.close()
                self.backend.metering = one.metering()

    def prepare(self, runtime: str) -> str:
        """Warm a runtime up; says how it meters."""
        self.backend.prepare(self.runtimes[runtime])
        self.warm.add(self.runtimes[runtime])
        return self.backend.metering.name

    def attack(
        self, source: str, runtime: str = "numpy", oracle_seconds: float = 0.0, seed: int = 7, **limits: float
    ) -> dict[str, Any]:
        """Grade one source; its verdict, what it returned and printed, and what the machine felt."""
        spec = GroupSpec("ataque", "Ataque", 1.0)
        limits = {"seconds": 1.0, "memory_mb": 128, **limits}
        grader = GRADER.format(oracle_seconds=oracle_seconds)
        job = Job(grader, source, (spec,), ("ataque(f)",), self.runtimes[runtime], JobLimits.of(limits), seed)
        started = time.monotonic()
        with Watch() as watch:
            report: Report = grade(job, self.backend)
        group = report.groups[0]
        return {
            "verdict": group.verdict.value,
            "score": report.score,
            "message": group.message,
            "value": group.evidence.get("value"),
            "evidence": group.evidence,
            "output_bytes": len(report.output),
            "seconds": time.monotonic() - started,
            "student_seconds": group.seconds,
            "cpu_seconds": group.cpu_seconds,
            "peak_memory": group.peak_memory_bytes,
            "most_tasks": watch.most_tasks,
            "host_latency": watch.latency(),
        }

    def judge(
        self,
        grader: str,
        source: str,
        groups: list[dict[str, Any]],
        functions: list[str],
        runtime: str = "numpy",
        seed: int = 7,
        visible_only: bool = False,
        loaded: bool | None = None,
        **limits: float,
    ) -> dict[str, Any]:
        """Grade with a grader of the test's own. `loaded` says how busy the machine is to look."""
        specs = tuple(GroupSpec(**group) for group in groups)
        job = Job(
            HEADER + grader, source, specs, tuple(functions), self.runtimes[runtime], JobLimits.of(limits),
            seed, visible_only,
        )  # fmt: skip
        events: list[dict[str, Any]] = []
        usual = session.has_a_core_to_spare
        if loaded is not None:
            session.has_a_core_to_spare = lambda: not loaded
        try:
            report = grade(job, self.backend, events.append)
        finally:
            session.has_a_core_to_spare = usual
        told = asdict(report)
        json.dumps(told, allow_nan=False)  # what no database would take is a fault of the judge's
        return told | {"events": events, "groups": list(told["groups"])}

    def together(self, requests: list[tuple[float, str, dict[str, Any]]]) -> list[Any]:
        """Answer several requests at once, each after its delay and in a thread, as a pool does."""

        def one(request: tuple[float, str, dict[str, Any]]) -> Any:
            delay, name, arguments = request
            time.sleep(delay)
            return getattr(self, name)(**arguments)

        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(one, requests))

    def footprint(self) -> dict[str, Any]:
        """What must be the same after each submission, a spare child of each warm runtime counted in."""
        self.backend.settle()
        for runtime in self.warm:
            self.backend.prepare(runtime)
        tree = list(descendants(os.getpid()))
        return {
            "processes": len(tree),
            "threads": threading.active_count(),
            "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208
            "descriptors inside": [_entries(f"/proc/{pid}/fd") for pid in tree],
            "mounts": Path("/proc/self/mountinfo")
            .read_text()
            .count(" - tmpfs none "),  # as the wall names its own
            "mounts inside": [_lines(f"/proc/{pid}/mountinfo") for pid in tree],
            "host scratch": sorted(one.name for one in Path("/tmp").iterdir() if _is_ours(one)),
            "in groups": sum(_lines(str(file)) for file in self.groups()),
        }

    def hide_a_key(self) -> bool:
        """Put a key into the keyring of this session, which is the zygotes', too; False without any."""
        try:
            kernel.call("add_key", b"user", b"coursesite-key", b"secret", 6, -3)
        except OSError:
            return False
        return True

    def memory(self) -> dict[str, int]:
        """What the worker itself holds, and the most it held since this was last asked, in bytes."""
        lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
        told = {name: int(lines[key].split()[0]) << 10 for name, key in (("now", "VmRSS"), ("peak", "VmHWM"))}
        Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
        return told

    def groups(self) -> list[Path]:
        """The process lists of this worker's control groups."""
        return list(Path("/sys/fs/cgroup").glob(f"**/coursesite-{os.getpid()}-*/cgroup.procs"))

    def close(self) -> dict[str, Any]:
        """What is left once the backend is closed."""
        self.backend.close()
        return {"processes": len(list(descendants(os.getpid()))), "groups": len(self.groups())}


class Watch:
    """Looks at the machine while a submission runs: how many tasks it has, how long a small file takes."""

    def __init__(self) -> None:
        self.most_tasks = 0
        self._at_rest = self._tasks()  # a container runtime that waits has threads of its own
        self._delays: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def latency(self) -> float:
        """Median seconds to make, read and remove a file on the host."""
        return sorted(self._delays)[len(self._delays) // 2] if self._delays else 0.0

    @staticmethod
    def _tasks() -> int:
        return sum(_entries(f"/proc/{pid}/task") for pid in descendants(os.getpid()))

    def _look(self) -> None:
        while not self._over.wait(0.03):
            self.most_tasks = max(self.most_tasks, self._tasks() - self._at_rest)
            started = time.perf_counter()
            with tempfile.TemporaryFile() as file:
                file.write(b"x" * 4096)
            self._delays.append(time.perf_counter() - started)


def descendants(pid: int) -> Iterator[int]:
    """Processes below `pid`, as this process sees them."""
    try:
        children = [
            int(one)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for one in (task / "children").read_text().split()
        ]
    except OSError:
        return
    for child in children:
        yield child
        yield from descendants(child)


def _is_ours(path: Path) -> bool:
    """Whether this worker or a student made it: other workers on this machine name theirs, too."""
    if path.name.startswith("wall-"):
        return f"-{os.getpid()}-" in path.name
    try:
        return path.lstat().st_uid == (HOST_ID if os.geteuid() == 0 else os.geteuid())
    except OSError:
        return False


def _entries(folder: str) -> int:
    try:
        return len(os.listdir(folder))  # noqa: PTH208
    except OSError:
        return 0


def _lines(file: str) -> int:
    try:
        return len(Path(file).read_text().splitlines())
    except OSError:
        return 0


def main() -> None:
    """Answer one request a line until the input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr
    with contextlib.suppress(OSError):
        kernel.new_session_keyring()  # not the keyring of whoever runs the tests
    worker = Worker(*(json.loads(word) for word in sys.argv[1:]))
    for line in sys.stdin:
        name, arguments = json.loads(line)
        method: Callable[..., Any] = getattr(worker, name)
        try:
            answer = {"answer": method(**arguments)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
