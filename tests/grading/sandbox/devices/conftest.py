"""A machine with GPUs that are not there: a driver by word, and the driver's libraries compiled from C."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from grading.sandbox import Ending, Limits, Runtime, Usage
from grading.sandbox.devices import Leases, Pool
from grading.sandbox.interface import MIB, Device

HERE = Path(__file__).parent
GIB = 1024 * MIB


def device(number: int = 0, memory_bytes: int = 16 * GIB) -> Device:
    return Device(f"GPU-{number}", str(number), "Pretend", memory_bytes, (f"/dev/nvidia{number}",))


class Driver:
    """What a driver would say. `on` maps a device to its processes and their bytes."""

    driver = "550.54.15"

    def __init__(self, *devices: Device) -> None:
        self._devices = list(devices)
        self.on: dict[str, dict[int, int | None]] = {one.name: {} for one in devices}
        self.more: dict[str, int] = dict.fromkeys(self.on, 0)

    def devices(self) -> list[Device]:
        return self._devices

    def used(self, device: Device) -> int:
        return self.more[device.name] + sum(used or 0 for used in self.on[device.name].values())

    def processes(self, device: Device) -> dict[int, int | None]:
        return dict(self.on[device.name])


class Backend:
    """Starts processes that are none, and writes down what was asked of it."""

    name = "pretended"

    def __init__(self, diary: list[str], driver: Driver) -> None:
        self.diary, self.driver = diary, driver
        self.pid = 100
        self.leaves: int | None = None
        """Bytes that a process keeps on the device after its end."""

    def start(self, runtime: Runtime, limits: Limits) -> Process:
        assert runtime.device is not None
        self.pid += 1
        self.diary.append(f"start on {runtime.device.place}")
        self.driver.on[runtime.device.name][self.pid] = 300 * MIB
        return Process(self, runtime.device, self.pid)

    def prepare(self, runtime: Runtime) -> None: ...


class Process:
    def __init__(self, backend: Backend, device: Device, pid: int) -> None:
        self.backend, self.device, self.pid = backend, device, pid
        self.channel, self._theirs = socket.socketpair()
        self.output = -1
        self.ended = False

    def kill(self) -> None:
        if not self.ended:
            self.ended = True
            self.backend.diary.append("end")
            if self.backend.leaves is None:
                self.backend.driver.on[self.device.name].pop(self.pid, None)
            else:
                self.backend.driver.on[self.device.name][self.pid] = self.backend.leaves

    def wait(self, timeout: float | None = None) -> Ending:
        if not self.ended:
            raise TimeoutError
        return Ending(None, 9)

    def usage(self) -> Usage:
        return Usage(0.0, 0, 0.0)

    retire = close = kill

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Machine:
    """Two devices, a pool of them, and a diary of what happened in which order."""

    def __init__(self, folder: Path) -> None:
        self.diary: list[str] = []
        self.driver = Driver(device(0), device(1, 8 * GIB))
        self.leases = Leases(folder)
        self.backend = Backend(self.diary, self.driver)
        self.scrubbed: dict[str, Any] = {"left": 0, "filled": 8 * GIB}
        self.pool = Pool(self.driver, self.driver.devices(), self.leases, self.scrub)

    def scrub(self, device: Device) -> dict[str, Any]:
        assert not self.driver.on[device.name], "scrubbed while somebody was on it"
        self.diary.append(f"scrub {device.place}")
        return self.scrubbed

    def lease(self, memory_bytes: int = MIB, seconds: float = 0.0, **more: Any) -> Any:
        return self.pool.lease(self.backend, memory_bytes=memory_bytes, seconds=seconds, **more)

    def only(self, place: int) -> None:
        """Leave one device in the pool."""
        self.pool = Pool(self.driver, [self.driver.devices()[place]], self.leases, self.scrub)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "devices")


@pytest.fixture
def on_gpu(tmp_path: Path) -> Runtime:
    return Runtime("pretended", tmp_path, (), tmp_path, "entry")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A shared library made from one of the C files here; skips where there is no compiler."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    folder = tmp_path_factory.mktemp("driver")

    def compile_(source: str) -> Path:
        if compiler is None:
            pytest.skip("no C compiler to make a driver's library with")
        made = folder / source.replace(".c", ".so")
        if not made.exists():
            subprocess.run([compiler, "-shared", "-fPIC", "-o", made, HERE / source], check=True)
        return made

    return compile_


def with_device(runtime: Runtime, one: Device) -> Runtime:
    return replace(runtime, device=one)
