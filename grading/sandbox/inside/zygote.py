"""The zygote: a process with the runtime imported, forked once for each student.

One thread, one loop. The worker asks for a child with one message and three descriptors: the student's
end of the channel, the write end of the output, and a report socket. On the report go, in this order: the
child's pidfd (from us), its readiness with the seccomp listener or a fault (from the child), the word to
go (to the child, which then closes it), and how it ended (from us). The link closing is our end.
"""

import contextlib
import gc
import importlib
import importlib.util
import io
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from . import bpf, kernel, root, steps


@dataclass(frozen=True)
class Hooks:
    """Python texts of the runtime, see `grading/sandbox/interface.py`."""

    settle: str
    seed: str
    rehearse: str


@dataclass(frozen=True)
class Device:
    """What the children may open, and the zygote may not; see `grading/sandbox/interface.py`."""

    nodes: list[str]
    libraries: list[str]
    shows: list[str]
    variables: dict[str, str]


def compiled(name: str, text: str) -> Callable[..., None]:
    """A function that runs the text with its keyword arguments in sight."""
    code = compile(text, f"<{name} of the runtime>", "exec", dont_inherit=True)
    return lambda **given: exec(code, given)  # noqa: S102 - a text of ours


def serve(
    link: socket.socket,
    preload: list[str],
    program: str,
    entry: str,
    hooks: Hooks,
    device: Device | None = None,
) -> None:
    """Import, seal, tell the worker, then fork on request until it hangs up."""
    stage = "preload"
    try:
        root.unseal()
        for name in preload:
            importlib.import_module(name)
        compiled("settle", hooks.settle)()
        stage = "program"
        module = load_program(f"{root.PROGRAM}/{Path(program).name}")
        seed, practise = compiled("seed", hooks.seed), compiled("rehearse", hooks.rehearse)
        if hasattr(module, "seed_libraries"):
            vars(module)["seed_libraries"] = seed
        own: Callable[[], None] = getattr(module, "rehearse", lambda: None)
        stage = "seal"
        parts = steps.Parts(entry=getattr(module, entry), seed=seed, rehearsals=(own, practise))
        zygote = Zygote(link, parts, device)
    except BaseException as error:
        told = {
            "fault": stage,
            "errno": getattr(error, "errno", None),
            "text": f"{type(error).__name__}: {error}",
        }
        link.send(json.dumps(told).encode())
        return
    link.send(json.dumps({"ready": os.getpid(), "landlock": zygote.landlock}).encode())
    zygote.run()


def load_program(path: str) -> ModuleType:
    """The module with the untrusted side, loaded once for all children."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def refuse_threads() -> None:
    """A fork has one thread, and locks that the others held stay held in it: there may be no others."""
    tasks = list(Path("/proc/self/task").iterdir())
    if len(tasks) > 1:
        raise RuntimeError(f"a preloaded module left {len(tasks) - 1} threads, which do not survive a fork")


def refuse_shared_memory() -> None:
    """What is mapped writable and shared here, all students would share. No library is known to do it."""
    maps = Path("/proc/self/maps").read_text().splitlines()
    shared = [line for line in maps if line.split()[1].startswith("rw") and line.split()[1].endswith("s")]
    if shared:
        raise RuntimeError(f"a preloaded module shares memory with its forks: {shared[0]}")


def refuse_open_devices(nodes: list[str]) -> None:
    """A driver that was asked for a device before the fork answers to nobody after it."""
    maps = [line.split(maxsplit=5)[5:] for line in Path("/proc/self/maps").read_text().splitlines()]
    held = {name for names in maps for name in names}
    for one in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the descriptor of this very walk
            held.add(str(one.readlink()))
    if found := sorted(held.intersection(nodes)):
        raise RuntimeError(f"a preloaded module has opened {found[0]}, which only a child may")


def streams_for_pipes() -> None:
    """New stdout and stderr: the present ones remember that they were opened on a file, which can seek."""
    reader, writer = os.pipe()
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        aside = os.dup(descriptor)
        os.dup2(writer, descriptor)
        raw = io.BufferedWriter(io.FileIO(descriptor, "w", closefd=False))
        stream = io.TextIOWrapper(raw, "utf-8", "replace", line_buffering=True)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
        os.dup2(aside, descriptor)
        os.close(aside)
    os.close(reader)
    os.close(writer)


@dataclass
class Child:
    """A student's process, as its parent sees it."""

    pid: int
    report: socket.socket


