"""Each layer by itself, seen from the host while a student's process runs: behind the first one that holds,
an attack cannot tell whether the second is there."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grading.sandbox import Runtime, WallFault
from grading.sandbox.coarse import open_coarse
from grading.sandbox.hierarchies import PREFIX, own_groups
from grading.sandbox.inside import steps
from grading.sandbox.namespaces import NamespacesBackend
from grading.sandbox.zygotes import INSIDE, host_pid

from .conftest import LIMITS, MIB, Send, answer

pytestmark = pytest.mark.wall

NAMESPACES = ("user", "mnt", "pid", "net", "ipc", "uts")


@pytest.fixture
def child(backend: NamespacesBackend, runtime: Runtime, send: Send) -> Iterator[Path]:
    """The /proc folder of a student's process that sleeps."""
    with backend.start(runtime, LIMITS) as process:
        send(process, "say('up'); import time; time.sleep(100)")
        process.channel.settimeout(10)
        assert process.channel.recv(10)
        yield Path(f"/proc/{host_pid(process._pidfd)}")


def test_it_holds_no_capability_and_can_gain_none(child: Path, backend: NamespacesBackend) -> None:
    status = dict(
        line.split(":\t", 1) for line in (child / "status").read_text().splitlines() if ":\t" in line
    )
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, name
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    containers = int(backend.name == "oci")  # with a filter of its own, asked besides ours
    assert status["Seccomp_filters"].strip() == str(1 + containers + _own_filters())


def test_it_has_namespaces_of_its_own(child: Path, backend: NamespacesBackend, runtime: Runtime) -> None:
    with backend.start(runtime, LIMITS) as other:
        sibling = Path(f"/proc/{host_pid(other._pidfd)}")
        for name in NAMESPACES:
            ours, its, another = ((p / "ns" / name).readlink() for p in (Path("/proc/self"), child, sibling))
            assert len({ours, its, another}) == 3, name


def test_it_is_nobody_on_the_host(child: Path) -> None:
    expected = 60999 if os.geteuid() == 0 else os.geteuid()
    uids = next(line for line in (child / "status").read_text().splitlines() if line.startswith("Uid:"))
    assert uids.split()[1:] == [str(expected)] * 4


def test_it_leaves_no_core_and_goes_first_when_memory_is_short(
    child: Path, backend: NamespacesBackend
) -> None:
    assert (child / "oom_score_adj").read_text() == "1000\n"
    if not backend.metering.coarse:
        assert (
            child / "environ"
        ).stat().st_uid == 0  # how the kernel shows a process that must not be dumped


def test_it_shares_no_memory_with_its_siblings(child: Path) -> None:
    modes = [line.split()[1] for line in (child / "maps").read_text().splitlines()]
    assert not [mode for mode in modes if mode[1] == "w" and mode[3] == "s"]


