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


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest that the machine has; None where it has none."""
    folders = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if folders:
        return max(folders, key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def running() -> Iterator[str]:
    """A fresh server while the body runs; gives the address of its database."""
    found = programs()
    assert found, "ask `programs` first"
    folder = Path(tempfile.mkdtemp(prefix="coursesite-postgres-", dir="/tmp"))  # noqa: S108: its sockets need a short path
    owner = _owner(folder)
    server: subprocess.Popen[bytes] | None = None
    try:
        made = subprocess.run(
            [found / "initdb", "-D", folder / "data", "-U", "coursesite", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            **owner,
            capture_output=True,
        )
        if made.returncode:
            raise say.Refusal(f"initdb failed: {made.stderr.decode(errors='replace').strip()}")
        options = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off", "full_page_writes": "off"}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen([found / "postgres", "-D", folder / "data", *words], **owner, stdout=log, stderr=log)
        _await(folder, server)
        subprocess.run([found / "createdb", "-h", folder, "-U", "coursesite", "coursesite"], check=True)
        yield f"postgres://coursesite@{str(folder).replace('/', '%2F')}/coursesite"
    finally:
        if server:
            server.terminate()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> dict[str, object]:
    """Whom the server runs as: PostgreSQL refuses root, so root lends it to the machine's postgres, or to nobody."""
    if os.geteuid():
        return {"cwd": folder}
    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, person.pw_uid, person.pw_gid)
        return {"cwd": folder, "user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise say.Refusal("PostgreSQL does not run as root and this machine has neither a postgres nor a nobody: run as somebody else")


def _await(folder: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while not (folder / ".s.PGSQL.5432").exists():
        if server.poll() is not None or time.monotonic() > until:
            told = (folder / "log").read_text(errors="replace").strip().splitlines()[-3:]
            raise say.Refusal(f"PostgreSQL did not start: {' '.join(told)}")
        time.sleep(0.05)
