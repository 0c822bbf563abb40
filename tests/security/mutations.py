"""The wall with a layer switched off: a copy of `grading/sandbox/inside` with a line changed, for one worker.

The zygote loads what is inside from a folder; a worker of the tests points it at a copy. So nothing of the
product can be switched off: there is no setting, and this file is not part of it. Each change names text
that must be there, once: a wall that was rewritten makes a mutation fail, not pass.

    ./dev test security --without landlock          the attacks, with that layer off
    ./dev test security --without landlock,session  with both
    ./dev test mutations                            every layer in turn, and the table of docs/security.md
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grading.sandbox import zygotes
from grading.sandbox.interface import Limits, Metering

Change = tuple[str, str, str]
"""File of `inside`, the text there, and what stands there instead."""


def _without_step(name: str) -> Change:
    return ("steps.py", f"\n    {name},\n", "\n")


@dataclass(frozen=True)
class Mutation:
    """A layer that can be switched off. `metering` replaces how the worker holds a process to its limits."""

    layer: str
    changes: tuple[Change, ...] = ()
    metering: Callable[[], Metering] | None = None


class Unmetered:
    """A meter that holds nothing: what a student takes, it has."""

    def stand_by(self, memory_bytes: int) -> None: ...

    def enter(self, pid: int) -> None: ...

    def bound(self, limits: Limits) -> None: ...

    def cpu_seconds(self) -> float:
        return 0.0

    def peak_memory(self) -> int:
        return 0

    def out_of_memory(self) -> bool:
        return False

    def kill(self) -> None: ...

    def give_back(self) -> None: ...


def _unmetered() -> Metering:
    return Metering("nothing", coarse=False, tick=0.05, take=Unmetered, close=lambda: None)


_CHILD_SPACES = "kernel.unshare(kernel.NEWUSER | others)"


def _without_space(flag: str) -> tuple[Change, ...]:
    """Neither the zygote nor the student has a namespace of this kind: the host's is in sight."""
    return (
        ("steps.py", f" | kernel.{flag}", ""),
        ("launcher.py", f" | kernel.{flag}", ""),
    )


MUTATIONS: dict[str, Mutation] = {
    one.layer: one
    for one in (
        Mutation("seccomp", (_without_step("seccomp"),)),
        Mutation(
            "user",  # the student's own; the zygote's is what the wall is built in
            (("steps.py", _CHILD_SPACES, "kernel.unshare(others)"), _without_step("own_identity")),
        ),
        Mutation("mount", (("steps.py", "kernel.NEWNS | kernel.NEWNET", "kernel.NEWNET"),)),
        Mutation("net", _without_space("NEWNET")),
        Mutation("ipc", _without_space("NEWIPC")),
        Mutation("uts", (*_without_space("NEWUTS"), ("launcher.py", '    socket.sethostname("wall")\n', ""))),
        Mutation(
            "pid",  # the student's own: it stands among the others in the zygote's
            (
                ("zygote.py", "        kernel.unshare(kernel.NEWPID)\n", ""),
                ("zygote.py", "kernel.setns(self.own_pid_namespace, kernel.NEWPID)", "pass"),
            ),
        ),
        Mutation("cgroup", metering=_unmetered),
        Mutation("capabilities", (_without_step("drop_capabilities"),)),
        Mutation("no_new_privs", (_without_step("no_new_privileges"),)),
        Mutation(
            "read-only",
            (
                ("root.py", "_FILES = kernel.RDONLY | kernel.NOSUID", "_FILES = kernel.NOSUID"),
                ("root.py", "_REMOUNT | kernel.MS_RDONLY | kernel.MS_NOSUID", "_REMOUNT | kernel.MS_NOSUID"),
            ),
        ),
        Mutation(
            "covered /proc",
            (("root.py", "(SCRATCH, *FOR_IMPORTS):\n        _cover", "(SCRATCH,):\n        _cover"),),
        ),
        Mutation("landlock", (_without_step("landlock"),)),
        Mutation(
            "rlimits",
            (
                _without_step("fixed_limits"),
                ("steps.py", "        own_limits(walled, json.loads(word))\n", ""),
            ),
        ),
        Mutation(
            "only_descriptors",
            (
                ("steps.py", "    os.closerange(CHANNEL + 1, REPORT)\n", ""),
                ("steps.py", "    os.closerange(REPORT + 1, 1 << 20)\n", ""),
            ),
        ),
        Mutation("session", (_without_step("own_session"),)),
        Mutation("oom_score_adj", (_without_step("first_to_go"),)),
        Mutation("fresh_randomness", (_without_step("fresh_randomness"),)),
        Mutation("keyring", (("launcher.py", "        kernel.new_session_keyring()\n", "        pass\n"),)),
        Mutation("dumpable", (_without_step("no_core_dumps"),)),
    )
}


def apply(layers: list[str]) -> list[Mutation]:
    """Point the zygotes of this process at a copy of the inside without these layers."""
    chosen = [MUTATIONS[layer] for layer in layers]
    if changes := [change for one in chosen for change in one.changes]:
        folder = Path(tempfile.mkdtemp(prefix="mutant-"))
        atexit.register(shutil.rmtree, folder)
        folder.chmod(0o755)
        inside = Path(shutil.copytree(zygotes.INSIDE, folder / "inside"))
        for file, there, instead in changes:
            text = (inside / file).read_text()
            if text.count(there) != 1:
                raise ValueError(f"{file}: {text.count(there)} times {there!r}; it has to be once")
            (inside / file).write_text(text.replace(there, instead))
        zygotes.INSIDE = inside
    return chosen
