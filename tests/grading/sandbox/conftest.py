"""Every backend that this machine can hold, with a program that runs whatever Python it is sent."""

import shutil
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from grading.sandbox import Limits, Process, Runtime, WallFault
from grading.sandbox.care import USUAL, Care
from grading.sandbox.namespaces import NamespacesBackend
from grading.sandbox.oci import OciBackend

MIB = 1024 * 1024
LIMITS = Limits(wall_seconds=10, cpu_seconds=10, memory_bytes=128 * MIB)
PROGRAM = '''
import struct

def entry(channel):
    """Run the source that comes over the channel; `say` answers."""
    (size,) = struct.unpack(">I", channel.recv(4))
    source = b""
    while len(source) < size:
        source += channel.recv(size - len(source))
    say = lambda value: channel.sendall(repr(value).encode())
    exec(compile(source, "sent.py", "exec"), {"channel": channel, "say": say})
'''

BACKENDS = ["namespaces", "crun", "runc"]
Send = Callable[[Process, str], None]


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """The interpreter of the tests, with nothing preloaded: what is tested here is not NumPy."""
    program = tmp_path_factory.mktemp("program") / "program.py"
    program.write_text(PROGRAM)
    return Runtime("plain", Path(sys.executable), (), program, "entry")


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, runtime: Runtime) -> Iterator[NamespacesBackend]:
    """`namespaces`, then `oci` with each runtime: what passes with one passes with all."""
    backend = opened(request.param, runtime)
    yield backend
    backend.close()


def opened(name: str, runtime: Runtime, care: Care = USUAL) -> NamespacesBackend:
    """The backend `name`, or `oci` with the runtime of that name; skips where this machine cannot."""
    if name == "namespaces":
        return NamespacesBackend.open(allow_coarse=True, care=care)
    if why := refusal(name, runtime):
        pytest.skip(why)
    return OciBackend.open_with(name, allow_coarse=True, care=care)


@cache
def refusal(command: str, runtime: Runtime) -> str:
    """Why the container runtime cannot hold a zygote here; only its own refusals count, not our faults."""
    if shutil.which(command.split()[0]) is None:
        return f"{command} is not installed"
    backend = OciBackend.open_with(command, allow_coarse=True)
    try:
        backend.prepare(runtime)
    except WallFault as fault:
        if fault.step != "container":
            raise
        return str(fault)
    finally:
        backend.close()
    return ""


@pytest.fixture
def send() -> Send:
    def send(process: Process, source: str) -> None:
        data = source.encode()
        process.channel.sendall(struct.pack(">I", len(data)) + data)

    return send


def answer(channel: socket.socket) -> str:
    """What the program said until it hung up."""
    channel.settimeout(10)
    heard = b""
    while data := channel.recv(65536):
        heard += data
    return heard.decode()
