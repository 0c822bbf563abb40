"""The GPUs of this machine, as the settings let students have them, and the place of a grading."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.conf import settings

from grading import wall
from grading.operators import tell_operators
from grading.runtimes import OFFERS, is_ready
from grading.sandbox import Backend, WallFault
from grading.sandbox.devices import Busy, NoDevices, Nvml, Pool
from grading.sandbox.devices.interface import LibraryFault
from grading.sandbox.devices.pool import as_data
from grading.sandbox.interface import MIB, Device, Limits

_lock = threading.Lock()
_pool: Pool | None = None


def pool() -> Pool:
    """The devices that students may get here, found when first asked for. Raises NoDevices or WallFault."""
    global _pool
    if settings.GPU_DEVICES == ["none"]:
        raise NoDevices("COURSESITE_GPU_DEVICES=none: students get no GPU of this machine")
    only = [] if settings.GPU_DEVICES == ["all"] else settings.GPU_DEVICES
    with _lock:
        if _pool is None:
            folders = tuple(settings.GPU_DRIVER_DIRS)
            library = Nvml(folders=folders)
            try:
                _pool = Pool.open(library, settings.GPU_LEASES_DIR, only=only, folders=folders, alert=_alert)
            except LibraryFault as fault:
                raise NoDevices(f"the NVIDIA driver does not answer: {fault}") from fault
        return _pool


def _alert(told: str) -> None:
    """A device was set aside."""
    tell_operators(line=told, subject="a GPU was set aside")


def in_use() -> list[Device]:
    """Those that can be leased at all; none where there are none."""
    try:
        return pool().in_use()
    except (NoDevices, WallFault):
        return []


def standing() -> tuple[list[dict[str, Any]], str]:
    """Each device with its holder, and why there are none."""
    try:
        return [as_data(one) for one in pool().standing()], ""
    except (NoDevices, WallFault, LibraryFault) as why:
        return [], str(why)


def warm() -> None:
    """Start the zygotes of every device, so that no student waits for one."""
    for name in [name for name, offer in OFFERS.items() if offer.needs_device and is_ready(name)]:
        for device in in_use():
            wall.backend().prepare(replace(wall.runtime(name), device=device))


@contextmanager
def place(
    runtime: str,
    limits: Mapping[str, float],
    *,
    holder: str = "",
    unwanted: Callable[[], bool] = lambda: False,
) -> Iterator[Backend]:
    """Where an exercise with these limits is graded: this process's wall, on a leased device if need be.

    Raises Busy when no device came free in time (wait on; nobody is at fault), WallFault where none would do.
    """
    if not OFFERS[runtime].needs_device:
        yield wall.backend()
        return
    try:
        found = pool()
    except NoDevices as none:
        raise Busy(str(none)) from none
    lease = found.lease(
        wall.backend(),
        memory_bytes=int(limits["gpu_memory_mb"]) * MIB
        if "gpu_memory_mb" in limits
        else Limits.gpu_memory_bytes,
        seconds=settings.GPU_WAIT_SECONDS,
        holder=holder,
        unwanted=unwanted,
    )
    with lease as backend:
        yield backend
