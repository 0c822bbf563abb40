"""The student runtimes: what code may be graded in, and where its environment lies."""

from __future__ import annotations

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


def runtime_version(name: str) -> str:
    """What exactly ran: the mark that the installation left, kept with each grading."""
    return (folder(name) / READY).read_text(encoding="utf-8").strip()[:120]
