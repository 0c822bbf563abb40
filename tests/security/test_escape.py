"""Attacks 31 to 41: a submission that climbs out of its root, its ids, its groups, its filter."""

import platform

import pytest

from .conftest import Untold, Wall, is_forbidden

pytestmark = pytest.mark.wall

on_x86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="the attack is machine code")

SYSCALL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def call(*arguments):
    done = libc.syscall(*[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    return done if done >= 0 else -ctypes.get_errno()
"""


def test_31_a_chroot_that_is_left_by_an_open_folder(wall: Wall) -> None:
    source = (
        SYSCALL
        + """
def ataque(f):
    os.mkdir("/tmp/jail")
    out = os.open("/", os.O_RDONLY)
    done = call(161, b"/tmp/jail")
    os.fchdir(out)
    for _ in range(40): os.chdir("..")
    return [done, sorted(os.listdir("."))]
"""
    )
    is_forbidden(wall.attack(source), lambda value: "program" in value[1])  # still in the wall's root


def test_31_a_mount_of_the_hosts_own_files(wall: Wall) -> None:
    source = (
        SYSCALL
        + """
def ataque(f):
    seen = []
    kinds = (b"proc", b"/tmp"), (b"sysfs", b"/tmp"), (b"tmpfs", b"/usr"), (b"cgroup2", b"/tmp")
    for kind, where in kinds:
        seen.append(call(165, b"none", where, kind, 0, None))
    seen.append(call(165, b"/", b"/tmp", None, 0x1000, None))
    seen.append(call(165, None, b"/", None, 0x20 | 0x1000, None))
    return seen
"""
    )
    is_forbidden(wall.attack(source), lambda value: all(done < 0 for done in value))


def test_32_a_user_namespace_with_all_rights_in_it(wall: Wall) -> None:
    source = (
        SYSCALL
        + """
def ataque(f):
    made = call(272, 0x10000000)
    mounted = call(272, 0x20000), call(165, b"none", b"/tmp", b"tmpfs", 0, None)
    host = call(170, b"mine", 4)
    return [made, *mounted, host]
"""
    )
    is_forbidden(wall.attack(source), lambda value: all(done < 0 for done in value))


def test_33_programs_that_give_rights_give_none_and_cannot_be_run(wall: Wall) -> None:
    """Some lie among the shared libraries of a distribution: utempter is one."""
    source = """
import os, stat, sys
def ataque(f):
    programs = ["/bin/sh", sys.executable, "/lib64/ld-linux-x86-64.so.2", "/usr/bin/su", "/proc/self/exe"]
    raising = []
    for folder, _, files in os.walk("/"):
        for path in (os.path.join(folder, name) for name in files):
            mode = os.lstat(path).st_mode
            if stat.S_ISREG(mode) and mode & (stat.S_ISUID | stat.S_ISGID):
                programs.append(path)
                if not os.statvfs(path).f_flag & os.ST_NOSUID: raising.append(path)
    with open("/tmp/own", "wb") as file: file.write(b"#!/bin/sh\\nid\\n")
    os.chmod("/tmp/own", 0o6755)
    memory = -1
    try:
        memory = os.memfd_create("own")
        os.write(memory, open(programs[2], "rb").read() if os.path.exists(programs[2]) else b"#!/bin/sh")
    except OSError: pass
    ran = []
    for program in [*programs, "/tmp/own", memory]:
        child = os.fork()
        if child == 0:
            os.close(3)
            try: os.execve(program, ["own", "--help"], {})
            except BaseException: os._exit(77)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 77: ran.append(program)
    return [raising, ran]
"""
    assert wall.attack(source, seconds=60, cpu_seconds=60)["value"] == [[], []]


def test_34_no_device_is_there_and_none_can_be_made(wall: Wall) -> None:
    source = (
        SYSCALL
        + """
import stat
def ataque(f):
    opened = []
    names = ["kmsg", "mem", "port", "kvm", "fuse", "tty", "console", "ptmx", "loop-control", "sda", "vda",
             "nvidia0", "nvidiactl", "nvidia-uvm", "dri/card0", "net/tun", "vhost-net", "userfaultfd", "full"]
    for name in names:
        try: os.close(os.open("/dev/" + name, os.O_RDWR)); opened.append(name)
        except OSError: pass
    for number, (major, minor) in enumerate(((1, 1), (1, 11), (10, 229), (10, 232), (8, 0), (195, 0))):
        device = os.makedev(major, minor)
        if call(133, f"/tmp/d{number}".encode(), stat.S_IFCHR | 0o666, device) == 0:
            try: os.close(os.open(f"/tmp/d{number}", os.O_RDWR)); opened.append((major, minor))
            except OSError: pass
    return opened
"""
    )
    assert wall.attack(source)["value"] == []


def test_34_the_devices_that_are_there_give_what_they_should(wall: Wall) -> None:
    source = """
import fcntl, os
def ataque(f):
    done = []
    for name in ("null", "zero", "random", "urandom"):
        fd = os.open("/dev/" + name, os.O_RDWR)
        for request in (0x5201, 0x5203, 0x5206, 0x5412, 0x80045200):  # entropy: ask, clear; type for others
            try: fcntl.ioctl(fd, request, bytes(64)); done.append((name, request))
            except OSError: pass
        changes = lambda: os.fchmod(fd, 0o000), lambda: os.utime(fd), lambda: os.unlink("/dev/" + name)
        for change in changes:
            try: change(); done.append((name, "changed"))
            except OSError: pass
    return done
"""
    assert wall.attack(source)["value"] == []


def test_35_the_workers_keyring_is_not_the_students(wall: Wall) -> None:
    """A process has the keyring of its session from its parents, whatever its ids and namespaces."""
    if not wall.ask("hide_a_key"):
        pytest.skip("this kernel, or this container, has no keyrings")
    source = (
        SYSCALL
        + """
def ataque(f):
    number = call(250, 10, -3, b"user", b"coursesite-key", 0)
    told = ctypes.create_string_buffer(64)
    length = call(250, 11, number, told, 64, 0) if number > 0 else 0
    return [number > 0, told.raw[:length].decode() if length > 0 else ""]
"""
    )
    is_forbidden(wall.attack(source), lambda value: value == [False, ""])


def test_39_no_control_group_can_be_seen_raised_or_left(wall: Wall) -> None:
    source = (
        SYSCALL
        + """
def ataque(f):
    found = []
    for folder, _, files in os.walk("/sys"):
        found += [os.path.join(folder, name) for name in files]
    for name in ("/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/cgroup.procs", "/proc/self/cgroup",
                 "/sys/fs/cgroup/memory.max", "../../sys/fs/cgroup", "/cgroup", "/dev/cgroup"):
        if os.path.lexists(name): found.append(name)
    number = call(435, bytes(24) + (0x200000000).to_bytes(8, "little") + bytes(56), 88)  # clone3 into a group
    if number == 0: os._exit(0)
    return [found, number < 0]
"""
    )
    found, refused = wall.attack(source)["value"]
    assert refused
    assert [name for name in found if "cgroup" in name] == []


def test_40_nothing_can_be_laid_in_the_scratch_for_who_comes_later(wall: Wall) -> None:
    source = (
        SYSCALL
        + """
def ataque(f):
    laid = []
    tries = {
        "symlink": lambda: os.symlink("/etc/shadow", "/tmp/a"),
        "link": lambda: os.link("/dev/null", "/tmp/b"),
        "fifo": lambda: os.mkfifo("/tmp/c"), "socket": lambda: os.mknod("/tmp/d", 0o140666),
        "device": lambda: os.mknod("/tmp/e", 0o20666, os.makedev(1, 1)),
        "climb": lambda: os.rename("/tmp/f", "/tmp/../../f"), "over": lambda: os.rename("/tmp/f", "/usr"),
        "whiteout": lambda: os.mknod("/tmp/g", 0o20000, 0),
        "xattr": lambda: os.setxattr("/tmp/f", "user.x", b"1"),
        "exchange": lambda: 1 / (call(316, -100, b"/tmp/f", -100, b"/dev/null", 2) == 0),
        "magic": lambda: os.open("/proc/self/root", os.O_RDONLY), "proc": lambda: os.open("/proc/1/cwd", 0),
    }
    for name, one in tries.items():
        open("/tmp/f", "w").close()
        try: one(); laid.append(name)
        except (OSError, ZeroDivisionError): pass
    return [laid, sorted(os.listdir("/tmp"))]
"""
    )
    assert wall.attack(source)["value"] == [[], ["f"]]


WRITES = """
import os
def ataque(f):
    import numpy
    package = os.path.dirname(numpy.__file__)
    site = os.path.dirname(package)
    done = []
    tries = {
        "new file": lambda: open(site + "/sitecustomize.py", "w"), "pth": lambda: open(site + "/x.pth", "w"),
        "append": lambda: open(numpy.__file__, "a"), "rename": lambda: os.rename(package, package + "2"),
        "unlink": lambda: os.unlink(numpy.__file__), "mode": lambda: os.chmod(numpy.__file__, 0o777),
        "time": lambda: os.utime(numpy.__file__), "cut": lambda: os.truncate(numpy.__file__, 0),
        "cache": lambda: os.makedirs(site + "/__pycache__"),
        "folder": lambda: os.mkdir(site + "/usercustomize"),
        "by descriptor": lambda: os.fchmod(os.open(numpy.__file__, os.O_RDONLY), 0o777),
        "mapped": lambda: __import__("mmap").mmap(os.open(numpy.__file__, os.O_RDWR), 4096),
        "program": lambda: open("/program/program.py", "a"), "root": lambda: open("/here", "w"),
        "libraries": lambda: os.unlink("/etc/ld.so.cache"),
        "preload": lambda: open("/etc/ld.so.preload", "w"),
    }
    for name, one in tries.items():
        try: one(); done.append(name)
        except OSError: pass
    return done
"""


def test_41_the_runtimes_packages_cannot_be_written(wall: Wall) -> None:
    assert wall.attack(WRITES)["value"] == []


@on_x86
def test_100_the_door_for_32_bit_programs_is_shut(wall: Wall) -> None:
    """int 0x80 has other numbers for the same calls, and a filter of numbers alone lets them pass."""
    source = """
import ctypes, mmap
def ataque(f):
    code = mmap.mmap(-1, 4096, prot=7)
    code.write(bytes.fromhex("53b814000000cd805bc3"))  # getpid by its old number
    entry = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    return entry()
"""
    outcome = wall.attack(source)
    if outcome["verdict"] == "passed" and outcome["value"] == 1:
        raise Untold(outcome)  # without the filter it is a call like any other
    assert outcome["verdict"] == "forbidden", outcome


def test_101_no_one_can_answer_for_the_one_who_watches_the_calls(wall: Wall) -> None:
    """A held call could be let go by whoever has the listener: it is closed, and its requests are refused."""
    source = (
        SYSCALL
        + """
import fcntl, threading
def ataque(f):
    found = []
    for fd in range(0, 1100):
        for request in (0xC0502100, 0xC0182101, 0x40082102, 0x40182103):
            try: fcntl.ioctl(fd, request, bytearray(80)); found.append(fd)
            except OSError: pass
    made = call(317, 1, 8, bytes(16))  # a filter with a listener of one's own
    return [found, made]
"""
    )
    is_forbidden(wall.attack(source), lambda value: value[0] == [] and value[1] < 0)


@pytest.mark.parametrize("who", ["threads", "children"])
def test_102_forbidden_calls_from_all_sides_at_once_end_it_at_once(wall: Wall, who: str) -> None:
    source = (
        SYSCALL
        + f"""
import threading, time
def ataque(f):
    def one():
        while True: call(165, b"none", b"/tmp", b"tmpfs", 0, None)
    if {who!r} == "threads":
        for _ in range(30): threading.Thread(target=one, daemon=True).start()
    else:
        for _ in range(30):
            if os.fork() == 0: one()
    time.sleep(30)
"""
    )
    outcome = wall.attack(source, seconds=20, cpu_seconds=20, memory_mb=512)  # stacks are address space, too
    if outcome["verdict"] != "forbidden":
        raise Untold(outcome)
    assert outcome["seconds"] < 10


def test_103_limits_once_set_cannot_be_raised(wall: Wall) -> None:
    source = """
import os, resource
def ataque(f):
    raised = []
    for name in ("CPU", "NPROC", "NOFILE", "CORE", "FSIZE", "MEMLOCK", "MSGQUEUE", "STACK"):
        kind = getattr(resource, "RLIMIT_" + name, 12)
        soft, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY: raised.append((name, "unlimited"))
        for more in (hard + 1, resource.RLIM_INFINITY):
            try: resource.setrlimit(kind, (more, more)); raised.append(name)
            except (OSError, ValueError): pass
    changes = [lambda: os.nice(-5), lambda: os.sched_setaffinity(0, range(64)),
               lambda: os.setpriority(os.PRIO_USER, 0, -20),
               lambda: os.sched_setscheduler(0, 1, os.sched_param(9))]
    for change in changes:
        try: change(); raised.append("priority")
        except OSError: pass
    try: open("/proc/self/oom_score_adj", "w").write("-1000"); raised.append("oom")
    except OSError: pass
    return raised
"""
    assert wall.attack(source)["value"] == []


def test_104_what_is_left_of_the_wall_in_memory_opens_nothing(wall: Wall) -> None:
    """The functions that built the wall are on the stack below; called again they do nothing."""
    source = """
import gc, os, sys
def ataque(f):
    frame, found, done = sys._getframe(), {}, []
    while frame is not None:
        found.update(frame.f_globals)
        found.update(frame.f_locals)
        frame = frame.f_back
    for number in range(4, 1200):
        try: os.fstat(number); done.append(number)
        except OSError: pass
    texts = [o for o in gc.get_objects() if isinstance(o, str) and "other student" in o]
    try: found["kernel"].clone_tree("/"); done.append("mount")
    except OSError: pass
    return [done, len(texts)]
"""
    is_forbidden(wall.attack(source), lambda value: value == [[], 0])
