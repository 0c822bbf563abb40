"""The driver's library by ctypes, against one compiled from C that says what a file says."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.sandbox.devices import NoDevices, Nvml
from grading.sandbox.interface import MIB

WHOLE = "gpu GPU-aa 0 16384 1024 0\ngpu GPU-bb 3 8192 0 2\nprocess GPU-aa 41 700\nprocess GPU-aa 42 1\n"
DIVIDED = (
    "gpu GPU-aa 1 16384 0 1\npart MIG-x GPU-aa 7 0 8000 5\npart MIG-y GPU-aa 9 0 8000 5\nprocess MIG-y 9 5\n"
)


class Host:
    """A root with the files that a driver makes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.make("dev/nvidiactl", "dev/nvidia-uvm", "dev/nvidia0", "dev/nvidia3")
        self.make("lib/libcuda.so.1")

    def make(self, *names: str, text: str = "") -> None:
        for name in names:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


@pytest.fixture
def nvml(
    host: Host, compiled: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Nvml]:
    def opened(says: str) -> Nvml:
        monkeypatch.setitem(os.environ, "FAKE_NVML", str(host.folder / "says"))
        os.putenv("FAKE_NVML", str(host.folder / "says"))
        (host.folder / "says").write_text(says)
        return Nvml(str(compiled("fake_nvml.c")), folders=(str(host.folder / "lib"),), host=host.folder)

    return opened


def test_every_gpu_is_told_with_the_files_that_lead_to_it(nvml: Callable[[str], Nvml], host: Host) -> None:
    library = nvml(WHOLE)
    first, second = library.devices()
    assert (first.name, first.place, first.title, first.memory_bytes) == (
        "GPU-aa",
        "0",
        "NVIDIA Pretend H100",
        16384,
    )
    assert first.nodes == ("/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia0")
    assert second.nodes[-1] == "/dev/nvidia3"
    assert first.libraries == (str(host.folder / "lib"),)
    assert not first.is_instance
    assert library.driver == "550.54.15"


def test_processes_and_what_they_hold_are_told_and_what_is_not_told_is_none(
    nvml: Callable[[str], Nvml],
) -> None:
    library = nvml(WHOLE)
    first, second = library.devices()
    assert library.used(first) == 1024
    assert library.processes(first) == {41: 700, 42: None}
    assert library.processes(second) == {}


def test_more_processes_than_there_was_room_for_are_all_told(nvml: Callable[[str], Nvml]) -> None:
    many = "".join(f"process GPU-aa {1000 + number} 5\n" for number in range(100))
    library = nvml("gpu GPU-aa 0 16384 1024 0\n" + many)
    assert len(library.processes(library.devices()[0])) == 100


def test_of_a_divided_gpu_its_instances_are_told_each_with_its_own_keys(
    nvml: Callable[[str], Nvml], host: Host
) -> None:
    host.make("dev/nvidia1", "dev/nvidia-caps/nvidia-cap66", "dev/nvidia-caps/nvidia-cap67")
    host.make("dev/nvidia-caps/nvidia-cap84", "dev/nvidia-caps/nvidia-cap85")
    mig = "proc/driver/nvidia/capabilities/gpu1/mig"
    for place, number in (
        ("gi7/access", 66),
        ("gi7/ci0/access", 67),
        ("gi9/access", 84),
        ("gi9/ci0/access", 85),
    ):
        host.make(f"{mig}/{place}", text=f"DeviceFileMinor: {number}\nDeviceFileMode: 292\n")
    library = nvml(DIVIDED)
    first, second = library.devices()
    assert (first.name, first.place, second.place) == ("MIG-x", "0:0", "0:1")
    assert first.nodes[2:] == (
        "/dev/nvidia1",
        "/dev/nvidia-caps/nvidia-cap66",
        "/dev/nvidia-caps/nvidia-cap67",
    )
    assert not set(first.nodes[3:]) & set(second.nodes)
    assert first.is_instance
    assert library.processes(second) == {9: 5}


def test_a_gpu_whose_node_is_missing_is_left_out_and_where_all_are_the_cure_is_said(
    nvml: Callable[[str], Nvml], host: Host
) -> None:
    (host.folder / "dev/nvidia3").unlink()
    assert [one.place for one in nvml(WHOLE).devices()] == ["0"]
    (host.folder / "dev/nvidia0").unlink()
    with pytest.raises(NoDevices, match="nvidia-modprobe -u -c=0"):
        nvml(WHOLE).devices()


def test_a_driver_that_does_not_answer_is_no_device(
    nvml: Callable[[str], Nvml], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_NVML_DEAD", "1")
    with pytest.raises(NoDevices, match="Unknown Error"):
        nvml(WHOLE)


def test_a_machine_without_a_driver_says_so() -> None:
    with pytest.raises(NoDevices, match="no NVIDIA driver"):
        Nvml("/nowhere/libnvidia-ml.so.1")


def test_a_gpu_too_small_is_still_told_in_bytes(nvml: Callable[[str], Nvml]) -> None:
    (one,) = nvml(f"gpu GPU-aa 0 {2 * MIB} 0 2\n").devices()
    assert one.memory_bytes == 2 * MIB
