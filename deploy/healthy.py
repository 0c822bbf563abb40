"""`python deploy/healthy.py web|worker|scheduler`: the compose file's health checks; exit code 1 when ill."""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

SCHEDULE = Path("/tmp/beat")  # noqa: S108 - written by the scheduler every three minutes
STALE_SECONDS = 400


def web() -> bool:
    """The process answers and reaches its database, asked under a name that it is reached by."""
    host = os.environ.get("COURSESITE_ALLOWED_HOSTS", "localhost").split(",")[0]
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=9)
    connection.request("GET", "/healthz", headers={"Host": host})
    return connection.getresponse().status == 200


def worker() -> bool:
    """It answers its broker; that its wall stands is the doctor's to say, and the pages do."""
    ask = [sys.executable, "-m", "celery", "-A", "coursesite", "inspect", "ping", "--timeout", "10"]
    ask += ["--destination", f"celery@{socket.gethostname()}"]
    return subprocess.run(ask, stdout=subprocess.DEVNULL, check=False).returncode == 0


def scheduler() -> bool:
    """It has written down lately what it did."""
    newest = max((one.stat().st_mtime for one in SCHEDULE.parent.glob(f"{SCHEDULE.name}*")), default=0.0)
    return time.time() - newest < STALE_SECONDS


if __name__ == "__main__":
    checks = {"web": web, "worker": worker, "scheduler": scheduler}
    sys.exit(0 if checks[sys.argv[1]]() else 1)
