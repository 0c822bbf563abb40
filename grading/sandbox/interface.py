"""What the judge sees of the wall: the words and calls that every backend shares."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

MIB = 1024 * 1024


class WallFault(Exception):
    """The wall could not be built or broke: our fault, never the student's. The text says what to do."""

    def __init__(self, step: str, errno: int | None, remedy: str) -> None:
        super().__init__(step, errno, remedy)
        self.step = step
        self.errno = errno
        self.remedy = remedy

    def __str__(self) -> str:
        number = f" (errno {self.errno})" if self.errno else ""
        return f"wall: {self.step}{number}: {self.remedy}"


@dataclass(frozen=True)
class Limits:
    """What one student's process may use, all its threads and children together."""

    wall_seconds: float
    cpu_seconds: float
    memory_bytes: int
    pids: int = 64
    output_bytes: int = 65536
    """For whoever reads the output: a pipe holds 64 KiB, then its writer waits."""
    scratch_bytes: int = 16 * MIB
    scratch_files: int = 256
    gpu_memory_bytes: int = 1024 * MIB
    """Of the runtime's device, where it has one; what the runtime itself needs there comes on top."""


@dataclass(frozen=True)
class Hooks:
    """What a runtime's libraries want done for them: Python texts of ours, empty for nothing."""

    settle: str = ""
    """In the zygote, once, after the imports. It may leave no thread behind."""
    seed: str = ""
    """Seed what the libraries draw from by the number `seed`; NumPy's and `random` are seen to."""
    rehearse: str = ""
    """In each child, walled in, before its student is known."""


@dataclass(frozen=True)
class Device:
    """A GPU, or an instance (MIG) of one: what a process must see of the machine to compute on it."""

    name: str
    """As the driver calls it in the whole world: "GPU-…", "MIG-…"."""
    place: str
    """As people and CDI call it here: "0", or "0:1" for the second instance of the first GPU."""
    title: str
    memory_bytes: int
    nodes: tuple[str, ...]
    """Files of /dev, and no others, that lead to it."""
    libraries: tuple[str, ...] = ()
    """Folders with the driver's libraries that the loader does not search by itself."""
    shows: tuple[str, ...] = ()
    """Of /proc, covered for others: what the driver's libraries read there."""

    @property
    def is_instance(self) -> bool:
        """Whether it is a part of a GPU, whose memory the hardware keeps apart."""
        return ":" in self.place


@dataclass(frozen=True)
class Runtime:
    """An environment to run students' code in, and the program that runs it.

    `python` is the environment's interpreter; `preload` the modules that the zygote imports once, under the
    variables of `environment`; `program` a file of ours whose function `entry` is called in the walled child
    with its end of the channel. If the program has a function `rehearse`, it is called before a student is
    known; if it has `seed_libraries`, that becomes the hook.
    """

    name: str
    python: Path
    preload: tuple[str, ...]
    program: Path
    entry: str
    environment: tuple[tuple[str, str], ...] = ()
    hooks: Hooks = Hooks()
    headroom_bytes: int = 64 * MIB
    """What a child may hold before it is a student's; that one's limit comes on top of what it holds."""
    device: Device | None = None
    """What its children open, each by itself. A zygote has one or none, so that a child sees one or none."""


@dataclass(frozen=True)
class Ending:
    """How a process ended: with an exit code or by a signal, and whether the wall had a hand in it."""

    code: int | None
    signal: int | None
    out_of_memory: bool = False
    forbidden: str | None = None
    """Category of the syscall that the wall refused ("network", "ptrace", …)."""
    out_of_time: Literal["wall", "cpu"] | None = None
    out_of_gpu_memory: bool = False


@dataclass(frozen=True)
class Usage:
    """What a process used so far, or in all once it has ended; measured from outside."""

    cpu_seconds: float
    peak_memory_bytes: int
    wall_seconds: float
    peak_gpu_bytes: int = 0


@dataclass(frozen=True)
class Holding:
    """What a runtime holds here now. Of a page that several processes map, each has its share (PSS)."""

    runtime: str
    zygote_bytes: int
    """With its launcher."""
    children_bytes: tuple[int, ...]
    """The one that waits, and those that run. One that may not be looked at has 0."""
    forks: int
    growth_bytes: int
    """What the zygote has come to hold since it stood ready."""


@dataclass(frozen=True)
class Layer:
    """One layer of the wall as the doctor finds it; `remedy` is empty where nothing is missing."""

    name: str
    present: bool
    detail: str
    remedy: str = ""
    required: bool = True


class Process(Protocol):
    """One walled student process. All calls may come from any thread."""

    channel: socket.socket
    """Our end of the stream to the child's `entry`."""
    output: int
    """Read end of the pipe that the child's stdout and stderr both write to."""
    pid: int
    """Of the first process of its tree, as the worker sees it."""

    def kill(self) -> None:
        """End it and all that it started, now; again is harmless."""

    def wait(self, timeout: float | None = None) -> Ending:
        """How it ended; TimeoutError if it has not within `timeout`, WallFault if the wall broke under it."""

    def usage(self) -> Usage:
        """Costs a file read or two while it runs."""

    def retire(self) -> None:
        """Kill, and let the rest of `close` follow by itself: nobody waits for namespaces to come down."""

    def close(self) -> None:
        """Kill, reap, close the descriptors, give the limits back; after this nothing is left."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Backend(Protocol):
    """A way to hold students' processes. Thread-safe; made after the worker has forked, never before."""

    name: str

    def prepare(self, runtime: Runtime) -> None:
        """Warm the runtime up, so that the first student does not wait for its imports."""

    def start(self, runtime: Runtime, limits: Limits) -> Process:
        """A new walled process that has just been let go."""

    def doctor(self) -> list[Layer]:
        """What the wall has here and lacks, with remedies."""

    def holdings(self) -> list[Holding]:
        """What each zygote and its children take of this machine's memory. Costs a walk over their pages."""

    def close(self) -> None:
        """End every process and zygote."""


class Meter(Protocol):
    """Holds one process tree to its limits and measures it, from outside."""

    def stand_by(self, memory_bytes: int) -> None:
        """Let whoever enters next hold so much while it gets ready, whatever the last one might."""

    def enter(self, pid: int) -> None:
        """Take the process in, before the student's code runs. `pid` is as the worker sees it."""

    def bound(self, limits: Limits) -> None:
        """Set the limits and start to count anew: the student's turn begins.

        Memory that the process holds by now is the runtime's; the student's comes on top of it.
        """

    def cpu_seconds(self) -> float: ...

    def peak_memory(self) -> int: ...

    def out_of_memory(self) -> bool: ...

    def kill(self) -> None:
        """A second way to end the tree, where there is one."""

    def give_back(self) -> None:
        """For the next one; the tree is gone."""


@dataclass(frozen=True)
class Metering:
    """How a backend measures: `take` hands out meters, `close` removes those that came back."""

    name: str
    coarse: bool
    tick: float
    """Seconds between two looks at a running process."""
    take: Callable[[], Meter]
    close: Callable[[], None]