class Zygote:
    """The sealed process and its children."""

    def __init__(self, link: socket.socket, parts: steps.Parts, device: Device | None = None) -> None:
        self.link = link
        self.parts = parts
        self.nodes = device.nodes if device else []
        self.children: dict[int, Child] = {}
        self.proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self.own_pid_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self.landlock = kernel.landlock_version()
        self.filters = {
            (memory_files, listener): bpf.program(
                memory_files=memory_files, listener=listener, device=device is not None
            )
            for memory_files in (True, False)
            for listener in (True, False)
        }
        refuse_threads()
        refuse_shared_memory()
        refuse_open_devices(self.nodes)
        root.seal(device.shows if device else ())
        os.environ.clear()  # it told the libraries to use one thread when they were loaded
        os.environ.update(device.variables if device else {})
        streams_for_pipes()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.poller = select.poll()
        self.poller.register(link, select.POLLIN)
        gc.collect()
        gc.freeze()

    def run(self) -> None:
        """Serve requests and funerals until the worker hangs up."""
        while True:
            for descriptor, _ in self.poller.poll():
                if descriptor in self.children:
                    self.bury(descriptor)
                elif not self.take_request():
                    return

    def take_request(self) -> bool:
        """Fork for one request, or answer a ping; False once there is nobody to ask."""
        payload, descriptors = kernel.receive(self.link)
        if not payload:
            return False
        if not descriptors:
            self.link.send(payload)
            return True
        channel, output, report_fd = descriptors
        report = socket.socket(fileno=report_fd)
        try:
            self.fork(json.loads(payload), channel, output, report)
        except OSError as error:
            tell(report, {"fault": "fork", "errno": error.errno, "text": str(error)})
            report.close()
        os.close(channel)
        os.close(output)
        return True

    def fork(self, shape: steps.Shape, channel: int, output: int, report: socket.socket) -> None:
        """The child is pid 1 of a pid namespace of its own: whoever kills it kills all that it started."""
        kernel.unshare(kernel.NEWPID)
        try:
            pid = os.fork()
            if pid == 0:
                try:
                    self.become(shape, channel, output, report)
                except BaseException:
                    traceback.print_exc()
                finally:
                    os._exit(1)  # never back into the zygote's loop
        finally:
            kernel.setns(self.own_pid_namespace, kernel.NEWPID)  # or the next unshare would be refused
        descriptor = os.pidfd_open(pid)
        self.children[descriptor] = Child(pid, report)
        self.poller.register(descriptor, select.POLLIN)
        try:
            kernel.send(report, b"{}", [descriptor])
        except OSError:
            os.kill(pid, signal.SIGKILL)  # the worker has given up on it

    def become(self, shape: steps.Shape, channel: int, output: int, report: socket.socket) -> None:
        """In the child: wall ourselves in and run the program; never returns."""
        self.link.detach()  # stale numbers of closed descriptors must not be closed again later
        for child in self.children.values():
            child.report.detach()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        walled = steps.Walled(
            shape=shape,
            channel=channel,
            output=output,
            report=report.detach(),
            proc=self.proc,
            landlock_version=self.landlock,
            filters=self.filters,
            parts=self.parts,
            nodes=self.nodes,
        )
        steps.run(walled)

    def bury(self, descriptor: int) -> None:
        """Reap a child, tell the worker how it ended and what it used, forget it."""
        child = self.children.pop(descriptor)
        self.poller.unregister(descriptor)
        os.close(descriptor)
        _, status, usage = os.wait4(child.pid, 0)
        told = {"status": status, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss * 1024}
        tell(child.report, told)
        child.report.close()


def tell(report: socket.socket, message: Mapping[str, object]) -> None:
    """Send, whether or not anyone still listens."""
    with contextlib.suppress(OSError):
        report.send(json.dumps(message).encode())
