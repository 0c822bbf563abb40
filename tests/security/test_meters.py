"""Attacks on those who measure: the watchdog, the guard, the control groups and their pool."""

import platform

import pytest

from .conftest import Wall

pytestmark = pytest.mark.wall

FULL = {
    "source": "def ataque(f):\n    kept = bytearray(b'x') * (96 << 20)\n    return len(kept) >> 20",
    "memory_mb": 128,
    "seconds": 20,
}


@pytest.mark.parametrize("name", [b"\xff\xfe", b"\rRssAnon:", b"a) R 0 0 0", b"\xe2\x80\xa8 x"])
def test_79_a_process_by_any_name_is_held_to_its_memory(wall: Wall, name: bytes) -> None:
    source = f"""
import ctypes
ctypes.CDLL(None).prctl(15, {name!r}, 0, 0, 0)
def ataque(f):
    kept = []
    while True: kept.append(bytearray(1 << 18))
"""
    outcome = wall.attack(source, seconds=10, memory_mb=96)
    assert outcome["verdict"] == "memory_limit", outcome


def test_79_a_process_by_any_name_is_held_to_its_time(wall: Wall) -> None:
    source = """
import ctypes
ctypes.CDLL(None).prctl(15, b"\\xff) \\xff", 0, 0, 0)
def ataque(f):
    while True: pass
"""
    outcome = wall.attack(source, seconds=30, cpu_seconds=0.5)
    assert outcome["verdict"] == "time_limit", outcome
    assert outcome["cpu_seconds"] < 3


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the attack is machine code")
def test_80_memory_in_the_place_of_what_was_inherited_is_counted(wall: Wall) -> None:
    """Each child drops the zygote's heap, which is not the student's, and fills as much with its own."""
    source = r"""
import collections, ctypes, mmap, os, sys, time
CODE = bytes.fromhex(
    "4989fc4989f54989d64989cf"                              # the table, its length, from, to
    "4d85ed7419498b3c24be00001000b80b0000000f054983c40849ffcdebe2"  # munmap each MiB of the table
    "4d39fe730d41c606014981c600100000ebee"                  # write to each page from .. to
    "b8220000000f05ebf7"                                    # pause
)
def heap():
    seen, todo = set(), [sys.modules]
    while todo:
        one = todo.pop()
        if id(one) in seen or len(seen) > 60_000: continue
        seen.add(id(one))
        todo += [m.__dict__ for m in [one] if hasattr(m, "__dict__") and isinstance(m.__dict__, dict)]
        if isinstance(one, dict): todo += one.values()
    chunks = collections.Counter(address >> 20 << 20 for address in seen)
    return [chunk for chunk, objects in chunks.items() if objects > 1000]
def ataque(f):
    libc = ctypes.CDLL(None)
    code = mmap.mmap(-1, 4096, prot=7)
    page = ctypes.addressof(ctypes.c_char.from_buffer(code))
    arenas = [arena for arena in heap() if arena != page >> 20 << 20]
    code.write(CODE + b"".join(arena.to_bytes(8, "little") for arena in arenas))
    entry = ctypes.CFUNCTYPE(None, *[ctypes.c_uint64] * 4)(page)
    for _ in range(55):
        if os.fork() == 0:
            new = mmap.mmap(-1, (len(arenas) + 4) << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            start = ctypes.addressof(ctypes.c_char.from_buffer(new)) + (2 << 20)
            entry(page + len(CODE), len(arenas), start, start + (len(arenas) << 20))
    time.sleep(15)
    return len(arenas)
"""
    outcome = wall.attack(source, seconds=30, cpu_seconds=30, memory_mb=128)
    assert outcome["verdict"] == "memory_limit", outcome


def test_81_a_group_that_was_filled_is_given_on_empty(wall: Wall) -> None:
    """What the last one left in files, pages and sleeping children is not the next one's."""
    source = """
import mmap, os, time
def ataque(f):
    for number in range(12):
        with open(f"f{number}", "wb") as file: file.write(bytes(1 << 20))
    for _ in range(20):
        if os.fork() == 0:
            held = mmap.mmap(-1, 1 << 20)
            held.write(b"x" * (1 << 20))
            time.sleep(100)
    for folder, _, files in os.walk("/usr"):
        for name in files[:40]:
            try: open(os.path.join(folder, name), "rb").read()
            except OSError: pass
        if time.process_time() > 1: break
    return "full"
"""
    for _ in range(3):
        assert wall.attack(source, seconds=20, cpu_seconds=20)["verdict"] in ("passed", "memory_limit")
        after = wall.attack(**FULL)
        assert (after["verdict"], after["value"]) == ("passed", 96)


def test_82_a_child_killed_for_memory_is_not_held_against_the_next_student(wall: Wall) -> None:
    source = """
import os
def ataque(f):
    kept = []
    if os.fork() == 0:
        while True: kept.append(bytearray(1 << 20))
    os.wait()
    while True: pass
"""
    for _ in range(3):
        assert wall.attack(source, seconds=10)["verdict"] == "memory_limit"
        assert wall.attack("def ataque(f): return 1", seconds=20)["verdict"] == "passed"


def test_83_processes_left_behind_take_no_place_from_the_next_student(wall: Wall) -> None:
    source = """
import os, time
def ataque(f):
    for _ in range(40):
        if os.fork() == 0: time.sleep(100)
    return "left"
"""
    count = """
import os, signal, time
def ataque(f):
    children = []
    while True:
        try: child = os.fork()
        except OSError: break
        if child == 0: time.sleep(100)
        children.append(child)
    return len(children)
"""
    places = []
    for _ in range(3):
        assert wall.attack(source, seconds=20)["value"] == "left"
        places.append(wall.attack(count, seconds=20)["value"])
    assert min(places) >= 60


def test_84_processor_time_of_the_last_student_is_not_the_next_ones(wall: Wall) -> None:
    source = """
import time
def ataque(f):
    while time.process_time() < 0.8: pass
    return "done"
"""
    for _ in range(4):
        outcome = wall.attack(source, seconds=20, cpu_seconds=2)
        assert outcome["value"] == "done"
        assert 0.7 < outcome["cpu_seconds"] < 1.5
