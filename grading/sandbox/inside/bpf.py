"""Turns the policy into a seccomp program: classic BPF, a binary search over the syscall number.

The kernel caches what is decided by the number alone, so the allowed calls cost next to nothing; the
search keeps the program cheap to install, which is paid at each fork.
"""

import struct

from . import policy
from .syscalls import audit_architecture, numbers

KILL_PROCESS, USER_NOTIFICATION, ERROR, ALLOW = 0x80000000, 0x7FC00000, 0x00050000, 0x7FFF0000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data; little-endian machines
_X32 = 0x40000000
_LOAD, _RETURN, _JUMP, _EQUAL, _AT_LEAST, _ANY_BIT, _AND = 0x20, 0x06, 0x05, 0x15, 0x35, 0x45, 0x54

Instruction = tuple[int, int, int, int]
Block = tuple[Instruction, ...]


def program(
    *, machine: str = "", memory_files: bool = True, listener: bool = True, device: bool = False
) -> bytes:
    """The filter for `machine` as an array of struct sock_filter.

    Without a `listener` (a kernel or a container that grants none) the tell-tales kill at once, and all
    that can be said of them is "syscall". `memory_files` lets memfd_create through, `device` the
    questions to a GPU.
    """
    number = numbers(machine)
    forbidden = USER_NOTIFICATION if listener else KILL_PROCESS
    blocks: dict[str, Block] = dict.fromkeys(policy.ALLOWED, _answer(ALLOW))
    blocks |= dict.fromkeys(policy.MEMORY_FILES, _answer(ALLOW if memory_files else ERROR | 1))
    blocks |= dict.fromkeys(policy.REFUSED, _answer(ERROR | 1))
    blocks |= {name: _answer(forbidden) for names in policy.FORBIDDEN.values() for name in names}
    blocks |= {rule.syscall: _by_argument(rule, forbidden) for rule in policy.BY_ARGUMENT}
    if device:
        blocks |= {rule.syscall: _by_argument(rule, forbidden) for rule in policy.ON_DEVICE}
    blocks["socket"] = _socket(forbidden)
    default = _answer(ERROR | 38)  # ENOSYS
    segments = _segments({number[n]: block for n, block in blocks.items() if n in number}, default)
    segments.append((_X32, _answer(KILL_PROCESS)))
    start: Block = (
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, audit_architecture(machine)),
        (_RETURN, 0, 0, KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
    )
    return b"".join(struct.pack("=HBBI", *one) for one in start + _search(segments))


def _answer(action: int) -> Block:
    return ((_RETURN, 0, 0, action),)


def _by_argument(rule: policy.ByArgument, forbidden: int) -> Block:
    """Load the low half of the argument; the high half says nothing to a 32-bit parameter."""
    otherwise = forbidden if rule.category else ERROR | rule.error
    block: list[Instruction] = [(_LOAD, 0, 0, _ARGUMENTS + 8 * rule.argument)]
    if rule.values:
        for value in rule.values:
            block += [(_EQUAL, 0, 1, value), *_answer(ALLOW)]
        for mask, value in rule.like:
            block += [(_LOAD, 0, 0, _ARGUMENTS + 8 * rule.argument), (_AND, 0, 0, mask)]
            block += [(_EQUAL, 0, 1, value), *_answer(ALLOW)]
        return (*block, *_answer(otherwise))
    return (*block, (_ANY_BIT, 0, 1, rule.mask), *_answer(otherwise), *_answer(ALLOW))


def _socket(forbidden: int) -> Block:
    """No socket at all: softly for a unix one, as a tell-tale for any other family."""
    soft = _answer(ERROR | policy.UNIX_SOCKET_ERROR)
    return ((_LOAD, 0, 0, _ARGUMENTS), (_EQUAL, 0, 1, policy.AF_UNIX), *soft, *_answer(forbidden))


def _segments(blocks: dict[int, Block], default: Block) -> list[tuple[int, Block]]:
    """Cut the numbers into runs with one block each: (first number, block), the first at 0."""
    segments: list[tuple[int, Block]] = []
    for number in range(max(blocks) + 2):
        block = blocks.get(number, default)
        if not segments or segments[-1][1] != block:
            segments.append((number, block))
    return segments


def _search(segments: list[tuple[int, Block]]) -> Block:
    """A comparison in the middle, the lower half, the upper half; a far half is reached by a long jump."""
    if len(segments) == 1:
        return segments[0][1]
    middle = len(segments) // 2
    low, high = _search(segments[:middle]), _search(segments[middle:])
    if len(low) < 256:
        return ((_AT_LEAST, len(low), 0, segments[middle][0]), *low, *high)
    return ((_AT_LEAST, 0, 1, segments[middle][0]), (_JUMP, 0, 0, len(low)), *low, *high)