def test_a_preload_that_shares_memory_is_refused(runtime: Runtime, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import mmap\nshared = mmap.mmap(-1, 4096)\ndef entry(channel): pass\n")
    backend = NamespacesBackend.open(allow_coarse=True)
    try:
        with pytest.raises(WallFault, match="shares memory") as fault:
            backend.prepare(replace(runtime, program=program))
        assert fault.value.step == "seal"
    finally:
        backend.close()


def test_only_its_scratch_can_be_written(child: Path) -> None:
    seen: dict[str, set[str]] = {}
    for line in (child / "mountinfo").read_text().splitlines():
        point, flags = line.split()[4:6]
        covered = [one for one in seen if one.startswith(f"{point.rstrip('/')}/")]
        if point in seen:  # the last one at a point covers those before, and what they held
            for one in covered:
                del seen[one]
        seen[point] = set(flags.split(","))
    assert {"rw", "nosuid", "nodev", "noexec"} <= seen.pop("/tmp")
    for point, held in seen.items():
        assert {"ro", "nosuid", "noexec" if point.startswith("/dev/") else "nodev"} <= held, point


def test_its_limits_are_set(child: Path) -> None:
    limits = {
        line[:26].strip(): line[26:].split()[:2] for line in (child / "limits").read_text().splitlines()
    }
    assert limits["Max core file size"] == ["0", "0"]
    assert limits["Max processes"] == ["64", "64"]
    assert limits["Max open files"] == ["64", "64"]
    assert limits["Max cpu time"] == ["11", "11"]
    assert limits["Max file size"] == [str(16 * MIB)] * 2


def test_its_group_bounds_memory_processes_and_one_cpu(child: Path, backend: NamespacesBackend) -> None:
    if backend.metering.coarse:
        pytest.skip("no control groups here")
    groups = own_groups((child / "cgroup").read_text())
    name = next(Path(path).name for path in groups.values() if PREFIX in path)
    files = {file.name: file for file in Path("/sys/fs/cgroup").glob(f"**/{name}/*")}

    def told(v2: str, v1: str) -> str:
        return files[v2 if v2 in files else v1].read_text().split()[0]

    memory = int(told("memory.max", "memory.limit_in_bytes"))
    assert 0 <= memory - LIMITS.memory_bytes < 16 * MIB  # what the child held before it was the student's
    assert told("memory.swap.max", "memory.memsw.limit_in_bytes") in ("0", str(memory))
    assert told("pids.max", "pids.max") == str(LIMITS.pids)
    assert told("cpu.max", "cpu.cfs_quota_us") == "100000"


def test_it_has_its_descriptors_and_no_others(child: Path) -> None:
    kinds = {int(one.name): one.readlink().name.split(":")[0] for one in (child / "fd").iterdir()}
    assert kinds == {0: "null", 1: "pipe", 2: "pipe", 3: "socket"}


def test_coarse_limits_bound_the_address_space_and_keep_to_one_cpu(
    backend: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    backend.metering = open_coarse()
    with backend.start(runtime, LIMITS) as process:
        send(process, "import os, resource; say((len(os.sched_getaffinity(0)), resource.getrlimit(9)[0]))")
        cpus, space = ast.literal_eval(answer(process.channel))
        assert cpus == 1
        assert 2 * LIMITS.memory_bytes < space < 2 * LIMITS.memory_bytes + (4 << 30)


def test_landlock_holds_where_the_mounts_would_not(tmp_path: Path) -> None:
    """The same call that the step makes, on a folder that everybody may write."""
    tmp_path.chmod(0o777)
    script = f"""
import sys
sys.path.insert(0, {str(INSIDE.parent)!r})
from inside import kernel, steps
if not kernel.landlock_version():
    sys.exit(77)
open({str(tmp_path / "before")!r}, "w")
steps.SCRATCH = {str(tmp_path / "scratch")!r}
walled = steps.Walled({{}}, 0, 0, 0, 0, kernel.landlock_version(), {{}}, None)
kernel.no_new_privileges()
steps.landlock(walled)
open({str(tmp_path / "scratch" / "own")!r}, "w").close()
for path in ({str(tmp_path / "before")!r}, {str(tmp_path / "after")!r}):
    try:
        open(path, "w")
        sys.exit(1)
    except PermissionError:
        pass
"""
    (tmp_path / "scratch").mkdir()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    if done.returncode == 77:
        pytest.skip("no Landlock in this kernel")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("step", steps.STEPS, ids=lambda step: step.__name__)
def test_a_step_that_fails_is_our_fault_and_no_student_runs(
    step: object, runtime: Runtime, tmp_path: Path
) -> None:
    """The program, loaded before any child is made, breaks one step of the wall; it is told by name."""
    name = step.__name__  # type: ignore[attr-defined]
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        "steps = sys.modules['inside.steps']\n"
        "def broken(walled): raise OSError(28, 'broken on purpose')\n"
        f"broken.__name__ = {name!r}\n"
        f"steps.STEPS = tuple(broken if s.__name__ == {name!r} else s for s in steps.STEPS)\n"
        "def entry(channel): channel.sendall(b'ran')\n"
    )
    backend = NamespacesBackend.open(allow_coarse=True)
    try:
        with pytest.raises(WallFault, match="broken on purpose") as fault:
            backend.start(replace(runtime, program=program), LIMITS)
        assert (fault.value.step, fault.value.errno) == (name, 28)
    finally:
        backend.close()


def _own_filters() -> int:
    """Filters that the tests themselves run under, in a container."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("Seccomp_filters:"):
            return int(line.split()[1])
    return 0
