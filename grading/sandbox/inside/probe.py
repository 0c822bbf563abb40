"""Tries the layers of the wall one by one and prints what it found as JSON: the doctor's eyes."""

import json
import os
import platform
from collections.abc import Callable

from . import bpf, kernel


def main() -> None:
    """Each try runs in a process of its own, for most cannot be undone."""
    tries: dict[str, Callable[[], None]] = {
        "user": lambda: kernel.unshare(kernel.NEWUSER),
        "mount": lambda: _after_user(_mount),
        "pid": lambda: _after_user(lambda: kernel.unshare(kernel.NEWPID)),
        "net": lambda: _after_user(lambda: kernel.unshare(kernel.NEWNET)),
        "ipc": lambda: _after_user(lambda: kernel.unshare(kernel.NEWIPC | kernel.NEWUTS)),
        "seccomp": lambda: _filter(listener=False),
        "listener": lambda: _filter(listener=True),
    }
    found: dict[str, object] = {name: _errno_of(one) for name, one in tries.items()}
    found["landlock"] = kernel.landlock_version()
    found["kernel"] = platform.release()
    print(json.dumps(found))


def _after_user(step: Callable[[], None]) -> None:
    kernel.unshare(kernel.NEWUSER)
    step()


def _mount() -> None:
    kernel.unshare(kernel.NEWNS)
    kernel.mount("", "/", kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", "/tmp", kernel.MS_NOSUID | kernel.MS_NODEV)  # noqa: S108 - in our own namespace
    kernel.restrict_tree(kernel.clone_tree("/tmp"), kernel.RDONLY)  # noqa: S108


def _filter(*, listener: bool) -> None:
    kernel.no_new_privileges()
    kernel.seccomp(bpf.program(listener=listener), listener=listener)


def _errno_of(step: Callable[[], None]) -> int:
    """0 if the step can be taken here, else why not."""
    child = os.fork()
    if child == 0:
        try:
            step()
            os._exit(0)
        except OSError as error:
            os._exit(error.errno or 255)
        finally:
            os._exit(255)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
