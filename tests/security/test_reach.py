"""Attacks 22 to 30 and their kin: a submission that reaches for what is outside."""

import errno
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import SECRET, Untold, Wall, is_forbidden

pytestmark = pytest.mark.wall

SYSCALL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def ataque(f):
    done = libc.syscall({arguments})
    return [done, ctypes.get_errno(), os.getpid() == 1]
"""
ON_ITSELF = ("29 process_vm_readv", "29 process_vm_writev", "35 keyctl", "35 add_key")
"""Aimed at process 1, which in a pid namespace of one's own is oneself, or at a keyring that may be empty."""


REACH = """
import os, socket
def ataque(f):
    try:
        {reach}
        return "reached"
    except OSError as error:
        if isinstance(error, socket.gaierror): return "nobody answers"
        return os.strerror(error.errno)
"""


@pytest.fixture
def host_server() -> Iterator[int]:
    """A port of the host on which somebody listens."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    "reach",
    [
        "socket.create_connection(('127.0.0.1', {port}))",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 53))",
        "socket.socket(socket.AF_INET6, socket.SOCK_STREAM).connect(('::1', {port}))",
        "socket.getaddrinfo('example.org', 80)",
        "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3)",
        "socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).connect((2, 9))",
        "assert len(socket.if_nameindex()) > 1",
    ],
    ids=["tcp", "udp", "tcp6", "dns", "packet", "vsock", "netlink"],
)
def test_22_the_network_is_forbidden(wall: Wall, host_server: int, reach: str) -> None:
    source = REACH.format(reach=reach.format(port=host_server))
    is_forbidden(wall.attack(source), lambda value: value != "reached")


@pytest.fixture
def host_sockets() -> Iterator[list[str]]:
    """Two unix sockets that listen on the host, by a path and by an abstract name."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as one:
        Path(folder).chmod(0o755)
        one.bind(f"{folder}/s")
        Path(folder, "s").chmod(0o777)
        one.listen()
        with socket.socket(socket.AF_UNIX) as other:
            other.bind("\0coursesite-attack-23")
            other.listen()
            yield [f"{folder}/s", "\0coursesite-attack-23"]


def test_23_unix_sockets_of_the_host_are_absent(wall: Wall, host_sockets: list[str]) -> None:
    names = [*host_sockets, "/var/run/docker.sock", "/run/redis.sock", "/var/run/postgresql/.s.PGSQL.5432"]
    source = f"""
import os, socket
def ataque(f):
    reached = []
    for name in {names!r}:
        try:
            socket.socket(socket.AF_UNIX).connect(name)
            reached.append(name)
        except OSError: pass
        if os.path.exists(name.strip("\\0")): reached.append(name)
    return reached
"""
    assert wall.attack(source)["value"] == []


def test_24_files_of_the_host_are_absent(wall: Wall) -> None:
    root = Path(__file__).parents[2]
    names = [
        "/etc/shadow", "/etc/passwd", "/etc/hostname", "/root/.bashrc", "/home", "/var", "/run", "/boot",
        "/usr/bin", "/bin/sh", str(root / "manage.py"), str(root / "coursesite"), str(root / ".env"),
        str(root / "grading" / "judge"), str(root / "courses"), str(root / ".git"), str(root / "var"),
    ]  # fmt: skip
    source = f"""
import os
def ataque(f):
    seen = [name for name in {names!r} if os.path.lexists(name)]
    climbed = os.path.exists("../" * 40 + "etc/shadow")
    return [seen, climbed, sorted(os.listdir("/etc")), os.listdir("/tmp")]
"""
    seen, climbed, etc, scratch = wall.attack(source)["value"]
    assert (seen, climbed, scratch) == ([], False, [])
    assert set(etc) <= {"ld.so.cache"}


def test_24_nothing_in_sight_is_writable_but_the_scratch(wall: Wall) -> None:
    source = """
import os
def ataque(f):
    could = []
    for folder, _, files in os.walk("/"):
        if folder.startswith("/tmp"): continue
        for path in [os.path.join(folder, "new")] + [os.path.join(folder, name) for name in files[:3]]:
            if path.startswith("/dev/"): continue
            try: os.close(os.open(path, os.O_WRONLY | os.O_CREAT)); could.append(path)
            except OSError: pass
    return could
"""
    assert wall.attack(source, seconds=20, cpu_seconds=20)["value"] == []


def test_24_packages_of_another_environment_are_absent(wall: Wall) -> None:
    source = """
import os
def ataque(f):
    library = os.path.dirname(os.__file__)
    folders = [os.path.join(library, name) for name in ("site-packages", "dist-packages")]
    return [os.listdir(folder) for folder in folders if os.path.exists(folder)]
"""
    assert not any(wall.attack(source)["value"])


def test_25_proc_and_sys_are_empty(wall: Wall) -> None:
    """But for a link where a library looks for the name of what runs; it leads to the program's folder."""
    source = """
import os
def ataque(f):
    names = ["/proc/1/environ", "/proc/self/mem", "/proc/kcore", "/proc/sysrq-trigger",
             "/sys/kernel", "/sys/fs/cgroup", "/dev/kmsg", "/dev/mem", "/dev/kvm", "/dev/fuse", "/dev/shm"]
    there = [name for name in names if os.path.exists(name)]
    left = [os.listdir("/proc"), os.listdir("/proc/self"), os.path.isdir("/proc/self/exe")]
    return [left, os.listdir("/sys"), there, sorted(os.listdir("/dev"))]
"""
    left = [["self"], ["exe"], True]
    assert wall.attack(source)["value"] == [left, [], [], ["null", "random", "urandom", "zero"]]


