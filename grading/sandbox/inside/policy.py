"""What the student's process may ask of the kernel: an allow-list, and tell-tales with a name.

Four answers, by syscall name:
- ALLOWED: what Python, NumPy and PyTorch need to compute, read their files, run threads and fork;
- BY_ARGUMENT: allowed for some values of one argument;
- FORBIDDEN: no numerical program ever asks for these. The call is held, the worker learns its category
  from the kernel (`Ending.forbidden`) and kills the process;
- anything else fails softly: REFUSED with EPERM (libraries probe them and go on), the rest with ENOSYS,
  which is what glibc expects of an old kernel and knows how to work round.

Names that an architecture lacks are skipped there.
"""

import errno
from collections.abc import Mapping
from dataclasses import dataclass

ALLOWED: tuple[str, ...] = tuple(
    """
    read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range
    open openat stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat
    getdents getdents64 statfs fstatfs dup dup2 dup3 pipe pipe2 fsync fdatasync fadvise64
    ftruncate truncate fallocate rename renameat renameat2 unlink unlinkat mkdir mkdirat rmdir
    chmod fchmod fchmodat utimensat umask chdir fchdir getcwd

    mmap munmap mremap mprotect madvise brk msync membarrier rseq
    futex set_robust_list get_robust_list set_tid_address arch_prctl
    fork vfork exit exit_group wait4 waitid
    getpid getppid gettid getpgrp getpgid getsid setsid setpgid kill tkill tgkill
    sched_yield sched_getaffinity sched_getparam sched_getscheduler
    sched_get_priority_max sched_get_priority_min getpriority
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend
    sigaltstack pause alarm setitimer getitimer restart_syscall

    poll ppoll select pselect6 eventfd2
    sendto recvfrom shutdown getsockname getpeername getsockopt

    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times
    getuid geteuid getgid getegid getresuid getresgid getgroups capget
    uname sysinfo getrandom getcpu getrlimit setrlimit prlimit64 getrusage
    """.split()  # noqa: SIM905 - a table, read as such
)
MEMORY_FILES: tuple[str, ...] = ("memfd_create",)
"""Pages of a file that is nowhere: fine where a cgroup counts them, unbounded where nobody does."""

REFUSED: tuple[str, ...] = tuple(
    """
    execve execveat flock chown fchown lchown fchownat link linkat symlink symlinkat mknod mknodat
    setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset
    setpriority sched_setaffinity sched_setscheduler sched_setparam sched_setattr ioprio_set
    socketpair setsockopt recvmsg setxattr lsetxattr fsetxattr personality
    shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl
    mq_open mq_unlink mlock mlock2 mlockall mbind set_mempolicy move_pages migrate_pages
    """.split()  # noqa: SIM905
)

FORBIDDEN: Mapping[str, tuple[str, ...]] = {
    "network": ("connect", "bind", "listen", "accept", "accept4"),
    "ptrace": (
        "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp",
    ),
    "mount": (
        "mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig",
        "fsmount", "fspick", "mount_setattr", "swapon", "swapoff", "quotactl", "fanotify_init",
    ),
    "file handle": ("name_to_handle_at", "open_by_handle_at"),
    "namespace": ("unshare", "setns"),
    "kernel": (
        "bpf", "perf_event_open", "userfaultfd", "kexec_load", "kexec_file_load", "init_module",
        "finit_module", "delete_module", "reboot", "iopl", "ioperm", "syslog", "acct", "vhangup",
        "sethostname", "setdomainname", "seccomp",
    ),
    "io_uring": ("io_uring_setup", "io_uring_enter", "io_uring_register"),
    "keyring": ("add_key", "request_key", "keyctl"),
    "clock": ("settimeofday", "clock_settime", "clock_adjtime", "adjtimex"),
}  # fmt: skip


@dataclass(frozen=True)
class ByArgument:
    """A syscall that is let through for some values of one 32-bit argument.

    With `values`, the argument must be one of them, or be `like` one; with `mask`, none of its bits may be
    set. Else the call is forbidden as `category`, or, where that is None, fails with `error`.
    """

    syscall: str
    argument: int
    values: tuple[int, ...] = ()
    mask: int = 0
    like: tuple[tuple[int, int], ...] = ()
    """Besides `values`: pairs of a mask and what the argument must be under it."""
    category: str | None = None
    error: int = errno.EPERM


_NEW_NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
_TERMINAL_QUESTIONS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS … FIONBIO, FIOCLEX
_HARMLESS_PRCTL = (3, 15, 16, 23, 38, 39)  # dumpable?, name, capability bounds?, no new privileges
_OF_THE_DESCRIPTOR = (0, 1, 2, 3, 4, 1030, 1032)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ: of the descriptor.
Locks, leases and notices are of the file, and the runtime's files are the same for all students: two who run
at one time could tell each other bits."""
AF_UNIX = 1
OPEN_FILES = 64
OPEN_FILES_ON_DEVICE = 256
"""CUDA has some forty descriptors of its own open."""
REPORT = OPEN_FILES_ON_DEVICE
"""The descriptor of the report has a number that no student can open, and others are sent over it alone. What
is sent and not yet received counts against the user, and that is the same for all students: one who left many
in the channel would keep the others' children from handing over their listener."""

BY_ARGUMENT: tuple[ByArgument, ...] = (
    ByArgument("clone", 0, mask=_NEW_NAMESPACES, category="namespace"),
    ByArgument("fcntl", 1, values=_OF_THE_DESCRIPTOR, error=errno.ENOLCK),
    ByArgument("ioctl", 1, values=_TERMINAL_QUESTIONS, error=errno.ENOTTY),
    ByArgument("prctl", 0, values=_HARMLESS_PRCTL),
    ByArgument("sendmsg", 0, values=(REPORT,)),
)
NVIDIA_QUESTIONS = (
    (0x0000FF00, 0x4600),  # 'F': what /dev/nvidiactl and /dev/nvidiaN are asked, of any number and size
    (0xFFFFFF00, 0),  # unified memory (/dev/nvidia-uvm) counts its own from 0 …
    (0xFFFFFFFC, 0x30000000),  # … but for the first and last question of a process
)
ON_DEVICE: tuple[ByArgument, ...] = (
    ByArgument("ioctl", 1, _TERMINAL_QUESTIONS, like=NVIDIA_QUESTIONS, error=errno.ENOTTY),
)
"""For a child that has a device, in the place of the rule of that name. A filter sees the request and not
the file that is asked; but no other file in the root answers to these. What else CUDA asks of the kernel is
allowed to all (it maps the device, polls, makes threads and event descriptors), or may fail: the socket of a
sharing daemon (MPS), which must stay out of reach, threads bound to processors, NUMA policies."""
UNIX_SOCKET_ERROR = errno.EACCES
"""glibc asks for a unix socket when it looks a user up: that fails softly, any other family tells."""


def category_of(names: Mapping[int, str], number: int) -> str:
    """The word for a held syscall; `names` is this machine's table."""
    name = names.get(number, "")
    for category, members in FORBIDDEN.items():
        if name in members:
            return category
    return {"clone": "namespace", "socket": "network"}.get(name, "syscall")
