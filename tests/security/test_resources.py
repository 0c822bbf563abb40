"""Attacks 1 to 21: a submission that takes more than its share of time, memory, processes, files or words."""

from typing import Any

import pytest

from .conftest import Wall

pytestmark = pytest.mark.wall

MIB = 1024 * 1024
PATIENCE = 4.0
"""Seconds beyond the limit in which a verdict must be there, on a busy machine."""


def expect(wall: Wall, source: str, *verdicts: str, seconds: float = 0.6, **limits: Any) -> dict[str, Any]:
    """Run the attack; the verdict is one of these, in time, and it scores nothing."""
    outcome = wall.attack(source, seconds=seconds, **limits)
    assert outcome["verdict"] in verdicts, outcome
    assert outcome["score"] == 0
    assert outcome["seconds"] < seconds + PATIENCE
    return outcome


def test_01_an_endless_loop_runs_out_of_time(wall: Wall) -> None:
    expect(wall, "def ataque(f):\n    while True: pass", "time_limit")


def test_02_sleeping_for_ever_runs_out_of_time(wall: Wall) -> None:
    expect(wall, "import time\ndef ataque(f): time.sleep(10**8)", "time_limit")


def test_03_ignored_signals_do_not_save_it(wall: Wall) -> None:
    source = """
import signal
def ataque(f):
    for one in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        try: signal.signal(one, signal.SIG_IGN)
        except (OSError, ValueError): pass
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True: pass
"""
    expect(wall, source, "time_limit")


def test_04_a_growing_list_runs_out_of_memory(wall: Wall) -> None:
    source = "def ataque(f):\n    kept = []\n    while True: kept.append(bytearray(1 << 18))"
    outcome = expect(wall, source, "memory_limit", seconds=5, memory_mb=96)
    assert outcome["peak_memory"] < 3 * 96 * MIB


def test_05_forty_gigabytes_at_once_run_out_of_memory(wall: Wall) -> None:
    source = "import numpy as np\ndef ataque(f):\n    a = np.empty(40 * 2**27)\n    a[:] = 1.0"
    expect(wall, source, "memory_limit", seconds=5)


def test_06_shared_mappings_are_counted(wall: Wall) -> None:
    source = """
import mmap
def ataque(f):
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 1 << 22))
        kept[-1].write(b"x" * (1 << 22))
"""
    expect(wall, source, "memory_limit", seconds=5)


def test_06_memory_files_are_counted_or_refused(wall: Wall) -> None:
    source = """
import os
def ataque(f):
    kept = []
    while True:
        kept.append(os.memfd_create("x"))
        os.write(kept[-1], b"x" * (1 << 23))
"""
    expect(wall, source, "forbidden" if wall.coarse else "memory_limit", seconds=5)


def test_06_there_is_no_shared_memory_to_fill(wall: Wall) -> None:
    source = """
import ctypes
from multiprocessing import shared_memory
def ataque(f):
    try:
        shared_memory.SharedMemory(create=True, size=1 << 26)
        return "posix"
    except OSError:
        pass
    return ctypes.CDLL(None).shmget(0, 1 << 26, 0o1600)
"""
    assert wall.attack(source)["value"] == -1


def test_07_growing_tensors_run_out_of_memory(wall_with_torch: Wall) -> None:
    source = """
import torch
def ataque(f):
    kept = []
    while True: kept.append(torch.ones(1 << 20))
"""
    expect(wall_with_torch, source, "memory_limit", seconds=8, runtime="torch")


def test_08_a_fork_bomb_stays_small(wall: Wall) -> None:
    source = """
import os
def ataque(f):
    while True:
        try: os.fork()
        except OSError: pass
"""
    outcome = expect(wall, source, "time_limit", "forbidden", "memory_limit", "bad_value")
    assert outcome["most_tasks"] < 64 + 20


def test_09_ten_thousand_threads_stay_few(wall: Wall) -> None:
    source = """
import threading, time
def ataque(f):
    while True:
        try: threading.Thread(target=time.sleep, args=(100,)).start()
        except RuntimeError: pass
"""
    stopped = ("time_limit", "forbidden") + (
        "memory_limit",
    ) * wall.coarse  # stacks count as address space there
    assert expect(wall, source, *stopped)["most_tasks"] < 64 + 20


def test_10_the_scratch_disk_is_bounded(wall: Wall) -> None:
    source = """
def ataque(f):
    written = 0
    for number in range(100):
        try:
            with open(f"f{number}", "wb", buffering=0) as file:
                while True: written += file.write(bytes(1 << 18))
        except OSError: pass
    return written
"""
    assert 0 < wall.attack(source, seconds=8)["value"] <= 16 * MIB


