"""The wall around one student, built by the child of the zygote around itself.

The steps run in the order of STEPS, from "can do everything inside the zygote's namespaces" to "can only
compute": a step that needs a right stands before the one that gives it up. A failure is told to the worker
as a fault of the step, and the student's code never starts. Then the child waits for the word to go, which
brings the limits of the student who gets it.
"""

import fcntl
import json
import math
import os
import resource
import socket
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from . import kernel, policy
from .root import SCRATCH

CHANNEL, REPORT = 3, policy.REPORT
"""Where the two descriptors end up; the report is closed before the program starts."""
INSIDE_ID = 1000
"""User and group id that everything inside the wall sees itself as."""
_READ, _WRITE = 0b1100, 0b10  # rights of Landlock, by bit
_USE_NODE = 0b110 | 1 << 15  # read, write, and ask (ioctl, known since version 5)
_OWN_FILES = (
    _READ | _WRITE | 0b1_1011_0000 | 1 << 13 | 1 << 14
)  # make and remove files and folders, rename, cut


class Shape(TypedDict):
    """What the worker asks for at the fork; `coarse` says that no cgroup stands behind it."""

    scratch_bytes: int
    scratch_files: int
    headroom_bytes: int
    coarse: bool
    cpu: int | None


class Word(TypedDict):
    """What comes with the word to go."""

    cpu_seconds: float
    memory_bytes: int
    pids: int


@dataclass(frozen=True)
class Parts:
    """What the zygote has loaded for its children to call."""

    entry: Callable[[socket.socket], None]
    seed: Callable[..., None]
    rehearsals: tuple[Callable[[], None], ...]


@dataclass
class Walled:
    """What the steps work with."""

    shape: Shape
    channel: int
    output: int
    report: int
    proc: int
    landlock_version: int
    filters: Mapping[tuple[bool, bool], bytes]
    parts: Parts
    nodes: Sequence[str] = ()
    """Of a GPU, where the child has one."""
    listener: int = 0
    size: int = 0
    """Bytes of address space that a child starts with; only coarse limits ask for it."""


def own_session(_: Walled) -> None:
    """A signal to the process group goes to all in it, whatever their pid namespaces: not to the zygote's."""
    os.setsid()


def own_namespaces(_: Walled) -> None:
    """Early: the other namespaces belong to the new user namespace, and so does the count of processes."""
    others = kernel.NEWNS | kernel.NEWNET | kernel.NEWIPC | kernel.NEWUTS
    kernel.unshare(kernel.NEWUSER | others)


def own_identity(walled: Walled) -> None:
    """Before the scratch, whose files need an owner. /proc is covered; a way into it was kept open."""
    same = f"{INSIDE_ID} {INSIDE_ID} 1"
    for name in ("uid_map", "gid_map"):
        descriptor = os.open(f"self/{name}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=walled.proc)
        os.write(descriptor, same.encode())
        os.close(descriptor)


def first_to_go(walled: Walled) -> None:
    """Should the host itself run out of memory, students go before anything of ours; also by way of /proc."""
    descriptor = os.open("self/oom_score_adj", os.O_WRONLY | os.O_CLOEXEC, dir_fd=walled.proc)
    os.write(descriptor, b"1000")
    os.close(descriptor)


def no_core_dumps(walled: Walled) -> None:
    """After the writes to /proc/self, which is then root's; the coarse watchdog must go on reading there."""
    if not walled.shape["coarse"]:
        kernel.no_core_dumps()


def scratch(walled: Walled) -> None:
    """The only writable place, bounded in bytes and files; it goes with the last process."""
    shape = walled.shape
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    size = f"size={shape['scratch_bytes']},nr_inodes={shape['scratch_files']},mode=700"
    kernel.mount("tmpfs", SCRATCH, flags, size)
    os.chdir(SCRATCH)


def fixed_limits(walled: Walled) -> None:
    """Those that are the same for all; before the way into /proc is closed, which tells our size."""
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: walled.shape["scratch_bytes"],
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_STACK: 8 << 20,
    }
    for kind, bound in bounds.items():
        resource.setrlimit(kind, (bound, bound))
    if walled.shape["coarse"]:
        walled.size = _address_space(walled.proc)
    if walled.shape["cpu"] is not None:
        os.sched_setaffinity(0, {walled.shape["cpu"]})


def only_descriptors(walled: Walled) -> None:
    """After the last use of the zygote's: null, output, output, channel and report are left."""
    given = (walled.output, walled.output, walled.channel, walled.report)
    aside = [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, REPORT + 1) for one in given]
    for source, target in zip(aside, (1, 2, CHANNEL, REPORT), strict=True):
        os.dup2(source, target, inheritable=False)
    os.closerange(CHANNEL + 1, REPORT)
    os.closerange(REPORT + 1, 1 << 20)


