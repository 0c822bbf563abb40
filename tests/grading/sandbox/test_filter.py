"""The seccomp program, run by an interpreter of its language: each policy line holds on both machines."""

import errno
import struct
from collections.abc import Iterable

import pytest

from grading.sandbox.inside import bpf, policy, syscalls

MACHINES = ["x86_64", "aarch64"]
ALLOW, HELD, KILL = 0x7FFF0000, 0x7FC00000, 0x80000000
EPERM, ENOSYS = 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS


def answer(machine: str, call: str | int, arguments: Iterable[int] = (), **options: bool) -> int:
    """What the filter for `machine` returns for one syscall, by name or by number."""
    number = syscalls.numbers(machine)[call] if isinstance(call, str) else call
    return run(
        bpf.program(machine=machine, **options), number, arguments, syscalls.audit_architecture(machine)
    )


def run(code: bytes, number: int, arguments: Iterable[int], architecture: int) -> int:
    """Classic BPF, as far as the filter uses it."""
    words = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("=IIQ6Q", number, architecture, 0, *words)
    steps = list(struct.iter_unpack("=HBBI", code))
    at = value = 0
    while True:
        operation, if_true, if_false, k = steps[at]
        at += 1
        if operation == 0x20:  # load
            (value,) = struct.unpack_from("=I", data, k)
        elif operation == 0x06:  # return
            return int(k)
        elif operation == 0x05:  # jump
            at += k
        elif operation == 0x54:  # and
            value &= k
        else:
            holds = {0x15: value == k, 0x35: value >= k, 0x45: bool(value & k)}[operation]
            at += if_true if holds else if_false


@pytest.mark.parametrize("machine", MACHINES)
def test_every_name_of_the_policy_gets_its_answer(machine: str) -> None:
    table = syscalls.numbers(machine)
    for name in policy.ALLOWED:
        assert name not in table or answer(machine, name) == ALLOW, name
    for name in policy.REFUSED:
        assert name not in table or answer(machine, name) == EPERM, name
    for category, names in policy.FORBIDDEN.items():
        for name in names:
            assert name not in table or answer(machine, name) == HELD, name
            assert policy.category_of({1: name}, 1) == category


@pytest.mark.parametrize("machine", MACHINES)
def test_what_the_policy_does_not_know_does_not_exist(machine: str) -> None:
    known = set(syscalls.numbers(machine).values())
    for number in set(range(600)) - known:
        assert answer(machine, number) == ENOSYS
    assert answer(machine, "clone3") == ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_threads_and_forks_pass_and_new_namespaces_do_not(machine: str) -> None:
    assert answer(machine, "clone", [0x3D0F00]) == ALLOW  # as pthread_create asks
    assert answer(machine, "clone", [17]) == ALLOW
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert answer(machine, "clone", [17 | flag]) == HELD


@pytest.mark.parametrize("machine", MACHINES)
def test_sockets_are_told_and_unix_ones_fail_softly(machine: str) -> None:
    assert answer(machine, "socket", [1]) == 0x50000 | errno.EACCES
    for family in (0, 2, 10, 16, 17, 40):
        assert answer(machine, "socket", [family]) == HELD


@pytest.mark.parametrize("machine", MACHINES)
def test_arguments_are_read_where_they_matter(machine: str) -> None:
    assert answer(machine, "ioctl", [1, 0x5401]) == ALLOW
    assert answer(machine, "ioctl", [1, 0x5412]) == 0x50000 | errno.ENOTTY  # TIOCSTI
    assert answer(machine, "prctl", [15]) == ALLOW
    assert answer(machine, "prctl", [22]) == EPERM  # PR_SET_SECCOMP
    assert answer(machine, "sendmsg", [policy.REPORT]) == ALLOW
    assert answer(machine, "sendmsg", [3]) == EPERM  # the channel takes bytes, not descriptors


@pytest.mark.parametrize("machine", MACHINES)
def test_without_a_listener_the_tell_tales_kill(machine: str) -> None:
    assert answer(machine, "mount", listener=False) == KILL
    assert answer(machine, "clone", [0x10000000], listener=False) == KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_memory_files_are_only_for_who_is_metered(machine: str) -> None:
    assert answer(machine, "memfd_create", memory_files=True) == ALLOW
    assert answer(machine, "memfd_create", memory_files=False) == EPERM


def test_another_architecture_and_x32_are_killed() -> None:
    code = bpf.program(machine="x86_64")
    assert run(code, 1, [], syscalls.audit_architecture("aarch64")) == KILL
    assert run(code, 1, [], 0x40000003) == KILL  # i386
    assert answer("x86_64", 0x40000001) == KILL
    assert answer("x86_64", 0xFFFFFFFF) == KILL


def test_no_syscall_is_in_two_lists() -> None:
    names = [*policy.ALLOWED, *policy.MEMORY_FILES, *policy.REFUSED]
    names += [name for members in policy.FORBIDDEN.values() for name in members]
    names += [rule.syscall for rule in policy.BY_ARGUMENT]
    assert len(names) == len(set(names))


def test_a_machine_without_a_table_is_refused() -> None:
    with pytest.raises(syscalls.UnknownArchitecture):
        syscalls.numbers("riscv64")


NVIDIA = [0xC0104629, 0xC020462A, 0xC00446CA, 0x00000019, 0x30000001, 0x30000002]  # nvidiactl, nvidiaN, uvm
STRANGE = [0x5412, 0x40045431, 0x4004667F, 0x89A0, 0x30000004, 0x31000001, 0x00005606]


@pytest.mark.parametrize("machine", MACHINES)
def test_only_a_child_with_a_device_may_ask_one(machine: str) -> None:
    for question in NVIDIA:
        assert answer(machine, "ioctl", [9, question]) == 0x50000 | errno.ENOTTY, hex(question)
        assert answer(machine, "ioctl", [9, question], device=True) == ALLOW, hex(question)


@pytest.mark.parametrize("machine", MACHINES)
def test_a_device_opens_no_other_question_and_no_other_call(machine: str) -> None:
    for question in STRANGE:  # TIOCSTI, TIOCSPTLCK and the like
        assert answer(machine, "ioctl", [9, question], device=True) == 0x50000 | errno.ENOTTY, hex(question)
    for name in syscalls.numbers(machine):
        if name != "ioctl":
            assert answer(machine, name, device=True) == answer(machine, name), name
