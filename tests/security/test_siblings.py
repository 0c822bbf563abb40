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
