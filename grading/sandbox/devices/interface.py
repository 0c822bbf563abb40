"""What the rest asks of a driver, so that tests can be one."""

from collections.abc import Mapping
from typing import Protocol

from ..interface import Device


class NoDevices(Exception):
    """This machine has no GPU to give out; the text says why, and how it would."""


class LibraryFault(Exception):
    """The driver does not answer as it should."""


class Library(Protocol):
    """The driver's word on its devices. Every call may come from any thread."""

    driver: str
    """Its version."""

    def devices(self) -> list[Device]:
        """Every GPU; of one that is divided, its instances instead."""

    def used(self, device: Device) -> int:
        """Bytes of its memory that are in use, by whomever."""

    def processes(self, device: Device) -> Mapping[int, int | None]:
        """Bytes by each process that computes there, by its id as this process sees it; None if not told."""
