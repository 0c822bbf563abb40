"""The driver's management library, by ctypes: no package to install, nothing of CUDA is started by it."""

import ctypes
import threading
from collections.abc import Mapping
from ctypes import byref, c_char_p, c_int, c_uint, c_ulonglong, c_void_p
from pathlib import Path

from ..interface import Device
from . import nodes
from .interface import LibraryFault, NoDevices

LIBRARY = "libnvidia-ml.so.1"
NOT_SUPPORTED, NOT_FOUND, TOO_SMALL = 3, 6, 7
_TEXT = 96
_UNTOLD = 2**64 - 1


class _Memory(ctypes.Structure):
    _fields_ = [("total", c_ulonglong), ("free", c_ulonglong), ("used", c_ulonglong)]


class _Process(ctypes.Structure):
    _fields_ = [
        ("pid", c_uint),
        ("used", c_ulonglong),
        ("gpu_instance", c_uint),
        ("compute_instance", c_uint),
    ]


class Nvml:
    """The library, opened. Nodes are looked for under `host`; `folders` may hold the driver's files."""

    def __init__(self, path: str = "", *, folders: tuple[str, ...] = (), host: Path = Path("/")) -> None:
        self._folders, self._host = folders, host
        self._asking = threading.Lock()
        self._handles: dict[str, c_void_p] = {}
        path = path or nodes.find(LIBRARY, more=folders)
        try:
            self._library = ctypes.CDLL(path)
        except OSError as error:
            raise NoDevices(f"no NVIDIA driver: {error}") from error
        self._library.nvmlErrorString.restype = c_char_p
        try:
            self._call("nvmlInit_v2")
            self.driver = self._text("nvmlSystemGetDriverVersion")
        except LibraryFault as fault:
            raise NoDevices(f"the NVIDIA driver does not answer: {fault}") from fault

    def devices(self) -> list[Device]:
        """Those whose nodes are here. Raises NoDevices where that is none."""
        count, found, missing = c_uint(), list[Device](), list[str]()
        self._call("nvmlDeviceGetCount_v2", byref(count))
        for index in range(count.value):
            handle = c_void_p()
            self._call("nvmlDeviceGetHandleByIndex_v2", c_uint(index), byref(handle))
            try:
                found += self._parts(index, handle)
            except NoDevices as lacking:
                missing.append(str(lacking))
        if not found:
            raise NoDevices("; ".join(missing) or "the NVIDIA driver knows no GPU")
        return found

    def used(self, device: Device) -> int:
        return int(self._memory(self._handle(device)).used)

    def processes(self, device: Device) -> Mapping[int, int | None]:
        handle, room = self._handle(device), 64
        while True:
            count, table = c_uint(room), (_Process * room)()
            error = self._error("nvmlDeviceGetComputeRunningProcesses_v3", handle, byref(count), table)
            if error != TOO_SMALL:
                break
            room = count.value * 2
        if error:
            raise LibraryFault(self._words(error))
        listed = table[: count.value]
        return {one.pid: None if one.used == _UNTOLD else one.used for one in listed}

    def _parts(self, index: int, handle: c_void_p) -> list[Device]:
        """The GPU itself, or the instances that it is divided into."""
        now, after, minor = c_uint(), c_uint(), c_uint()
        error = self._error("nvmlDeviceGetMigMode", handle, byref(now), byref(after))
        if error not in (0, NOT_SUPPORTED):
            raise LibraryFault(self._words(error))
        self._call("nvmlDeviceGetMinorNumber", handle, byref(minor))
        if error or not now.value:
            return [self._device(str(index), handle, nodes.nodes_of(minor.value, host=self._host))]
        return [
            self._device(
                f"{index}:{position}",
                part,
                nodes.nodes_of(minor.value, self._instance(part), host=self._host),
            )
            for position, part in enumerate(self._instances(handle))
        ]

    def _instances(self, handle: c_void_p) -> list[c_void_p]:
        most, parts = c_uint(), list[c_void_p]()
        self._call("nvmlDeviceGetMaxMigDeviceCount", handle, byref(most))
        for number in range(most.value):
            part = c_void_p()
            error = self._error("nvmlDeviceGetMigDeviceHandleByIndex", handle, c_uint(number), byref(part))
            if error == 0:
                parts.append(part)
            elif error != NOT_FOUND:
                raise LibraryFault(self._words(error))
        return parts

    def _instance(self, part: c_void_p) -> tuple[int, int]:
        gpu, compute = c_uint(), c_uint()
        self._call("nvmlDeviceGetGpuInstanceId", part, byref(gpu))
        self._call("nvmlDeviceGetComputeInstanceId", part, byref(compute))
        return gpu.value, compute.value

    def _device(self, place: str, handle: c_void_p, files: tuple[str, ...]) -> Device:
        name = self._text("nvmlDeviceGetUUID", handle)
        self._handles[name] = handle
        return Device(
            name=name,
            place=place,
            title=self._text("nvmlDeviceGetName", handle),
            memory_bytes=int(self._memory(handle).total),
            nodes=files,
            libraries=nodes.libraries_elsewhere(more=self._folders),
            shows=nodes.SHOWS,
        )

    def _handle(self, device: Device) -> c_void_p:
        try:
            return self._handles[device.name]
        except KeyError:
            raise LibraryFault(f"the driver knows no {device.name}") from None

    def _memory(self, handle: c_void_p) -> _Memory:
        told = _Memory()
        self._call("nvmlDeviceGetMemoryInfo", handle, byref(told))
        return told

    def _text(self, name: str, *arguments: object) -> str:
        buffer = ctypes.create_string_buffer(_TEXT)
        self._call(name, *arguments, buffer, c_uint(_TEXT))
        return buffer.value.decode(errors="replace")

    def _call(self, name: str, *arguments: object) -> None:
        if error := self._error(name, *arguments):
            raise LibraryFault(f"{name}: {self._words(error)}")

    def _error(self, name: str, *arguments: object) -> int:
        try:
            function = getattr(self._library, name)
        except AttributeError:
            raise LibraryFault(f"the driver is too old: it has no {name}") from None
        function.restype = c_int
        with self._asking:
            return int(function(*arguments))

    def _words(self, error: int) -> str:
        told = self._library.nvmlErrorString(c_int(error))
        return told.decode(errors="replace") if told else f"error {error}"
