"""Which layers of the wall this machine has, and how to get those that it lacks."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Mapping

from .hierarchies import NoCgroups, open_cgroups
from .interface import Layer, Metering
from .zygotes import INSIDE, REMEDIES

_OLDEST_KERNEL = (5, 14)
_CONTAINER = "in a container, run it with a seccomp and AppArmor profile that allows unshare and mount"


def layers(metering: Metering | None = None) -> list[Layer]:
    """Every layer, present or not. Without `metering` cgroups are looked for anew."""
    tried = subprocess.run(
        [sys.executable, "-I", "-B", str(INSIDE), "probe"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    if tried.returncode:
        return [
            Layer(
                "machine", False, tried.stderr.strip()[-300:], "the wall knows x86_64 and aarch64, Linux only"
            )
        ]
    found = json.loads(tried.stdout)
    return [
        _kernel(found["kernel"]),
        _tried(found, "user", "user namespaces", REMEDIES["own_user_namespace"]),
        _tried(found, "mount", "mount namespaces", REMEDIES["read_only_root"]),
        _tried(found, "pid", "pid namespaces", _CONTAINER),
        _tried(found, "net", "network namespaces", _CONTAINER),
        _tried(found, "ipc", "ipc and uts namespaces", _CONTAINER),
        _tried(found, "seccomp", "seccomp", "use a kernel with CONFIG_SECCOMP_FILTER"),
        _listener(found),
        _landlock(found["landlock"]),
        _limits(metering),
    ]


def _kernel(release: str) -> Layer:
    numbers = tuple(int(part) for part in release.split("-")[0].split(".")[:2])
    recent = numbers >= _OLDEST_KERNEL
    return Layer("kernel", recent, f"Linux {release}", "" if recent else "Linux 5.14 or later is needed")


def _tried(found: Mapping[str, int], key: str, name: str, remedy: str) -> Layer:
    number = found[key]
    if not number:
        return Layer(name, True, "allowed")
    return Layer(name, False, f"{errno.errorcode.get(number, number)}: {os.strerror(number)}", remedy)


def _listener(found: Mapping[str, int]) -> Layer:
    """Without it a refused syscall still kills, but nobody can say which it was."""
    present = not found["listener"]
    detail = "refused syscalls are told by name" if present else "refused syscalls kill, unnamed"
    remedy = "" if present else "another seccomp listener is in force (a container's?); run without it"
    return Layer("seccomp listener", present, detail, remedy, required=False)


def _landlock(version: int) -> Layer:
    if version:
        return Layer("Landlock", True, f"ABI {version}", required=False)
    remedy = "add landlock to the kernel's lsm= list; the mounts hold without it"
    return Layer("Landlock", False, "not in this kernel", remedy, required=False)


def _limits(metering: Metering | None) -> Layer:
    try:
        if metering is None:
            metering = open_cgroups()
            metering.close()
        if not metering.coarse:
            return Layer("limits", True, f"{metering.name}: memory, pids, cpu")
        opened = open_cgroups()
        opened.close()
        return Layer(
            "limits", False, metering.name, f"{opened.name} could be used: open the backend again", False
        )
    except NoCgroups as missing:
        detail = f"rlimits and a watchdog only; {missing.reason}"
        return Layer("limits", False, detail, missing.remedy, required=False)