def fresh_randomness(walled: Walled) -> None:
    """Two forks of one zygote would draw the same numbers; `random` sees to itself after a fork."""
    seed = int.from_bytes(os.urandom(4))
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed(seed)
    walled.parts.seed(seed=seed)


def drop_capabilities(_: Walled) -> None:
    """After the last mount; before no_new_privileges, which alone would leave those already held."""
    kernel.drop_capabilities()


def no_new_privileges(_: Walled) -> None:
    """Before Landlock and seccomp, which an unprivileged process may only use with it."""
    kernel.no_new_privileges()


def landlock(walled: Walled) -> None:
    """A second opinion on files and network, should a mount be wrong; before its calls are shut."""
    version = walled.landlock_version
    if not version:
        return
    known = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    tcp, outside = 0b11, 0b11  # bind and connect; abstract sockets and signals
    handled = (known, tcp, outside)[: 1 if version < 4 else 2 if version < 6 else 3]
    nodes = [(one, _USE_NODE & known) for one in walled.nodes]
    kernel.landlock(handled, [("/", _READ), (SCRATCH, _OWN_FILES & known), ("/dev", _READ | _WRITE), *nodes])


def seccomp(walled: Walled) -> None:
    """Last: it shuts what the other steps use. A container may already hold the one listener there can be."""
    memory_files = not walled.shape["coarse"]
    try:
        walled.listener = kernel.seccomp(walled.filters[memory_files, True], listener=True)
    except OSError:
        kernel.seccomp(walled.filters[memory_files, False], listener=False)


STEPS: tuple[Callable[[Walled], None], ...] = (
    own_session,
    own_namespaces,
    own_identity,
    first_to_go,
    no_core_dumps,
    scratch,
    fixed_limits,
    only_descriptors,
    fresh_randomness,
    drop_capabilities,
    no_new_privileges,
    landlock,
    seccomp,
)


def own_limits(walled: Walled, word: Word) -> None:
    """When the student is known. Lowering needs no right, and NPROC counts in our own user namespace.

    Whole seconds of CPU besides those of the rehearsal, twice the memory: only the backstop of what the
    worker measures. NOFILE, the same for all, stands here because it also bounds what may be on its way
    between processes of our user: the listener has been sent by now.
    """
    cpu = math.ceil(word["cpu_seconds"]) + 1 + int(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_NPROC, (word["pids"], word["pids"]))
    files = policy.OPEN_FILES_ON_DEVICE if walled.nodes else policy.OPEN_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    if walled.shape["coarse"] and not walled.nodes:  # CUDA reserves addresses for all memory of the machine
        most = walled.size + 2 * (walled.shape["headroom_bytes"] + word["memory_bytes"])
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def run(walled: Walled) -> None:
    """Take the steps, rehearse, hand the listener over, wait for the word, run the program, end the process.

    The rehearsal touches the memory that every student's run will touch: a forked page is copied when it
    is first written to, and that need not be in the student's time.
    """
    report = socket.socket(fileno=walled.report)
    for step in STEPS:
        try:
            step(walled)
        except BaseException as error:
            _tell_fault(report, step.__name__, error)
            os._exit(1)
        if step is only_descriptors:
            report.detach()
            report = socket.socket(fileno=REPORT)
    channel = socket.socket(fileno=CHANNEL)
    for rehearse in walled.parts.rehearsals:
        rehearse()
    kernel.send(report, b'{"walled": true}', [walled.listener] if walled.listener else [])
    if walled.listener:
        os.close(walled.listener)
    try:
        word = report.recv(4096)
        if not word:
            os._exit(1)  # not wanted any more
        own_limits(walled, json.loads(word))
    except BaseException as error:  # until the program runs, whatever ends us is no doing of the student's
        _tell_fault(report, "word", error)
        os._exit(1)
    report.close()
    for name in [name for name in sys.modules if name.split(".")[0] == __package__]:
        del sys.modules[name]
    os._exit(run_program(walled.parts.entry, channel))


def _tell_fault(report: socket.socket, step: str, error: BaseException) -> None:
    told = {"fault": step, "errno": getattr(error, "errno", None), "text": f"{type(error).__name__}: {error}"}
    report.send(json.dumps(told).encode())


def run_program(entry: Callable[[socket.socket], None], channel: socket.socket) -> int:
    """The exit code of the program, its last words flushed."""
    code = 0
    try:
        entry(channel)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            code = code or 1
    return code & 0xFF


def _address_space(proc: int) -> int:
    descriptor = os.open("self/statm", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    pages = int(os.read(descriptor, 64).split()[0])
    os.close(descriptor)
    return pages * resource.getpagesize()
