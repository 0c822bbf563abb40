"""The kernel calls that Python lacks, by ctypes: each raises OSError, none decides anything."""

import array
import ctypes
import os
import socket
from collections.abc import Sequence

from .syscalls import numbers

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_NUMBERS = numbers()
_NULL = ctypes.c_void_p(None)

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x20000,
    0x4000000,
    0x8000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
RDONLY, NOSUID, NODEV, NOEXEC = 1, 2, 4, 8  # the same four as mount attributes
_AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE, _MNT_DETACH = -100, 0x1000, 0x8000, 2
_OPEN_TREE_CLONE, _OPEN_TREE_CLOEXEC, _MOVE_FROM_EMPTY = 1, os.O_CLOEXEC, 4
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECUREBITS = 1, 4, 28
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 24, 38, 47
_ALL_SECUREBITS = 0b11101111  # no root fixups, no kept or ambient capabilities, each locked
_LANDLOCK_VERSION, _PATH_BENEATH = 1, 1


def call(name: str, *arguments: object) -> int:
    """The raw syscall `name`; -1 is raised as OSError."""
    wide = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result: int = _libc.syscall(ctypes.c_long(_NUMBERS[name]), *wide)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), name)
    return result


def unshare(namespaces: int) -> None:
    """Leave the given namespaces for new ones; NEWPID counts from the next fork on."""
    call("unshare", namespaces)


def setns(descriptor: int, namespace: int) -> None:
    """Enter a namespace by its descriptor."""
    call("setns", descriptor, namespace)


def new_session_keyring() -> None:
    """Leave the keyring of the session for an empty one."""
    call("keyctl", 1, _NULL, 0, 0, 0)


def mount(kind: str, target: str, flags: int, options: str = "") -> None:
    """Mount a file system that has no source; an empty `kind` changes what is there."""
    call("mount", b"none", target.encode(), kind.encode() or _NULL, flags, options.encode())


def clone_tree(path: str) -> int:
    """A detached copy of the mount that `path` lies in, from there down: a bind mount not yet placed."""
    flags = _OPEN_TREE_CLONE | _OPEN_TREE_CLOEXEC | _AT_RECURSIVE
    return call("open_tree", _AT_FDCWD, path.encode(), flags)


def restrict_tree(descriptor: int, attributes: int) -> None:
    """Set mount attributes on a mount and all beneath it."""
    fields = array.array("Q", [attributes, 0, 0, 0]).tobytes()
    call("mount_setattr", descriptor, b"", _AT_EMPTY_PATH | _AT_RECURSIVE, fields, len(fields))


def place_tree(descriptor: int, target: str) -> None:
    """Attach a detached mount at `target`."""
    call("move_mount", descriptor, b"", _AT_FDCWD, target.encode(), _MOVE_FROM_EMPTY)


def enter_root(new_root: str) -> None:
    """Make `new_root` (a mount) the root, and let go of everything that was there before."""
    os.chdir(new_root)
    call("pivot_root", b".", b".")
    call("umount2", b".", _MNT_DETACH)
    os.chdir("/")


def die_with_parent() -> None:
    """SIGKILL when the parent thread ends."""
    call("prctl", _PR_SET_PDEATHSIG, 9, 0, 0, 0)


def allow_proc_files() -> None:
    """Own the files of /proc/self again: a change of user id had given them to root."""
    call("prctl", _PR_SET_DUMPABLE, 1, 0, 0, 0)


def no_core_dumps() -> None:
    """Not to a file, nor to a helper of the host (which a core size limit of 0 would still feed)."""
    call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def drop_capabilities() -> None:
    """All of them, from every set, for good."""
    call("prctl", _PR_CAP_AMBIENT, 4, 0, 0, 0)
    call("prctl", _PR_SET_SECUREBITS, _ALL_SECUREBITS, 0, 0, 0)
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
            break  # past the last one that this kernel knows
    header, nothing = array.array("I", [0x20080522, 0]).tobytes(), bytes(24)
    call("capset", header, nothing)


def no_new_privileges() -> None:
    """No exec gains anything from now on; seccomp and Landlock ask for it."""
    call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def landlock_version() -> int:
    """The ABI that the kernel offers, 0 for none."""
    try:
        return call("landlock_create_ruleset", _NULL, 0, _LANDLOCK_VERSION)
    except OSError:
        return 0


def landlock(handled: Sequence[int], beneath: Sequence[tuple[str, int]]) -> None:
    """Deny what `handled` names (file system, network, scopes) but for the rights given beneath paths."""
    fields = array.array("Q", handled).tobytes()
    ruleset = call("landlock_create_ruleset", fields, len(fields), 0)
    for path, rights in beneath:
        directory = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = array.array("Q", [rights]).tobytes() + array.array("i", [directory]).tobytes()
        call("landlock_add_rule", ruleset, _PATH_BENEATH, rule, 0)
        os.close(directory)
    call("landlock_restrict_self", ruleset, 0)
    os.close(ruleset)


def seccomp(program: bytes, *, listener: bool) -> int:
    """Install the filter on this thread; returns the listener's descriptor, or 0 without one."""
    buffer = ctypes.create_string_buffer(program, len(program))
    fprog = array.array("Q", [len(program) // 8, ctypes.addressof(buffer)]).tobytes()
    return call("seccomp", 1, 8 if listener else 0, fprog)


def send(link: socket.socket, payload: bytes, descriptors: Sequence[int] = ()) -> None:
    """One message with descriptors."""
    socket.send_fds(link, [payload], descriptors)


def receive(link: socket.socket, size: int = 65536) -> tuple[bytes, list[int]]:
    """One message and its descriptors, close-on-exec; an empty one means that the other end is gone."""
    payload, descriptors, _, _ = socket.recv_fds(link, size, 8, socket.MSG_CMSG_CLOEXEC)
    return payload, descriptors
