"""What `./dev` refuses, and that each refusal is one sentence with its cure."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from tooling import environments, machine, say, steps
from tooling.places import ROOT
from tooling.running import Site


def dev(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **variables}
    return subprocess.run([ROOT / "dev", *words], env=env, capture_output=True, text=True, timeout=60)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def path_with(tmp_path: Path):
    """A PATH on which these interpreters, and nothing else but what sh needs, are found."""

    def make(**interpreters: str) -> str:
        folder = tmp_path / "bin"
        folder.mkdir()
        (folder / "dirname").symlink_to(shutil.which("dirname") or "")
        for name, answer in interpreters.items():
            (folder / name).write_text(f"#!/bin/sh\necho '{answer}'\n")
            (folder / name).chmod(0o755)
        return str(folder)

    return make


def test_an_unknown_verb_prints_the_list_and_exits_2():
    done = dev("lunch")
    assert done.returncode == 2
    assert "there is no verb 'lunch'" in done.stderr
    assert "    check " in done.stderr


def test_help_lists_every_verb():
    done = dev("help")
    assert done.returncode == 0
    for verb in ("up", "down", "test", "check", "bench", "manage", "clean"):
        assert f"    {verb} " in done.stdout


def test_an_old_python_is_told_which_one_is_needed(path_with):
    done = dev("up", PATH=path_with(python3="3.9 False"))
    assert done.returncode == 1
    assert "only python3 (3.9)" in done.stderr
    assert "3.11 or newer" in done.stderr
    assert "PYTHON=" in done.stderr


def test_no_python_at_all_is_told_too(path_with):
    done = dev("up", PATH=path_with())
    assert done.returncode == 1
    assert "no Python was found" in done.stderr


def test_an_interpreter_named_by_the_user_goes_first(path_with):
    done = dev("help", PATH=path_with(python3="3.9 False"), PYTHON=sys.executable)
    assert done.returncode == 0


def test_a_taken_port_is_refused_with_one_that_is_free(var):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = dev("up", "--port", str(port), COURSESITE_VAR_DIR=str(var))
    assert done.returncode == 1
    assert f"port {port} is taken" in done.stderr
    free = int(done.stderr.rsplit("--port ", 1)[1])
    assert machine.port_fault("127.0.0.1", free) is None


def test_an_address_that_is_not_of_this_machine_is_refused(var):
    done = dev("up", "--host", "192.0.2.1", COURSESITE_VAR_DIR=str(var))
    assert done.returncode == 1
    assert "has no address 192.0.2.1" in done.stderr


def test_a_second_up_is_told_of_the_first(var):
    var.mkdir()
    site = Site(var)
    site.hold()
    site.announce("http://localhost:8123/")
    done = dev("up", COURSESITE_VAR_DIR=str(var))
    assert done.returncode == 1
    assert "http://localhost:8123/" in done.stderr
    assert "./dev down" in done.stderr


def test_a_running_site_is_not_deleted(var):
    var.mkdir()
    Site(var).hold()
    done = dev("clean", "--yes", COURSESITE_VAR_DIR=str(var))
    assert done.returncode == 1
    assert "./dev down" in done.stderr
    assert var.exists()


def test_clean_deletes_nothing_when_nobody_can_agree(var):
    var.mkdir()
    done = dev("clean", COURSESITE_VAR_DIR=str(var))
    assert done.returncode == 1
    assert "nothing was deleted" in done.stderr
    assert var.exists()


def test_a_path_too_long_for_a_socket_is_refused_with_a_way_out(tmp_path):
    done = dev("up", COURSESITE_VAR_DIR=str(tmp_path / ("x" * 100)))
    assert done.returncode == 1
    assert "too long for a socket" in done.stderr
    assert "COURSESITE_VAR_DIR=" in done.stderr


def test_another_system_is_sent_to_a_linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(say.Refusal, match="WSL2"):
        machine.refuse_other_systems()


def test_a_folder_of_somebody_else_is_refused_with_chown(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "DEV", tmp_path / "dev")

    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "dev"))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(say.Refusal, match="chown"):
        machine.refuse_read_only()


@pytest.mark.parametrize(
    ("number", "told"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only file system")]
)
def test_a_fault_of_the_machine_is_told_as_a_sentence(number, told):
    assert told in (machine.explain(OSError(number, os.strerror(number), "/somewhere")) or "")


def test_too_small_a_disk_is_refused_before_the_installation(monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**10, 9 * 10**9, 10**9))
    machine.refuse_full_disk(runtimes=[])
    with pytest.raises(say.Refusal, match="--no-torch"):
        machine.refuse_full_disk(runtimes=["torch"])


def test_a_python_without_pip_and_venv_is_refused_with_the_package_to_install(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(say.Refusal, match="python3-venv"):
        environments._pip()


@pytest.mark.parametrize(
    "output",
    [
        "error: Request failed after 3 retries in 8.1s\n  cause: dns error\n",  # uv
        "WARNING: Retrying … NewConnectionError('…: [Errno -3] Temporary failure in name resolution')",  # pip
        "npm error code ENOTFOUND\nnpm error network request to … failed",  # npm
    ],
)
def test_a_missing_network_is_told_as_such_and_not_as_a_traceback(tmp_path, output):
    refusal = steps.explain(output, path=tmp_path / "log", code=1)
    assert "registry does not answer" in str(refusal)
    assert "run the same command again" in str(refusal)


def test_a_network_with_its_own_certificate_is_told_how_to_name_it(tmp_path):
    output = "npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error request to … failed, reason: self-signed"
    assert "NODE_EXTRA_CA_CERTS=" in str(steps.explain(output, path=tmp_path / "log", code=1))


def test_a_full_disk_during_the_installation_is_told_as_such(tmp_path):
    refusal = steps.explain("OSError: [Errno 28] No space left on device", path=tmp_path / "log", code=1)
    assert "the disk is full" in str(refusal)


def test_any_other_failure_shows_its_last_words_and_where_the_rest_is(tmp_path):
    refusal = steps.explain("one\ntwo\nesbuild: no such file", path=tmp_path / "log", code=3)
    assert "status 3" in str(refusal)
    assert str(tmp_path / "log") in str(refusal)
    assert "esbuild: no such file" in str(refusal)
