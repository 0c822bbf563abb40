"""seccomp profiles for containers around the wall, from the same tables as the students' own filter.

The kernel asks every filter and takes the strictest answer, and an error is stricter than a held call. So
what the inner filter holds and tells by name must pass here, or the verdict loses its word; the calls that
neither a worker nor a zygote ever makes kill at once, and then all that can be told is "syscall".
"""

from collections.abc import Iterable, Mapping

from .inside import policy

NEEDED_TO_BUILD = frozenset(
    """
    unshare setns mount umount2 pivot_root open_tree move_mount mount_setattr sethostname seccomp keyctl
    """.split()  # noqa: SIM905
)
"""Forbidden to students, but what the wall is built with."""
_SOFT = ("accept", "accept4", "bind", "listen", "connect")
_ZYGOTE = """
    socket prctl capset execve clone fcntl ioctl sched_setaffinity socketpair setsockopt sendmsg recvmsg
    setsid pidfd_open pidfd_send_signal landlock_create_ruleset landlock_add_rule landlock_restrict_self
    epoll_create1 epoll_ctl epoll_wait epoll_pwait symlink symlinkat setgroups setresuid setresgid
    """.split()  # noqa: SIM905
_WORKER = """
    epoll_create epoll_pwait2 eventfd inotify_init1 inotify_add_watch inotify_rm_watch signalfd4
    timerfd_create timerfd_settime timerfd_gettime timer_create timer_settime timer_delete
    recvmmsg sendmmsg sendfile splice tee copy_file_range
    sync syncfs sync_file_range flistxattr listxattr llistxattr getxattr lgetxattr fgetxattr fchmodat2
    utime utimes creat faccessat2 getpgid mincore readahead get_mempolicy getitimer
    sched_getattr sched_rr_get_interval ioprio_get sysfs ustat
    """.split()  # noqa: SIM905
_ENOSYS = 38

Rule = dict[str, object]


def killed() -> tuple[str, ...]:
    """Calls that end whoever makes them: those forbidden to students that the wall itself can do without."""
    names = (name for one, members in policy.FORBIDDEN.items() if one != "network" for name in members)
    return tuple(name for name in names if name not in NEEDED_TO_BUILD)


def for_zygote() -> Mapping[str, object]:
    """Around a container that holds a zygote: what Python computes with and the wall is built with."""
    return _profile([*policy.ALLOWED, *policy.MEMORY_FILES, *NEEDED_TO_BUILD, *_SOFT, *_ZYGOTE])


def for_worker() -> Mapping[str, object]:
    """Around a container that holds a whole worker: also what a server and its entry point call."""
    return _profile(
        [*policy.ALLOWED, *policy.MEMORY_FILES, *policy.REFUSED, *NEEDED_TO_BUILD, *_SOFT, *_ZYGOTE, *_WORKER]
    )


def _profile(allowed: Iterable[str]) -> Mapping[str, object]:
    """In the words that OCI runtimes and engines share. What is unknown fails as on an older kernel."""
    rules: list[Rule] = [
        {"names": sorted(set(allowed)), "action": "SCMP_ACT_ALLOW"},
        {"names": sorted(killed()), "action": "SCMP_ACT_KILL_PROCESS"},
        {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": _ENOSYS},
    ]
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": _ENOSYS,
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
        "syscalls": rules,
    }
