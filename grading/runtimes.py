"""The student runtimes: what code may be graded in, and where its environment lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

READY = ".ready"  # written into the environment when its installation is complete


@dataclass(frozen=True)
class Offer:
    """A runtime as data. `preload` is imported once by its zygote; `capability` names its queue."""

    name: str
    preload: tuple[str, ...]
    capability: str = "cpu"


OFFERS = {
    "numpy": Offer("numpy", preload=("numpy", "numpy.random", "numpy.linalg", "numpy.fft")),
    # torch._dynamo: making the first optimiser imports it, two seconds that every child would pay
    "torch": Offer("torch", preload=("numpy", "numpy.random", "torch", "torch.optim", "torch._dynamo")),
}


def folder(name: str) -> Path:
    """Where the environment of the runtime `name` lies on this machine."""
    return settings.RUNTIMES_DIR / name


def is_ready(name: str) -> bool:
    """Whether the runtime is installed here."""
    return name in OFFERS and (folder(name) / READY).exists()


def runtime_version(name: str) -> str:
    """What exactly ran: the mark that the installation left, kept with each grading."""
    return (folder(name) / READY).read_text(encoding="utf-8").strip()[:120]
