"""Runs in a runtime's own interpreter, with nothing of ours: the work warm, and in a bare namespaced fork.

`python bare.py SOURCE ROUNDS PAUSE` prints {"work_ms": […], "bare_fork_ms": […]}. The fork takes the same
namespaces as the wall's children (user, pid, mount, net, ipc, uts), does the work and ends; no limits,
no filter, no protocol.
"""

import ctypes
import gc
import json
import os
import sys
import time
from pathlib import Path

NEWNS, NEWUTS, NEWIPC = 0x20000, 0x4000000, 0x8000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def must(result: int, what: str) -> None:
    """Stop with the reason if a call of the C library failed."""
    if result != 0:
        raise OSError(ctypes.get_errno(), what)


def own_user_namespace() -> None:
    """Become root of a user namespace, as the zygote is, so that an ordinary user can measure too."""
    uid, gid = os.getuid(), os.getgid()
    must(libc.unshare(NEWUSER), "unshare user")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
    Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
    # and pid 1 of a pid namespace that belongs to it: only into such a one can it step back after a fork
    must(libc.unshare(NEWPID), "unshare pid")
    if child := os.fork():
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def forked(work: object) -> float:
    """Milliseconds of one fork in fresh namespaces that does the work."""
    home = os.open("/proc/self/ns/pid", os.O_RDONLY)
    started = time.perf_counter()
    must(libc.unshare(NEWPID), "unshare pid")
    child = os.fork()
    if child == 0:
        try:
            must(libc.unshare(NEWUSER | NEWNS | NEWNET | NEWIPC | NEWUTS), "unshare")
            work(7)
            os._exit(0)
        finally:
            os._exit(1)
    must(libc.setns(home, NEWPID), "setns")
    _, status = os.waitpid(child, 0)
    elapsed = 1e3 * (time.perf_counter() - started)
    os.close(home)
    if status != 0:
        raise RuntimeError(f"the forked work ended with status {status}")
    return elapsed


def main(source: str, rounds: int, pause: float) -> None:
    """Time both, in turn, after one of each that does not count."""
    space: dict = {}
    exec(compile(Path(source).read_text(), source, "exec"), space)  # noqa: S102  (our own text)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    work = space["trabajo"]
    own_user_namespace()
    gc.collect()
    gc.freeze()
    figures: dict = {"work_ms": [], "bare_fork_ms": []}
    work(7)
    forked(work)
    for _ in range(rounds):
        time.sleep(pause)
        started = time.perf_counter()
        work(7)
        figures["work_ms"].append(1e3 * (time.perf_counter() - started))
        time.sleep(pause)
        figures["bare_fork_ms"].append(forked(work))
    print(json.dumps(figures))


main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
