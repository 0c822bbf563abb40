"""`manage.py sandbox doctor`: what an operator is told, and what a program that calls it gets."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from grading import wall
from grading.sandbox import WallFault

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _closed() -> Any:
    yield
    wall.close()


@pytest.mark.wall
def test_the_doctor_tells_every_layer_and_sings_both_canaries(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sandbox", "doctor", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["can_grade"]
    assert {"kernel", "user namespaces", "seccomp", "limits"} <= {one["name"] for one in found["layers"]}
    songs = found["canary"]["numpy"]
    assert [song["verdict"] for song in songs] == ["passed", "forbidden"]
    assert all(0 < song["milliseconds"] < 5000 for song in songs)
    held = {one["runtime"]: one for one in found["memory"]}
    assert held["numpy"]["zygote_bytes"] > 5 << 20


@pytest.mark.wall
def test_the_doctor_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sandbox", "doctor")
    told = capsys.readouterr().out
    assert "canary numpy" in told
    assert re.search(r"memory numpy +zygote \d+\.\d MB, children \d", told)
    assert told.rstrip().endswith("This machine can grade.")


def test_without_a_wall_the_doctor_says_the_cure_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_wall() -> None:
        raise WallFault("own_cgroup", None, "delegate a cgroup")

    monkeypatch.setattr(wall, "backend", no_wall)
    with pytest.raises(SystemExit) as stopped:
        call_command("sandbox", "doctor")
    assert stopped.value.code == 1
    assert "delegate a cgroup" in capsys.readouterr().out


@pytest.mark.wall
def test_no_installed_runtime_is_not_a_machine_that_grades(
    settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.RUNTIMES_DIR = tmp_path
    with pytest.raises(SystemExit):
        call_command("sandbox", "doctor")
    assert "./dev install" in capsys.readouterr().out


@pytest.mark.wall
def test_where_namespaces_are_refused_the_doctor_says_how_to_get_them() -> None:
    """In a process of its own, under a filter like the one that engines put around containers."""
    refuse = """
import ctypes, os, platform, struct, sys
number = {"x86_64": 272, "aarch64": 97}[platform.machine()]
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (6, 0, 0, 0x50001), (6, 0, 0, 0x7FFF0000)]
program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *one) for one in steps))
class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_void_p)]
libc = ctypes.CDLL(None)
libc.prctl(38, 1, 0, 0, 0)
libc.prctl(22, 2, ctypes.byref(Filter(4, ctypes.addressof(program))), 0, 0)
os.execv(sys.executable, [sys.executable, "manage.py", "sandbox", "doctor"])
"""
    told = subprocess.run([sys.executable, "-c", refuse], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 1
    assert "user namespaces          EPERM" in told.stdout
    assert "allows unshare and mount" in told.stdout
    assert told.stdout.rstrip().endswith("Nothing can be graded here.")
