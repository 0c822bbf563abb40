"""What this machine must have before anything starts; each lack is one sentence with its cure."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
from collections.abc import Collection
from pathlib import Path

from grading.sandbox.offers import offers

from . import say
from .places import DEV, ROOT, VAR

SITE_BYTES = 900_000_000
DISK_FULL = f"the disk is full: free some space under {ROOT} and run the same command again"
LONGEST_SOCKET = 107  # bytes in sun_path, less its final NUL


def refuse_other_systems() -> None:
    """Only Linux has the wall's namespaces."""
    if sys.platform != "linux":
        raise say.Refusal(
            "students' code runs behind Linux namespaces and this is not Linux: on Windows run ./dev inside "
            "WSL2, on a Mac inside a Linux virtual machine"
        )


def refuse_read_only() -> None:
    """The environments and the data live beside the code, unless COURSESITE_VAR_DIR says otherwise."""
    for folder in (DEV, VAR):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".writable-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as fault:
            full = fault.errno in {errno.ENOSPC, errno.EDQUOT}
            raise say.Refusal(DISK_FULL if full else unwritable(folder, fault)) from None


def unwritable(path: Path, fault: OSError) -> str:
    """Why nothing can be written at `path`."""
    if fault.errno == errno.EROFS:
        return f"{path} is on a read-only file system: clone the repository where you can write"
    return (
        f"{path} cannot be written by you ({fault.strerror}): clone the repository into a folder of yours, "
        f"or take this one over with sudo chown -R $USER {ROOT}"
    )


def refuse_full_disk(*, runtimes: Collection[str]) -> None:
    """Only before an installation: what is installed needs no more room. `runtimes` are those to come."""
    heavy = [offers()[name] for name in runtimes if offers()[name].when != "always"]
    needed = SITE_BYTES + sum(offer.disk_bytes for offer in heavy)
    free = shutil.disk_usage(DEV).free
    if free < needed:
        titles = " and ".join(offer.title for offer in heavy)
        less = "" if not heavy or free < SITE_BYTES else f", or leave {titles} out: ./dev up --no-torch"
        raise say.Refusal(
            f"the installation needs {needed / 1e9:.1f} GB and {DEV.parent} has {free / 1e9:.1f} GB free: "
            f"make room{less}"
        )


def refuse_long_socket(path: Path) -> None:
    """A unix socket's path is at most 107 bytes."""
    if len(os.fsencode(path)) > LONGEST_SOCKET:
        raise say.Refusal(
            f"the path {path} is too long for a socket: keep the data in a shorter place, "
            "COURSESITE_VAR_DIR=$HOME/coursesite-var ./dev up"
        )


def refuse_taken_port(host: str, port: int) -> None:
    """Before the installation, so that nobody waits for minutes to hear it."""
    fault = port_fault(host, port)
    if fault is None:
        return
    if fault.errno == errno.EADDRINUSE:
        free = next((p for p in range(port + 1, port + 100) if port_fault(host, p) is None), 0)
        raise say.Refusal(
            f"port {port} is taken by another program: end it, or take another port: ./dev up --port {free}"
        )
    if fault.errno == errno.EACCES:
        raise say.Refusal(f"port {port} is for root alone: take one above 1023: ./dev up --port 8000")
    raise say.Refusal(
        f"this machine has no address {host} ({fault.strerror}): leave --host out, or give 0.0.0.0"
    )


def port_fault(host: str, port: int) -> OSError | None:
    """Why nobody could listen at `host`:`port` now; None when one could."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as fault:
        return fault
    return None


def explain(fault: OSError) -> str | None:
    """The sentence for a fault that the machine, not the program, is to blame for; None for any other."""
    if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DISK_FULL
    if fault.errno in {errno.EROFS, errno.EACCES, errno.EPERM} and fault.filename:
        return unwritable(Path(str(fault.filename)), fault)
    return None
