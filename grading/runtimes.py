"""The student runtimes: what code may be graded in, and where its environment lies."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from django.conf import settings

from grading.sandbox.offers import offers

OFFERS = offers()
READY = ".ready"  # written into the environment when its installation is complete


def folder(name: str) -> Path:
    """Where the environment of the runtime `name` lies on this machine."""
    return settings.RUNTIMES_DIR / name


def is_ready(name: str) -> bool:
    """Whether the runtime is installed here."""
    return name in OFFERS and (folder(name) / READY).exists()


def on_gpu(name: str, limits: Mapping[str, float]) -> str:
    """The runtime on a GPU that an exercise must have, or takes when there is one; empty for none.

    It must where the runtime that it names needs a device; it may where its limits name `gpu_memory_mb`.
    """
    offer = OFFERS.get(name)
    if offer is not None and offer.needs_device:
        return name
    if "gpu_memory_mb" not in limits:
        return ""
    return next((one.name for one in OFFERS.values() if one.instead_of == name), "")


def chosen(name: str, limits: Mapping[str, float], *, offered: Callable[[], Collection[str]]) -> str:
    """The runtime that an exercise is graded in, where `offered` are those that can be had.

    They are asked for only if that matters.
    """
    better = on_gpu(name, limits)
    return better if better and (better == name or better in offered()) else name


def runtime_version(name: str) -> str:
    """What exactly ran: the mark that the installation left, kept with each grading."""
    return (folder(name) / READY).read_text(encoding="utf-8").strip()[:120]
