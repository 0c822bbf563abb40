"""Attacks on what students share, alone as each is: the zygote, its process group, its user, its groups."""

import pytest

from .conftest import Wall

pytestmark = pytest.mark.wall

BYSTANDER = {"source": "import time\ndef ataque(f):\n    time.sleep(1.5)\n    return 'alive'", "seconds": 20}
NEXT = {"source": "def ataque(f): return 'started'", "seconds": 20}


@pytest.mark.parametrize(
    "aims",
    ["[-1, *range(2, 40000)]", "[0]", "[-os.getpgrp(), -os.getpgid(0), -os.getsid(0)]", "[os.getppid()]"],
    ids=["30 everyone", "30 the process group", "30 the group by number", "30 the parent"],
)
def test_30_killing_everyone_kills_no_one_else(wall: Wall, aims: str) -> None:
    attacker = f"""
import os, signal, time
def ataque(f):
    time.sleep(0.6)
    for aim in {aims}:
        for one in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
            try: os.kill(aim, one)
            except OSError: pass
    return os.getpid()
"""
    attack, other = wall.beside({"source": attacker, "seconds": 20}, BYSTANDER, after=0.2)
    assert other["value"] == "alive"
    assert attack["value"] == 1


def test_78_descriptors_left_in_the_channel_do_not_keep_others_from_starting(wall: Wall) -> None:
    """Sent and not received they count against the user, who is one for all students."""
    attacker = """
import array, socket, threading, time
sent = []
def flood():
    channel = socket.socket(fileno=3)
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0] * 253))]
    for _ in range(20):
        try: sent.append(channel.sendmsg([b"\\0"], rights, socket.MSG_DONTWAIT))
        except OSError: pass
    channel.detach()
def ataque(f):
    threading.Timer(0.1, flood).start()
    f(0.0)  # the judge is busy with this for a while, and reads nothing
    return len(sent)
"""
    slow = {"source": attacker, "seconds": 20, "oracle_seconds": 3.0}
    attack, *others = wall.beside(slow, *[NEXT] * 4, after=0.8)
    assert [other["value"] for other in others] == ["started"] * 4
    assert (attack["verdict"], attack["value"]) == ("passed", 0)


LOCKS = """
import fcntl, os, struct, time
import numpy
SHARED = numpy.__file__  # of the runtime, read-only, the same for every student
READ_LOCK = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0)
def taken(ask):
    try: ask()
    except OSError: return False
    return True
def ataque(f):
    file = os.open(SHARED, os.O_RDONLY)
    folder = os.open(os.path.dirname(SHARED), os.O_RDONLY)
    took = {
        "flock": taken(lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)),
        "lockf": taken(lambda: fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)),
        "of the open file": taken(lambda: fcntl.fcntl(file, 37, READ_LOCK)),
        "lease": taken(lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)),
        "notice": taken(lambda: fcntl.fcntl(folder, fcntl.F_NOTIFY, 1)),
    }
    time.sleep(1.0)
    return [name for name, it_did in took.items() if it_did]
"""


def test_113_locks_on_shared_files_tell_no_other_student_a_bit(wall: Wall) -> None:
    sender, receiver = wall.beside(*[{"source": LOCKS, "seconds": 20}] * 2, after=0.3)
    assert (sender["value"], receiver["value"]) == ([], [])
