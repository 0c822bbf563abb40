"""Which layers of the wall this machine has, and how to get those that it lacks."""

import errno
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from .hierarchies import NoCgroups, open_cgroups
from .interface import Layer, Metering
from .zygotes import INSIDE, REMEDIES

_OLDEST_KERNEL = (5, 14)
_ATTACHES = 5
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
        own = open_cgroups() if metering is None or metering.coarse else metering
        slowest = max(attach_seconds(own) for _ in range(_ATTACHES)) * 1000
        if own is not metering:
            own.close()
        if metering is not None and metering.coarse:
            remedy = f"{own.name} could be used: open the backend again"
            return Layer("limits", False, metering.name, remedy, required=False)
        entered = f"entered within {slowest:.1f} ms"
        return Layer("limits", True, f"{own.name}: memory, pids, cpu; {entered}")
    except NoCgroups as missing:
        detail = f"rlimits and a watchdog only; {missing.reason}"
        return Layer("limits", False, detail, missing.remedy, required=False)


def attach_seconds(metering: Metering) -> float:
    """What it takes to put a process into a control group that stands ready.

    Where the kernel waits for RCU this is tens of milliseconds; the spare child has it behind it when a
    student comes.
    """
    process = subprocess.Popen(
        [sys.executable, "-ISc", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    meter = metering.take()
    try:
        started = time.perf_counter()
        meter.enter(process.pid)
        return time.perf_counter() - started
    finally:
        process.kill()
        process.communicate()
        meter.give_back()


def container_runtime(command: Sequence[str]) -> Layer:
    """Whether the container runtime answers; that it can hold a zygote is the canary's to show."""
    told = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
    words = (told.stdout or told.stderr).strip().splitlines()
    name = "container runtime"
    if told.returncode == 0:
        return Layer(name, True, words[0] if words else command[0])
    return Layer(
        name, False, words[-1] if words else f"{command[0]} fails", f"try: {' '.join(command)} --version"
    )
