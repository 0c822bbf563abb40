"""A backend with a program that runs whatever Python it is sent."""

import socket
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grading.sandbox import Limits, Process, Runtime
from grading.sandbox.namespaces import NamespacesBackend

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

Send = Callable[[Process, str], None]


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """The interpreter of the tests, with nothing preloaded: what is tested here is not NumPy."""
    program = tmp_path_factory.mktemp("program") / "program.py"
    program.write_text(PROGRAM)
    return Runtime("plain", Path(sys.executable), (), program, "entry")


@pytest.fixture
def backend() -> Iterator[NamespacesBackend]:
    backend = NamespacesBackend.open(allow_coarse=True)
    yield backend
    backend.close()


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
