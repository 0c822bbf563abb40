"""The worker's side of a zygote: start it, give it its user id, ask it for children, end it."""

import contextlib
import json
import os
import select
import socket
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from . import arithmetic, memory
from .inside import kernel
from .interface import Device, Holding, Runtime, WallFault

INSIDE = Path(__file__).parent / "inside"
HOST_ID = 60999
"""User and group that students have on the host when the worker is root: in a range that nobody assigns."""
START_SECONDS = 120.0
_CAP_SYS_ADMIN = 21
LEAVING_SECONDS = 2.0
INTERPRETER_OPTIONS = ("-s", "-P", "-B", "-X", "utf8")  # not -I, which would not listen to PYTHONHASHSEED
ENVIRONMENT = arithmetic.environment() | {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
"""All of it: nothing of the worker's own environment is inherited."""

REMEDIES = {
    "own_user_namespace": "allow user namespaces: sysctl kernel.unprivileged_userns_clone=1 (Debian), "
    "sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), user.max_user_namespaces > 0",
    "own_mount_namespace": "a mount namespace was refused; in a container, allow CAP_SYS_ADMIN",
    "read_only_root": "the wall's root could not be mounted: Linux 5.14 or later is needed; "
    "in a container, one that may mount (seccomp and AppArmor profiles often forbid it)",
    "other_namespaces": "raise user.max_pid_namespaces, user.max_net_namespaces and user.max_mnt_namespaces",
    "preload": "a module of the runtime cannot be imported; install its requirements again",
    "program": "the program of the runtime cannot be loaded",
    "seal": "a module of the runtime does what the wall cannot allow in a zygote; do not preload it",
    "fork": "too many processes or namespaces: raise user.max_*_namespaces, or the worker's pids and memory",
    "own_namespaces": "raise user.max_user_namespaces and user.max_net_namespaces",
    "scratch": "a tmpfs could not be mounted for the student",
    "guard": "a process could not be measured any more and was ended; grade it again",
    "container": "the container runtime did not start the zygote's container",
    "zygote": "the zygote ended twice while starting a student; see its last words",
}


class ZygoteGone(Exception):
    """The zygote ended or hangs; a new one can be made."""


def environment(runtime: Runtime) -> dict[str, str]:
    """The variables under which the runtime is imported; its children find none."""
    libraries = runtime.device.libraries if runtime.device else ()
    found_by = {"LD_LIBRARY_PATH": ":".join(libraries)} if libraries else {}
    return ENVIRONMENT | found_by | dict(runtime.environment)


def told_of(device: Device | None) -> dict[str, object] | None:
    """What the launcher is told of the runtime's device."""
    if device is None:
        return None
    variables = {"CUDA_VISIBLE_DEVICES": device.name, "CUDA_CACHE_DISABLE": "1"}
    return {
        "nodes": device.nodes,
        "libraries": device.libraries,
        "shows": device.shows,
        "variables": variables,
    }


def fault(step: str, errno: int | None, text: str) -> WallFault:
    """The fault of a step, with what can be done about it and what the kernel said."""
    remedy = REMEDIES.get(step, "")
    return WallFault(step, errno, ". ".join(one for one in (remedy, text) if one))


def is_privileged() -> bool:
    """Root with power over mounts: the wall is then built as root, and students get an id of their own."""
    status = Path("/proc/self/status").read_text()
    effective = int(next(line for line in status.splitlines() if line.startswith("CapEff:")).split()[1], 16)
    return os.geteuid() == 0 and bool(effective >> _CAP_SYS_ADMIN & 1)


class Launcher(Protocol):
    """A started process of the runtime's interpreter, on its way to become the zygote's parent."""

    link: socket.socket
    privileged: bool
    """It asks for another user's id to be mapped."""
    pid: int
    inside: int
    """The launcher itself, whose one child is the zygote, as this process sees it."""

    def has_ended(self) -> bool: ...

    def kill(self) -> None: ...

    def last_words(self) -> str:
        """The end of what it printed."""

    def close(self) -> None:
        """Wait for its end, killed if it takes too long over it; the link is closed already."""


class OwnLauncher:
    """A launcher that is a child of the worker and inherits its end of the link."""

    def __init__(self, runtime: Runtime) -> None:
        self.privileged = is_privileged()
        self._words = os.memfd_create("zygote", os.MFD_CLOEXEC)
        self.link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [str(runtime.python), *INTERPRETER_OPTIONS, str(INSIDE), str(theirs.fileno())]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=self._words,
                stderr=self._words,
                pass_fds=[theirs.fileno()],
                env=environment(runtime),
                cwd="/",
                start_new_session=True,  # Ctrl-C at the worker's terminal is not for students
            )
        except OSError as error:
            self.link.close()
            os.close(self._words)
            raise fault(
                "interpreter", error.errno, f"{runtime.python} cannot be run: {error.strerror}"
            ) from error
        finally:
            theirs.close()
        self.pid = self.inside = self._process.pid

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def kill(self) -> None:
        self._process.kill()

    def last_words(self) -> str:
        return tail(self._words)

    def close(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=LEAVING_SECONDS)
        self._process.kill()
        self._process.wait()
        os.close(self._words)