def test_11_the_number_of_files_is_bounded(wall: Wall) -> None:
    source = """
import os
def ataque(f):
    for number in range(100_000):
        try: os.close(os.open(f"f{number}", os.O_CREAT | os.O_WRONLY))
        except OSError: return number
"""
    assert 0 < wall.attack(source, seconds=8)["value"] <= 256


def test_12_a_sparse_terabyte_is_refused(wall: Wall) -> None:
    source = """
def ataque(f):
    with open("sparse", "wb") as file:
        try: file.truncate(1 << 40)
        except OSError as error: return error.errno
"""
    assert wall.attack(source)["value"] == 27  # EFBIG


def test_13_a_gigabyte_of_words_hits_the_output_limit(wall: Wall) -> None:
    source = "def ataque(f):\n    for _ in range(1024): print('x' * (1 << 20))"
    outcome = expect(wall, source, "output_limit", seconds=5)
    assert outcome["output_bytes"] < MIB


def test_14_a_frame_that_announces_four_gigabytes_is_a_bad_value(wall: Wall) -> None:
    source = (
        "import os\ndef ataque(f):\n    os.write(3, b'\\xff' * 4)\n    while True: os.write(3, bytes(65536))"
    )
    expect(wall, source, "bad_value")


def test_15_a_million_tiny_frames_spend_the_budget(wall: Wall) -> None:
    source = """
def ataque(f):
    for _ in range(1_000_000):
        try: f(1.0)
        except Exception: pass
"""
    expect(wall, source, "over_budget", "time_limit", seconds=3)


def test_15_a_million_frames_out_of_turn_are_a_bad_value(wall: Wall) -> None:
    source = "import os\ndef ataque(f):\n    while True: os.write(3, b'\\x00\\x00\\x00\\x01\\xc0' * 1000)"
    expect(wall, source, "bad_value", "time_limit")


def test_16_one_byte_at_a_time_runs_out_of_time(wall: Wall) -> None:
    source = """
import os, time
def ataque(f):
    os.write(3, (1 << 20).to_bytes(4, "big"))
    while True:
        os.write(3, b"x")
        time.sleep(0.02)
"""
    expect(wall, source, "time_limit")


def test_17_four_busy_processes_share_one_cpu(wall: Wall) -> None:
    source = """
import os
def ataque(f):
    os.fork(), os.fork()
    os.close(3)
    while True: pass
"""
    outcome = wall.attack(source, seconds=1.5, cpu_seconds=30)
    assert outcome["verdict"] in ("time_limit", "exception")
    assert outcome["cpu_seconds"] < 1.3 * outcome["seconds"] + 0.2


@pytest.mark.parametrize(
    "bomb",
    [
        "import re; re.match('(a+)+$', 'a' * 64 + 'b')",
        "import sys; sys.set_int_max_str_digits(0); str(7 ** (10 ** 7))",
        "import zlib; z = zlib.compress(bytes(1 << 24))\n    while True: zlib.decompress(z)",
    ],
    ids=["regex", "digits", "zip"],
)
def test_18_a_small_input_with_endless_work_runs_out_of_time(wall: Wall, bomb: str) -> None:
    expect(wall, f"def ataque(f):\n    {bomb}", "time_limit")


def test_19_a_stack_overflow_is_an_exception(wall: Wall) -> None:
    source = """
import sys
class Deep:
    def __repr__(self): return repr(self)
def ataque(f):
    sys.setrecursionlimit(10**9)
    repr(Deep())
"""
    outcome = expect(wall, source, "exception", seconds=5)
    assert outcome["evidence"]["signal"] == "SIGSEGV"


def test_20_a_segfault_is_an_exception_and_the_judge_goes_on(wall: Wall) -> None:
    outcome = expect(wall, "import ctypes\ndef ataque(f): ctypes.string_at(8)", "exception")
    assert outcome["evidence"]["signal"] == "SIGSEGV"


def test_21_thrashing_the_caches_does_not_slow_the_host(wall: Wall) -> None:
    source = """
import os, itertools
def ataque(f):
    for number in itertools.count():
        try: os.stat(f"/tmp/{number:0200d}")
        except OSError: pass
        if number % 1000 == 0:
            for folder, _, files in itertools.islice(os.walk("/usr"), 20):
                for name in files[:20]:
                    try: open(os.path.join(folder, name), "rb").read(65536)
                    except OSError: pass
"""
    outcome = expect(wall, source, "time_limit", seconds=1.5)
    assert outcome["host_latency"] < 0.1
