"""A device has one holder on the machine, whoever dies, and those who wait get it in turn."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.sandbox import WallFault
from grading.sandbox.devices import Leases, Record

ROOT = Path(__file__).parents[4]
HOLDS = """
import sys, time
from pathlib import Path
from grading.sandbox.devices import Leases, Record
lock = Leases(Path(sys.argv[1])).wait(["GPU-0"], 5)
lock.write(Record(holder="another worker", since=time.time()))
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def leases(tmp_path: Path) -> Leases:
    return Leases(tmp_path)


@pytest.fixture
def another(leases: Leases) -> Iterator[subprocess.Popen[str]]:
    """Another worker, which holds the device."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(leases.folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_what_another_worker_holds_cannot_be_taken_and_its_name_is_told(
    leases: Leases, another: subprocess.Popen[str]
) -> None:
    assert leases.take("GPU-0") is None
    assert leases.wait(["GPU-0"], 0.1) is None
    record, held = leases.record("GPU-0")
    assert (record.holder, held) == ("another worker", True)


def test_the_other_device_can_be_had_meanwhile(leases: Leases, another: subprocess.Popen[str]) -> None:
    lock = leases.wait(["GPU-0", "GPU-1"], 1)
    assert lock is not None
    assert lock.name == "GPU-1"


def test_a_killed_holder_leaves_the_device_to_whoever_waits_and_known_to_be_unclean(
    leases: Leases, another: subprocess.Popen[str]
) -> None:
    threading.Timer(0.2, another.kill).start()
    started = time.monotonic()
    lock = leases.wait(["GPU-0"], 10)
    assert lock is not None
    assert time.monotonic() - started < 5
    assert not lock.read().clean


def test_who_waits_longer_is_served_first_and_nobody_is_overtaken(leases: Leases) -> None:
    held = leases.take("GPU-0")
    assert held is not None
    served: list[int] = []

    def student(number: int) -> None:
        lock = leases.wait(["GPU-0"], 20)
        assert lock is not None
        served.append(number)
        lock.close()

    waiting = []
    for number in range(5):
        waiting.append(threading.Thread(target=student, args=(number,)))
        waiting[-1].start()
        while len([one for one in (leases.folder / "queue").iterdir() if one.name[0] != "."]) <= number:
            time.sleep(0.005)
    held.close()
    for one in waiting:
        one.join()
    assert served == [0, 1, 2, 3, 4]


def test_a_ticket_of_the_dead_holds_nobody_up(leases: Leases) -> None:
    (leases.folder / "queue" / "00000000000000000001.dead").touch()
    assert leases.wait(["GPU-0"], 0.5) is not None


def test_who_is_not_wanted_any_more_leaves_the_queue(leases: Leases) -> None:
    held = leases.take("GPU-0")
    started = time.monotonic()
    assert leases.wait(["GPU-0"], 30, unwanted=lambda: True) is None
    assert time.monotonic() - started < 5
    assert held is not None
    held.close()
    assert leases.wait(["GPU-0"], 0.5) is not None


def test_what_is_set_aside_is_nobodys_also_for_another_worker(leases: Leases) -> None:
    leases.set_aside("GPU-0", "it does not come clean")
    again = Leases(leases.folder)
    assert again.take("GPU-0") is None
    assert again.aside("GPU-0") == "it does not come clean"
    again.put_back("GPU-0")
    assert again.take("GPU-0") is not None


def test_half_a_line_is_not_taken_for_a_clean_device(leases: Leases) -> None:
    (leases.folder / "GPU-0.lock").write_text('{"clean": true, "hold')
    lock = leases.take("GPU-0")
    assert lock is not None
    assert lock.read() == Record()


def test_a_folder_that_cannot_be_written_is_said_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WallFault, match="COURSESITE_GPU_LEASES_DIR"):
        Leases(tmp_path / "file")