def test_26_the_environment_holds_nothing(wall: Wall) -> None:
    source = """
import ctypes, os
def ataque(f):
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    stack = ctypes.string_at(ctypes.addressof(ctypes.c_char_p.in_dll(ctypes.CDLL(None), "environ")), 8)
    return [dict(os.environ), bool(environ) and environ[0] is not None]
"""
    outcome = wall.attack(source)
    assert outcome["value"] == [{}, False]
    assert SECRET not in str(outcome)


def test_27_the_only_descriptors_are_null_the_output_and_the_channel(wall: Wall) -> None:
    source = """
import os, stat
def ataque(f):
    kinds = {}
    for number in range(4096):
        try: kinds[number] = stat.filemode(os.fstat(number).st_mode)[0]
        except OSError: pass
    return [kinds, os.readlink("/proc/self/fd/0") if os.path.exists("/proc/self/fd/0") else ""]
"""
    kinds, link = wall.attack(source)["value"]
    assert kinds == {"0": "c", "1": "p", "2": "p", "3": "s"}
    assert link == ""


TELL_TALES = {
    "28 ptrace": "101, 16, 1, 0, 0",
    "29 process_vm_readv": "310, 1, 0, 0, 0, 0, 0",
    "29 process_vm_writev": "311, 1, 0, 0, 0, 0, 0",
    "29 pidfd_getfd": "438, 3, 0, 0",
    "31 mount": "165, b'none', b'/tmp', b'tmpfs', 0, 0",
    "31 pivot_root": "155, b'.', b'.'",
    "31 chroot": "161, b'/tmp'",
    "31 open_by_handle_at": "304, 3, 0, 0",
    "31 open_tree": "428, -100, b'/', 1",
    "32 unshare a user namespace": "272, 0x10000000",
    "32 clone into a user namespace": "56, 0x10000011, 0, 0, 0, 0",
    "32 setns": "308, 3, 0",
    "35 keyctl": "250, 0, -3, 0",
    "35 add_key": "248, b'user', b'x', b'x', 1, -3",
    "36 io_uring_setup": "425, 8, 0",
    "37 bpf": "321, 0, 0, 0",
    "37 perf_event_open": "298, 0, 0, -1, -1, 0",
    "37 userfaultfd": "323, 0",
    "38 init_module": "175, 0, 0, b''",
    "38 kexec_load": "246, 0, 0, 0, 0",
    "38 reboot": "169, 0xfee1dead, 672274793, 0x1234567, 0",
    "44 clock_settime": "227, 0, 0",
    "44 adjtimex": "159, 0",
    "x32 call": "0x40000000 + 39",
}


@pytest.mark.parametrize("name", TELL_TALES)
def test_28_to_44_calls_that_no_program_needs_are_forbidden(wall: Wall, name: str) -> None:
    outcome = wall.attack(SYSCALL.format(arguments=TELL_TALES[name]))
    is_forbidden(outcome, lambda value: value[0] < 0 or (name in ON_ITSELF and value[2]))


QUIET = {
    "clone3": "435, 0, 88",
    "execve": "59, b'/bin/sh', 0, 0",
    "setuid": "105, 0",
    "mknod": "133, b'/tmp/null', 0o20666, 259",
    "symlink": "88, b'/etc/shadow', b'/tmp/link'",
    "socketpair": "53, 1, 1, 0, 0",
    "an unknown call": "600",
}


@pytest.mark.parametrize("arguments", QUIET.values(), ids=QUIET.keys())
def test_calls_that_libraries_probe_fail_softly(wall: Wall, arguments: str) -> None:
    outcome = wall.attack(SYSCALL.format(arguments=arguments))
    if outcome["verdict"] != "passed":
        raise Untold(outcome)
    done, error, _ = outcome["value"]
    assert done == -1, outcome
    if error not in (errno.EPERM, errno.ENOSYS):
        raise Untold(outcome)


def test_42_nothing_is_left_for_the_next_student(wall: Wall) -> None:
    source = """
import os
def ataque(f):
    before = os.listdir("/tmp")
    open("/tmp/left", "w").write("x")
    return before
"""
    assert [wall.attack(source)["value"] for _ in range(2)] == [[], []]


def test_43_a_daemon_does_not_outlive_its_parent(wall: Wall) -> None:
    source = """
import os, time
def ataque(f):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.close(3)
            while True: time.sleep(1)
        os._exit(0)
    return "left one behind"
"""
    assert wall.attack(source)["verdict"] == "passed"  # the footprint after it is what counts


def test_47_two_students_draw_different_numbers(wall: Wall) -> None:
    source = """
import os, random
import numpy as np
TOP = np.random.default_rng().integers(1 << 60), os.urandom(8).hex(), random.SystemRandom().random()
def ataque(f): return [int(TOP[0]), TOP[1], TOP[2]]
"""
    first, second = (wall.attack(source, seed=seed)["value"] for seed in (7, 8))
    assert all(one != other for one, other in zip(first, second, strict=True))
