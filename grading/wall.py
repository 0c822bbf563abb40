"""The one sandbox backend of a worker process, and the runtimes as it takes them."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Collection
from functools import cache
from pathlib import Path

from django.conf import settings

from grading import student
from grading.runtimes import OFFERS, folder, is_ready
from grading.sandbox import Backend, Care, Holding, Layer, Runtime, WallFault, doctor, open_backend
from grading.sandbox.interface import MIB

_lock = threading.Lock()
_backend: Backend | None = None


def backend() -> Backend:
    """The backend named by the settings, opened on first use. Raises WallFault when there is no wall."""
    global _backend
    with _lock:
        if _backend is None:
            _backend = open_backend(
                settings.SANDBOX_BACKEND,
                allow_coarse=settings.SANDBOX_ALLOW_COARSE_LIMITS,
                oci_runtime=settings.SANDBOX_OCI_RUNTIME,
                care=Care(
                    answer_seconds=settings.SANDBOX_ANSWER_SECONDS,
                    most_forks=settings.SANDBOX_RECYCLE_FORKS,
                    most_growth_bytes=settings.SANDBOX_RECYCLE_GROWTH_MB * MIB,
                ),
            )
            atexit.register(close)
        return _backend


def close() -> None:
    """End the zygotes; the next call of `backend` starts anew."""
    global _backend
    with _lock:
        if _backend is not None:
            _backend.close()
            _backend = None


def problem() -> str:
    """Why this process cannot grade; empty when it can."""
    try:
        backend()
    except WallFault as fault:
        return str(fault)
    return ""


def warm(in_use: Collection[str]) -> None:
    """Start the zygotes of the runtimes `in_use` that are installed here, so that no student waits for one.

    Those that are only installed where a course names them can be large: unless they are in use, they start
    when they are first asked for. The others start in any case. One on a GPU is `gpus.warm`'s.
    """
    for name, offer in OFFERS.items():
        if is_ready(name) and not offer.needs_device and (offer.when != "named" or name in in_use):
            backend().prepare(runtime(name))


def holdings() -> list[Holding]:
    """What the zygotes of this process and their children take of memory; nothing before the first one."""
    with _lock:
        return _backend.holdings() if _backend is not None else []


def layers() -> list[Layer]:
    """Every layer of the wall, present or missing on this machine. Tries each in a process of its own."""
    return doctor.layers()


@cache
def runtime(name: str) -> Runtime:
    """The runtime as the wall takes it. Raises KeyError for a name that is not offered."""
    program = Path(student.__file__).parent / "program.py"
    return OFFERS[name].runtime(folder(name) / "bin" / "python", program, "serve")
