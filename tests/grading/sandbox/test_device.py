"""A child with a device, behind the real wall: it sees that one, and nobody else sees any.

/dev/full stands for a GPU: a node that no student's root has, and that every machine has.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from grading.sandbox import Runtime, WallFault
from grading.sandbox.interface import MIB, Device
from grading.sandbox.namespaces import NamespacesBackend

from .conftest import LIMITS, Send, answer

pytestmark = pytest.mark.wall

FULL = Device(
    "GPU-full",
    "0",
    "Pretend",
    1024 * MIB,
    ("/dev/full",),
    shows=("/proc/version", "/proc/nowhere", "/proc/fs"),
)
LOOKS = """
import os, resource
def tries(name):
    try:
        with open(name, "r+b", buffering=0) as node:
            node.write(b"x")
    except OSError as error:
        return error.errno
seen = (sorted(os.listdir("/dev")), os.path.exists("/proc/version"), os.path.exists("/proc/fs"),
        sorted(os.listdir("/proc")), tries("/dev/full"), dict(os.environ).get("CUDA_VISIBLE_DEVICES"),
        resource.getrlimit(resource.RLIMIT_NOFILE)[0])
say(seen)
"""
USUAL = ["null", "random", "urandom", "zero"]


def looks(backend: NamespacesBackend, runtime: Runtime, send: Send) -> tuple[object, ...]:
    with backend.start(runtime, LIMITS) as process:
        send(process, LOOKS)
        told: tuple[object, ...] = ast.literal_eval(answer(process.channel))
        return told


@pytest.fixture
def on_device(runtime: Runtime) -> Runtime:
    return replace(runtime, device=FULL)


def test_a_child_opens_the_device_of_its_zygote_and_the_others_have_none(
    backend: NamespacesBackend, runtime: Runtime, on_device: Runtime, send: Send
) -> None:
    nodes, version, file_systems, proc, opened, variable, files = looks(backend, on_device, send)
    assert nodes == sorted([*USUAL, "full"])
    assert (version, file_systems) == (True, True)
    assert opened == 28  # ENOSPC: it was opened, written to, and full
    assert (variable, files) == ("GPU-full", 256)
    assert set(proc) == {"self", "version", "fs"}  # type: ignore[call-overload]
    nodes, version, _, _, opened, variable, files = looks(backend, runtime, send)
    assert (nodes, version, opened, variable, files) == (USUAL, False, 2, None, 64)


def test_no_child_waits_with_a_device_in_its_hands(backend: NamespacesBackend, on_device: Runtime) -> None:
    backend.prepare(on_device)
    backend.start(on_device, LIMITS).close()
    (held,) = backend.holdings()
    assert held.children_bytes == ()
    assert held.forks == 1


def test_each_device_has_a_zygote_of_its_own(
    backend: NamespacesBackend, on_device: Runtime, send: Send
) -> None:
    other = replace(on_device, device=replace(FULL, name="GPU-tty", place="1", nodes=("/dev/tty",)))
    first, second = (looks(backend, one, send) for one in (on_device, other))
    assert first[0] == sorted([*USUAL, "full"])
    assert second[0] == sorted([*USUAL, "tty"])
    assert len(backend.holdings()) == 2


def test_a_zygote_that_has_opened_its_device_is_refused(
    backend: NamespacesBackend, on_device: Runtime, tmp_path: Path
) -> None:
    early = tmp_path / "early.py"
    early.write_text("held = open('/dev/full', 'wb', buffering=0)\ndef entry(channel): pass\n")
    with pytest.raises(WallFault, match="has opened /dev/full, which only a child may"):
        backend.prepare(replace(on_device, program=early))


def test_a_device_that_cannot_be_opened_is_our_fault(
    backend: NamespacesBackend, on_device: Runtime, tmp_path: Path
) -> None:
    """As a GPU that has fallen off the bus: what rehearses on it fails, and no student is blamed."""
    fails = tmp_path / "fails.py"
    fails.write_text("def entry(channel): pass\ndef rehearse(): open('/dev/none')\n")
    with pytest.raises(WallFault, match="before it was walled in"):
        backend.start(replace(on_device, program=fails), LIMITS)
