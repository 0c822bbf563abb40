"""A worker in a process of its own: grades hostile sources with the real judge behind the real wall.

The tests start it as root and as an ordinary user and talk to it in lines of JSON; so what they measure of
it (processes, descriptors, mounts, groups) is not theirs. Run as `python worker.py <runtimes folder> …`.
"""

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parents[2])

from grading.judge import GroupSpec, Job, JobLimits, Report, grade  # noqa: E402 - found by the line above
from grading.sandbox import Runtime  # noqa: E402
from grading.sandbox.namespaces import NamespacesBackend  # noqa: E402

PROGRAM = Path(sys.path[0], "grading", "student", "program.py")
GRADER = """
from grading.judge.author import Anything, Float, group

@group("ataque")
def ataque(attempt):
    f = attempt.function(lambda x: x + 1, arguments=(Float(),), budget=1000)
    attempt.note(value=attempt.call("ataque", f, returns=Anything()))
"""
PRELOAD = {"numpy": ("numpy", "numpy.random", "numpy.linalg"), "torch": ("numpy", "numpy.random", "torch")}


class Worker:
    """The backend and what it leaves lying about."""

    def __init__(self, runtimes: dict[str, str]) -> None:
        self.runtimes = {
            name: Runtime(name, Path(python), PRELOAD[name], PROGRAM, "serve")
            for name, python in runtimes.items()
        }
        self.warm: set[Runtime] = set()
        self.backend = NamespacesBackend.open(allow_coarse=True)

    def prepare(self, runtime: str) -> str:
        """Warm a runtime up; says how it meters."""
        self.backend.prepare(self.runtimes[runtime])
        self.warm.add(self.runtimes[runtime])
        return self.backend.metering.name

    def attack(self, source: str, runtime: str = "numpy", **limits: float) -> dict[str, Any]:
        """Grade one source; its verdict, what it returned and printed, and what the machine felt."""
        spec = GroupSpec("ataque", "Ataque", 1.0)
        limits = {"seconds": 1.0, "memory_mb": 128, **limits}
        job = Job(
            GRADER, source, (spec,), ("ataque(f)",), self.runtimes[runtime], JobLimits.of(limits), seed=7
        )
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

    def together(self, sources: list[str], **limits: float) -> list[dict[str, Any]]:
        """Grade several at once, each in a thread, as a worker with a pool does."""
        with ThreadPoolExecutor(len(sources)) as pool:
            return list(pool.map(lambda source: self.attack(source, **limits), sources))

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
            "mounts": len(Path("/proc/self/mountinfo").read_text().splitlines()),
            "mounts inside": [_lines(f"/proc/{pid}/mountinfo") for pid in tree],
            "host scratch": sorted(one for one in os.listdir(tempfile.gettempdir()) if "wall" in one),  # noqa: PTH208
            "in groups": sum(_lines(str(file)) for file in self.groups()),
        }

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

    def _look(self) -> None:
        while not self._over.wait(0.03):
            tasks = sum(_entries(f"/proc/{pid}/task") for pid in descendants(os.getpid()))
            self.most_tasks = max(self.most_tasks, tasks)
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
    worker = Worker(json.loads(sys.argv[1]))
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
