"""The worker's side of a zygote: start it, give it its user id, ask it for children, end it."""

import contextlib
import json
import os
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .inside import kernel
from .interface import Runtime, WallFault

INSIDE = Path(__file__).parent / "inside"
HOST_ID = 60999
"""User and group that students have on the host when the worker is root: in a range that nobody assigns."""
START_SECONDS = 120.0
_CAP_SYS_ADMIN = 21
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
}

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
    "zygote": "the zygote ended twice while starting a student; see its last words",
}


class ZygoteGone(Exception):
    """The zygote ended; a new one can be made."""


def fault(step: str, errno: int | None, text: str) -> WallFault:
    """The fault of a step, with what can be done about it and what the kernel said."""
    remedy = REMEDIES.get(step, "")
    return WallFault(step, errno, ". ".join(one for one in (remedy, text) if one))


def is_privileged() -> bool:
    """Root with power over mounts: the wall is then built as root, and students get an id of their own."""
    status = Path("/proc/self/status").read_text()
    effective = int(next(line for line in status.splitlines() if line.startswith("CapEff:")).split()[1], 16)
    return os.geteuid() == 0 and bool(effective >> _CAP_SYS_ADMIN & 1)


class Zygote:
    """A running zygote of one runtime. `request` may be called from several threads at once."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._words = os.memfd_create("zygote", os.MFD_CLOEXEC)
        self._link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [str(runtime.python), "-I", "-B", "-X", "utf8", str(INSIDE), str(theirs.fileno())]
        try:
            self._launcher = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=self._words,
                stderr=self._words,
                pass_fds=[theirs.fileno()],
                env=_ENVIRONMENT,
                cwd="/",
                start_new_session=True,  # Ctrl-C at the worker's terminal is not for students
            )
        except OSError as error:
            self._link.close()
            os.close(self._words)
            raise fault(
                "interpreter", error.errno, f"{runtime.python} cannot be run: {error.strerror}"
            ) from error
        finally:
            theirs.close()
        try:
            self._introduce()
        except BaseException:
            self.close()
            raise

    def _introduce(self) -> None:
        """Say what to become, write the map of user ids when asked, and wait until it is sealed."""
        privileged = is_privileged()
        runtime = self.runtime
        told = {
            "preload": runtime.preload,
            "program": str(runtime.program.resolve()),
            "entry": runtime.entry,
            "privileged": privileged,
        }
        self._link.settimeout(START_SECONDS)
        try:
            self._link.send(json.dumps(told).encode())
            while "ready" not in (answer := self._hear()):
                if "fault" in answer:
                    raise fault(answer["fault"], answer["errno"], answer["text"])
                self._map_ids(answer["map"], privileged=privileged)
                self._link.send(b"{}")
        except OSError as error:  # also a timeout
            raise fault("zygote", error.errno, self.last_words()) from error
        self._link.settimeout(None)

    def _hear(self) -> dict[str, Any]:
        payload = self._link.recv(65536)
        if not payload:
            raise fault("zygote", None, self.last_words())
        answer: dict[str, Any] = json.loads(payload)
        return answer

    def _map_ids(self, inside: int, *, privileged: bool) -> None:
        """One id each. Groups are denied first: children inherit that."""
        user, group = (HOST_ID, HOST_ID) if privileged else (os.geteuid(), os.getegid())
        place = Path(f"/proc/{self._launcher.pid}")
        (place / "setgroups").write_text("deny")
        (place / "uid_map").write_text(f"{inside} {user} 1")
        (place / "gid_map").write_text(f"{inside} {group} 1")

    def request(self, limits: dict[str, object], descriptors: Sequence[int]) -> None:
        """Ask for a child; what comes of it arrives on the report among `descriptors`."""
        try:
            kernel.send(self._link, json.dumps(limits).encode(), descriptors)
        except OSError as error:
            raise ZygoteGone from error

    def has_ended(self) -> bool:
        """Whether its launcher, which outlives it by a moment, is gone."""
        return self._launcher.poll() is not None

    def last_words(self) -> str:
        """The end of what it printed."""
        size = os.fstat(self._words).st_size
        return os.pread(self._words, 2000, max(0, size - 2000)).decode(errors="replace").strip()

    def close(self) -> None:
        """Hang up; it ends, and with it all that is inside. Killed if it takes too long over it."""
        self._link.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._launcher.wait(timeout=2)
        self._launcher.kill()
        self._launcher.wait()
        os.close(self._words)


def host_pid(pidfd: int) -> int:
    """The process id behind a pidfd, as this process sees it; ProcessLookupError once it has been reaped."""
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:") and (pid := int(line.split()[1])) > 0:
            return pid
    raise ProcessLookupError(pidfd)