class Zygote:
    """A running zygote of one runtime. Every call may come from any thread.

    One that has not answered within `answer_seconds` hangs; to whoever asks it is then as good as gone.
    """

    def __init__(self, runtime: Runtime, launcher: Launcher, answer_seconds: float) -> None:
        self.runtime = runtime
        self.answer_seconds = answer_seconds
        self.forks = 0
        self.children = 0
        """Those that somebody still holds."""
        self._launcher = launcher
        self._link = launcher.link
        self._counting = threading.Lock()
        self._asking = threading.Lock()
        self._asked = 0
        try:
            self._introduce()
            self._pid = next(iter(memory.children(launcher.inside)), 0)
            self._stood_at = memory.anonymous(self._pid)
        except BaseException:
            self.close()
            raise

    def _introduce(self) -> None:
        """Say what to become, write the map of user ids when asked, and wait until it is sealed."""
        runtime = self.runtime
        told = {
            "preload": runtime.preload,
            "program": str(runtime.program.resolve()),
            "entry": runtime.entry,
            "hooks": asdict(runtime.hooks),
            "privileged": self._launcher.privileged,
            "device": told_of(runtime.device),
        }
        self._link.settimeout(START_SECONDS)
        try:
            self._link.send(json.dumps(told).encode())
            while "ready" not in (answer := self._hear()):
                if "fault" in answer:
                    raise fault(answer["fault"], answer["errno"], answer["text"])
                self._map_ids(answer["map"])
                self._link.send(b"{}")
        except OSError as error:  # also a timeout
            raise fault("zygote", error.errno, self.last_words()) from error
        self._link.settimeout(self.answer_seconds)

    def _hear(self) -> dict[str, Any]:
        payload = self._link.recv(65536)
        if not payload:
            raise fault("zygote", None, self.last_words())
        answer: dict[str, Any] = json.loads(payload)
        return answer

    def _map_ids(self, inside: int) -> None:
        """One id each. Groups are denied first: children inherit that."""
        place = Path(f"/proc/{self._launcher.pid}")
        (place / "setgroups").write_text("deny")
        (place / "uid_map").write_text(f"{inside} {HOST_ID} 1")
        (place / "gid_map").write_text(f"{inside} {HOST_ID} 1")

    def request(self, limits: dict[str, object], descriptors: Sequence[int]) -> None:
        """Ask for a child; what comes of it arrives on the report among `descriptors`."""
        with self._counting:
            self.forks += 1
        try:
            kernel.send(self._link, json.dumps(limits).encode(), descriptors)
        except OSError as error:  # also a timeout
            raise ZygoteGone from error

    def hold(self) -> None:
        """Somebody has, or is about to have, a child of it: retired, it waits for their `release`."""
        with self._counting:
            self.children += 1

    def release(self) -> None:
        """That child is gone."""
        with self._counting:
            self.children -= 1

    def rest(self) -> None:
        """Count forks and growth anew."""
        self.forks, self._stood_at = 0, memory.anonymous(self._pid)

    def answers(self) -> bool:
        """Whether it is there and takes requests."""
        with self._asking:
            self._asked += 1
            word = json.dumps({"ping": self._asked}).encode()
            try:
                kernel.send(self._link, word)
                while (heard := self._link.recv(4096)) not in (word, b""):
                    pass  # the answer to an earlier one, which came too late
            except OSError:  # also a timeout
                return False
        return heard == word

    def growth(self) -> int:
        """Bytes that it holds more than when it stood ready; those of files, which others map too, aside.

        Not its share of them: that falls with every child.
        """
        return memory.anonymous(self._pid) - self._stood_at

    def holding(self) -> Holding:
        """What it and its children take now. The kernel walks all their pages for it."""
        children = memory.children(self._pid)
        return Holding(
            self.runtime.name,
            zygote_bytes=memory.share(self._pid) + memory.share(self._launcher.inside),
            children_bytes=tuple(memory.share(child) for child in children),
            forks=self.forks,
            growth_bytes=max(0, self.growth()),
        )

    def has_ended(self) -> bool:
        """Whether its launcher is gone, or it let go of the link, which comes before its children end."""
        return self._launcher.has_ended() or _is_hung_up(self._link)

    def last_words(self) -> str:
        """The end of what it printed."""
        return self._launcher.last_words()

    def kill(self) -> None:
        """End it, whatever it is at, and all that is inside."""
        self._launcher.kill()

    def close(self) -> None:
        """Hang up; it ends, and with it all that is inside."""
        self._link.close()
        self._launcher.close()


def _is_hung_up(link: socket.socket) -> bool:
    poller = select.poll()
    try:
        poller.register(link, 0)
    except ValueError:  # closed at our end
        return True
    return bool(poller.poll(0))


def tail(words: int) -> str:
    """The end of a file of what was printed."""
    size = os.fstat(words).st_size
    return os.pread(words, 2000, max(0, size - 2000)).decode(errors="replace").strip()


def host_pid(pidfd: int) -> int:
    """The process id behind a pidfd, as this process sees it; ProcessLookupError once it has been reaped."""
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:") and (pid := int(line.split()[1])) > 0:
            return pid
    raise ProcessLookupError(pidfd)
