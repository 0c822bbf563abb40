"""From a fresh interpreter to a sealed zygote: each step one change of what this process is and sees.

Two orders of the same steps. As root the root is laid out first, while every path can be read and
mounted, and all that root means is then given up for a user namespace of an unused user id. An ordinary
user has no say over mounts before that namespace exists, so there it comes first. Either way no process
with power over the host is left behind.
"""

import contextlib
import json
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import kernel, root, zygote
from .steps import INSIDE_ID


@dataclass
class Launch:
    """What the worker said about this runtime, and the link to it."""

    link: socket.socket
    preload: list[str]
    program: str
    entry: str
    hooks: dict[str, str]
    privileged: bool
    device: dict[str, Any] | None
    """`nodes`, `libraries`, `shows`, `variables`: see `Device` in grading/sandbox/interface.py."""


def main(where: str) -> None:
    """Take the runtime's description from the link and become its zygote; faults are told, then the end."""
    link = _connected(where)
    payload, _ = kernel.receive(link)
    launch = Launch(link=link, **json.loads(payload))
    for step in AS_ROOT if launch.privileged else AS_USER:
        try:
            step(launch)
        except Exception as error:
            fault = {"fault": step.__name__, "errno": getattr(error, "errno", None), "text": str(error)}
            link.send(json.dumps(fault).encode())
            os._exit(1)


def own_keyring(_: Launch) -> None:
    """An empty one: all inside would have the worker's. Some containers have none to give, nor to lose."""
    with contextlib.suppress(OSError):
        kernel.new_session_keyring()


def _connected(where: str) -> socket.socket:
    """The link: inherited, or dialled where no descriptor comes through, as into a container."""
    if where.isdigit():
        return socket.socket(fileno=int(where))
    link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    link.connect(where)
    nothing = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
    os.dup2(nothing, 0)  # container runtimes leave a pipe to themselves there
    os.close(nothing)
    return link


def own_mount_namespace(_: Launch) -> None:
    """First of all for root: what follows changes mounts, and must not change the host's."""
    kernel.unshare(kernel.NEWNS)


def own_user_namespace(launch: Launch) -> None:
    """Power over our own namespaces only. Another user's id is mapped by the worker, one's own by oneself."""
    if not launch.privileged:
        outside = os.geteuid(), os.getegid()
        kernel.unshare(kernel.NEWUSER)
        _map_own_ids(*outside)
        return
    os.setgroups([])  # denied from here on
    kernel.unshare(kernel.NEWUSER)
    launch.link.send(json.dumps({"map": INSIDE_ID}).encode())
    if not kernel.receive(launch.link)[0]:
        os._exit(1)
    os.setresgid(INSIDE_ID, INSIDE_ID, INSIDE_ID)
    os.setresuid(INSIDE_ID, INSIDE_ID, INSIDE_ID)
    kernel.allow_proc_files()


def _map_own_ids(user: int, group: int) -> None:
    """Groups are denied first: the kernel asks for it, and children inherit it."""
    place = Path("/proc/self")
    (place / "setgroups").write_text("deny")
    (place / "uid_map").write_text(f"{INSIDE_ID} {user} 1")
    (place / "gid_map").write_text(f"{INSIDE_ID} {group} 1")


def read_only_root(launch: Launch) -> None:
    """Before the imports, so that what is imported, now or later, is what the student can see."""
    device = launch.device or {}
    root.build(root.plan(launch.program, device.get("nodes", ()), device.get("libraries", ())))
    sys.path[:] = [root.shown_at(one) for one in sys.path]


def other_namespaces(_: Launch) -> None:
    """Owned by the user namespace: mounts copied into it are locked, and its pid 1 can have inner ones."""
    kernel.unshare(kernel.NEWNS | kernel.NEWPID | kernel.NEWNET | kernel.NEWIPC | kernel.NEWUTS)
    socket.sethostname("wall")


def become_zygote(launch: Launch) -> None:
    """The new pid namespace begins with a fork: pid 1 serves, we wait. When either ends, all inside ends."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        launch.link.close()
        os.waitpid(child, 0)
        os._exit(0)
    kernel.die_with_parent()
    zygote.serve(
        launch.link,
        launch.preload,
        launch.program,
        launch.entry,
        zygote.Hooks(**launch.hooks),
        zygote.Device(**launch.device) if launch.device else None,
    )
    os._exit(0)


AS_ROOT: tuple[Callable[[Launch], None], ...] = (
    own_keyring,
    own_mount_namespace,
    read_only_root,
    own_user_namespace,
    other_namespaces,
    become_zygote,
)
AS_USER: tuple[Callable[[Launch], None], ...] = (
    own_keyring,
    own_user_namespace,
    own_mount_namespace,
    read_only_root,
    other_namespaces,
    become_zygote,
)
