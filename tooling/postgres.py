"""A PostgreSQL server for the tests: in a temporary folder, on a unix socket, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import say

SECONDS_TO_START = 30.0
SHORT = Path("/tmp")  # noqa: S108 - a socket's path has 107 bytes
QUICK = ("--locale=C", "--no-sync")


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest that the machine has; None where it has none."""
    folders = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if folders:
        return max(folders, key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def running(found: Path) -> Iterator[str]:
    """A fresh server of the programs in `found` while the body runs; gives the address of its database."""
    folder = Path(tempfile.mkdtemp(prefix="coursesite-postgres-", dir=SHORT))
    data = folder / "data"
    server: subprocess.Popen[bytes] | None = None
    try:
        become = _owner(folder)
        made = subprocess.run(
            [*become, found / "initdb", "-D", data, "-U", "coursesite", "-A", "trust", "-E", "UTF8", *QUICK],
            capture_output=True,
            cwd=folder,
        )
        if made.returncode:
            raise say.Refusal(f"initdb failed: {made.stderr.decode(errors='replace').strip()}")
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [*become, found / "postgres", "-D", data, *words], stdout=log, stderr=log, cwd=folder
            )
        _await(found, folder, server)
        subprocess.run([found / "createdb", "-h", folder, "-U", "coursesite", "coursesite"], check=True)
        yield f"postgres://coursesite@{str(folder).replace('/', '%2F')}/coursesite"
    finally:
        if server:
            server.terminate()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> list[str]:
    """The command to become whom the server runs as: never root, who becomes postgres or nobody."""
    if os.geteuid():
        return []
    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, person.pw_uid, person.pw_gid)
        identity = (f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups")
        return ["setpriv", *identity, "--pdeathsig=INT"]
    raise say.Refusal("PostgreSQL does not run as root: run ./dev test as somebody else")


def _await(found: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    """Until it takes connections: its socket is there before that."""
    until = time.monotonic() + SECONDS_TO_START
    while subprocess.run([found / "pg_isready", "--quiet", "-h", folder]).returncode:
        if server.poll() is not None or time.monotonic() > until:
            told = (folder / "log").read_text(errors="replace").strip().splitlines()[-3:]
            raise say.Refusal(f"PostgreSQL did not start: {' '.join(told)}")
        time.sleep(0.05)
