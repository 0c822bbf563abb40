"""What happens to a device between two students, in which order, and what when it goes wrong."""

from __future__ import annotations

import logging
import os
import signal
import time

import pytest

from grading.sandbox import Limits, Runtime, WallFault
from grading.sandbox.devices import Busy, NoDevices, Pool, pool
from grading.sandbox.interface import MIB

from .conftest import GIB, Machine

LIMITS = Limits(wall_seconds=5, cpu_seconds=5, memory_bytes=MIB, gpu_memory_bytes=512 * MIB)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LEAVING_SECONDS", 0.2)


def test_a_device_is_scrubbed_before_its_first_student_and_after_each(
    machine: Machine, on_gpu: Runtime
) -> None:
    machine.only(0)
    for _ in range(2):
        with machine.lease() as backend:
            backend.start(on_gpu, LIMITS)
    assert machine.diary == ["scrub 0", "start on 0", "end", "scrub 0", "start on 0", "end", "scrub 0"]


def test_a_lease_that_started_nothing_scrubs_nothing(machine: Machine) -> None:
    machine.only(0)
    for _ in range(3):
        with machine.lease():
            pass
    assert machine.diary == ["scrub 0"]


def test_the_same_student_starts_anew_on_a_clean_device_too(machine: Machine, on_gpu: Runtime) -> None:
    machine.only(0)
    with machine.lease() as backend:
        backend.start(on_gpu, LIMITS).retire()
        backend.start(on_gpu, LIMITS)
    assert machine.diary == ["scrub 0", "start on 0", "end", "scrub 0", "start on 0", "end", "scrub 0"]


def test_a_program_of_the_authors_beside_the_students_shares_its_device(
    machine: Machine, on_gpu: Runtime
) -> None:
    machine.only(0)
    with machine.lease() as backend:
        backend.start(on_gpu, LIMITS)
        backend.start(on_gpu, LIMITS)
    assert machine.diary == ["scrub 0", "start on 0", "start on 0", "end", "end", "scrub 0"]


def test_two_leases_are_two_devices_and_a_third_is_told_to_wait(machine: Machine) -> None:
    with machine.lease() as first, machine.lease() as second:
        assert {first.device.place, second.device.place} == {"0", "1"}
        with pytest.raises(Busy, match="in time"), machine.lease(seconds=0.2):
            pass


def test_what_asks_for_more_memory_gets_the_device_that_has_it(machine: Machine) -> None:
    with machine.lease(memory_bytes=12 * GIB) as backend:
        assert backend.device.place == "0"
    with pytest.raises(WallFault, match="the largest has 16384 MB"), machine.lease(memory_bytes=64 * GIB):
        pass


def test_a_device_whose_student_does_not_leave_is_set_aside_with_an_alert(
    machine: Machine, on_gpu: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    machine.only(0)
    machine.backend.leaves = 300 * MIB
    with caplog.at_level(logging.CRITICAL), machine.lease() as backend:
        backend.start(on_gpu, LIMITS)
    assert "GPU 0 (GPU-0) set aside" in caplog.text
    assert "gpu-check" in caplog.text
    assert machine.pool.in_use() == []
    assert "still on it" in machine.leases.aside("GPU-0")
    with pytest.raises(Busy, match="every GPU is set aside"), machine.lease():
        pass


def test_memory_that_nobody_holds_and_that_is_not_free_is_not_clean_either(
    machine: Machine, on_gpu: Runtime
) -> None:
    machine.only(0)
    with machine.lease() as backend:
        backend.start(on_gpu, LIMITS)
        machine.driver.more["GPU-0"] = 500 * MIB
    assert "500 MB of nobody's" in machine.leases.aside("GPU-0")


def test_a_scrub_that_leaves_memory_unwritten_sets_the_device_aside_and_the_other_is_taken(
    machine: Machine,
) -> None:
    machine.scrubbed = {"left": 600 * MIB}
    with pytest.raises(Busy), machine.lease():
        pass
    assert machine.diary == ["scrub 0", "scrub 1"]
    assert "600 MB could not be overwritten" in machine.leases.aside("GPU-1")


def test_who_takes_from_the_dead_cleans_first(machine: Machine, on_gpu: Runtime) -> None:
    machine.only(0)
    with machine.lease():
        pass
    worker = os.fork()
    if worker == 0:
        lease = machine.lease()
        lease.__enter__().start(on_gpu, LIMITS)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(worker, 0)
    machine.diary.clear()
    with machine.lease() as next_one:
        next_one.start(on_gpu, LIMITS)
    assert machine.diary == ["scrub 0", "start on 0", "end", "scrub 0"]


def test_who_was_there_before_a_student_is_not_waited_for(machine: Machine, on_gpu: Runtime) -> None:
    """A display server, say; it holds its memory all the time."""
    machine.only(0)
    machine.pool.scrub = lambda _device: {"left": 0}
    machine.driver.on["GPU-0"][77] = 100 * MIB
    for _ in range(2):
        with machine.lease() as backend:
            backend.start(on_gpu, LIMITS)
        assert machine.leases.aside("GPU-0") == ""
    assert machine.leases.record("GPU-0")[0].foreign == (77,)


def test_a_student_over_the_limit_is_ended_and_told_so(machine: Machine, on_gpu: Runtime) -> None:
    with machine.lease() as backend:
        process = backend.start(on_gpu, LIMITS)
        machine.driver.on[backend.device.name][process.pid] = (300 + 200) * MIB
        time.sleep(0.2)
        assert process.usage().peak_gpu_bytes == 200 * MIB  # what CUDA itself took is not the student's
        machine.driver.on[backend.device.name][process.pid] = (300 + 600) * MIB
        deadline = time.monotonic() + 5
        while not process._process.ended and time.monotonic() < deadline:  # type: ignore[attr-defined]
            time.sleep(0.01)
        assert process.wait(1).out_of_gpu_memory


def test_where_the_driver_tells_no_process_the_devices_whole_use_is_the_students(
    machine: Machine, on_gpu: Runtime
) -> None:
    with machine.lease() as backend:
        process = backend.start(on_gpu, LIMITS)
        machine.driver.on[backend.device.name][process.pid] = None
        machine.driver.more[backend.device.name] = 1000 * MIB
        deadline = time.monotonic() + 5
        while not process._process.ended and time.monotonic() < deadline:  # type: ignore[attr-defined]
            time.sleep(0.01)
        assert process.wait(1).out_of_gpu_memory
        machine.driver.more[backend.device.name] = 0


def test_devices_are_named_by_place_or_by_name(machine: Machine) -> None:
    folder = machine.leases.folder
    assert [one.place for one in Pool.open(machine.driver, folder, only=["GPU-1"]).devices] == ["1"]
    assert [one.place for one in Pool.open(machine.driver, folder, only=["0"]).devices] == ["0"]
    with pytest.raises(NoDevices, match="called 5"):
        Pool.open(machine.driver, folder, only=["5"])


def test_the_doctor_is_told_who_has_what(machine: Machine) -> None:
    machine.leases.set_aside("GPU-1", "it burns")
    with machine.lease(holder="submission 7"):
        first, second = machine.pool.standing()
    assert (first.holder, first.aside) == ("submission 7", "")
    assert (second.holder, second.aside) == ("", "it burns")
