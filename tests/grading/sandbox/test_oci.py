"""What only the `oci` backend has: a container around the zygote, a profile around the filter."""

import json
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.sandbox import Runtime, WallFault, open_backend
from grading.sandbox.inside import policy
from grading.sandbox.namespaces import NamespacesBackend
from grading.sandbox.oci import PREFIX, Container
from grading.sandbox.profile import for_worker, for_zygote, killed

from .conftest import LIMITS, Send, answer, opened

ROOT = Path(__file__).parents[3]


@pytest.fixture
def contained(runtime: Runtime) -> Iterator[NamespacesBackend]:
    backend = opened("runc", runtime)
    yield backend
    backend.close()


def test_a_runtime_that_is_not_installed_is_named_with_its_setting() -> None:
    with pytest.raises(WallFault, match="COURSESITE_SANDBOX_OCI_RUNTIME") as fault:
        open_backend("oci", allow_coarse=True, oci_runtime="no-such-runtime --option")
    assert "no-such-runtime" in fault.value.remedy


@pytest.mark.wall
def test_a_runtime_that_refuses_is_quoted(runtime: Runtime) -> None:
    backend = open_backend("oci", allow_coarse=True, oci_runtime="false --no-container")
    with pytest.raises(WallFault) as fault:
        backend.start(runtime, LIMITS)
    assert fault.value.step == "container"
    assert fault.value.errno == 1
    backend.close()


@pytest.mark.wall
def test_the_containers_own_filter_kills_what_neither_wall_nor_student_needs(
    contained: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    with contained.start(runtime, LIMITS) as process:
        send(process, "import ctypes; ctypes.CDLL(None).syscall(425, 1, 0)")  # io_uring_setup
        assert process.wait(10).forbidden == "syscall"


@pytest.mark.wall
def test_a_closed_backend_leaves_no_container_and_no_folder(
    contained: NamespacesBackend, runtime: Runtime
) -> None:
    contained.prepare(runtime)
    ours = f"{PREFIX}*"
    assert list(Path(tempfile.gettempdir()).glob(ours))
    contained.close()
    assert not list(Path(tempfile.gettempdir()).glob(ours))
    assert not list(Path("/sys/fs/cgroup").glob(f"**/{ours}"))


@pytest.mark.wall
def test_a_container_that_was_killed_is_made_again(
    contained: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    contained.prepare(runtime)
    zygote = contained._zygotes[runtime]
    zygote._launcher.kill()
    while (
        not zygote.has_ended()
    ):  # or the child that waits in it may be taken while it dies: a fault, told later
        time.sleep(0.01)
    with contained.start(runtime, LIMITS) as process:
        send(process, "say('again')")
        assert answer(process.channel) == "'again'"


@pytest.mark.wall
def test_a_container_that_does_not_leave_is_killed(contained: NamespacesBackend, runtime: Runtime) -> None:
    contained.prepare(runtime)
    launcher = contained._zygotes[runtime]._launcher
    assert isinstance(launcher, Container)
    signal.pidfd_send_signal(launcher._inner, signal.SIGSTOP)
    contained.close()
    assert launcher.has_ended()


@pytest.mark.wall
def test_an_engine_holds_the_same_zygote(runtime: Runtime, send: Send) -> None:
    held = [f"podman --runtime {one}" for one in ("crun", "runc") if shutil.which(one)]
    for command in held:
        try:
            backend = opened(command, runtime)
        except pytest.skip.Exception:
            continue
        with backend.start(runtime, LIMITS) as process:
            send(process, "import os; say(os.getuid())")
            assert answer(process.channel) == "1000"
        backend.close()
        listed = subprocess.run([*command.split(), "ps", "-aq"], capture_output=True, text=True, check=True)
        assert listed.stdout == ""
        return
    pytest.skip("podman holds no container here")


@pytest.mark.parametrize("profile", [for_zygote(), for_worker()], ids=["zygote", "worker"])
def test_what_students_are_refused_by_name_passes_the_outer_profile_or_kills(profile: dict) -> None:
    """An error of the outer filter would win over the inner one's held call, and the verdict be lost."""
    answers = {name: rule["action"] for rule in profile["syscalls"] for name in rule["names"]}
    for names in policy.FORBIDDEN.values():
        for name in names:
            expected = "SCMP_ACT_KILL_PROCESS" if name in killed() else "SCMP_ACT_ALLOW"
            assert answers[name] == expected, name


def test_the_profile_that_is_deployed_is_the_one_of_the_tables() -> None:
    assert json.loads((ROOT / "deploy" / "seccomp.json").read_text()) == for_worker()


@pytest.mark.wall
def test_a_runtime_with_a_kernel_of_its_own_that_cannot_hold_the_zygote_grades_nothing(
    runtime: Runtime,
) -> None:
    if shutil.which("runsc") is None:
        pytest.skip("runsc is not installed")
    command = "runsc --network=none --ignore-cgroups --fsgofer-host-uds"
    backend = open_backend("oci", allow_coarse=True, oci_runtime=command)
    with pytest.raises(WallFault):
        backend.start(runtime, LIMITS)
    backend.close()
