"""Where groups are made, and what is written to them; v2 on folders that look like it."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.sandbox import Limits, hierarchies
from grading.sandbox.cgroups import V2Meter
from grading.sandbox.hierarchies import LEAF, NoCgroups, Pool, own_groups, v2_parent

MIB = 1024 * 1024
LIMITS = Limits(wall_seconds=1, cpu_seconds=1, memory_bytes=64 * MIB, pids=9)
EMPTY_FILES = (
    "cgroup.procs", "cgroup.kill", "cgroup.subtree_control", "cpu.max", "pids.max",
    "memory.max", "memory.swap.max", "memory.oom.group", "memory.reclaim",
)  # fmt: skip
MOUNTINFO = """\
24 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
31 24 0:27 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
32 24 0:28 /docker/7a /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
33 24 0:29 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
"""


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which new folders get the files of a v2 group; its own are there already."""
    make = Path.mkdir

    def mkdir(self: Path, *args: object, **options: object) -> None:
        make(self, *args, **options)  # type: ignore[arg-type]
        fill(self)

    def fill(folder: Path) -> None:
        for name in EMPTY_FILES:
            (folder / name).touch()
        (folder / "cgroup.type").write_text("domain\n")
        (folder / "memory.peak").write_text("5000000\n")
        (folder / "memory.current").write_text("4096\n")
        (folder / "memory.events").write_text("low 0\nmax 3\noom 1\noom_kill 2\noom_group_kill 1\n")
        (folder / "cpu.stat").write_text("usage_usec 1500000\nuser_usec 1000000\n")

    monkeypatch.setattr(Path, "mkdir", mkdir)
    fill(tmp_path)
    return tmp_path


def test_hierarchies_are_read_from_mountinfo() -> None:
    found = hierarchies.hierarchies(MOUNTINFO)
    assert [one.version for one in found] == [2, 1, 1]
    assert {"cpu", "cpuacct"} <= found[1].controllers


def test_a_group_is_found_beneath_the_part_that_a_container_sees() -> None:
    _, cpu, memory = hierarchies.hierarchies(MOUNTINFO)
    assert cpu.folder("/docker/7a/inner") == Path("/sys/fs/cgroup/cpu,cpuacct/inner")
    assert cpu.folder("/elsewhere") == Path("/sys/fs/cgroup/cpu,cpuacct")
    assert memory.folder("/a/b") == Path("/sys/fs/cgroup/memory/a/b")


def test_own_groups_are_known_by_controller() -> None:
    text = "5:cpu,cpuacct:/a\n4:memory:/b\n0::/user.slice/x:y.scope\n"
    assert own_groups(text) == {"cpu": "/a", "cpuacct": "/a", "memory": "/b", "": "/user.slice/x:y.scope"}


def test_a_v2_group_is_told_its_limits_and_read_by_difference(kernel: Path) -> None:
    meter = V2Meter(kernel, "one", lambda _: None)
    group = kernel / "one"
    meter.stand_by(100 * MIB)
    assert (group / "memory.max").read_text() == str(100 * MIB)
    (group / "memory.current").write_text(str(7 * MIB - 1))
    meter.bound(LIMITS)
    assert (group / "memory.max").read_text() == str((7 + 64) * MIB)
    (group / "memory.peak").write_text(str(10 * MIB))
    assert meter.peak_memory() == 3 * MIB
    assert (group / "memory.swap.max").read_text() == "0"
    assert (group / "memory.oom.group").read_text() == "1"
    assert (group / "cpu.max").read_text() == "100000 100000"
    assert (group / "pids.max").read_text() == "9"
    assert (meter.cpu_seconds(), meter.out_of_memory()) == (0, False)
    (group / "cpu.stat").write_text("usage_usec 1750000\n")
    (group / "memory.events").write_text("oom_kill 3\n")
    assert (meter.cpu_seconds(), meter.out_of_memory()) == (0.25, True)
    meter.enter(1234)
    assert (group / "cgroup.procs").read_text() == "1234"
    meter.kill()
    assert (group / "cgroup.kill").read_text() == "1"


def test_a_v2_group_whose_peak_cannot_be_reset_is_used_once(kernel: Path) -> None:
    pool = Pool(lambda name, free: V2Meter(kernel, name, free))
    first = pool.take()
    first.bound(LIMITS)
    first.give_back()
    assert pool.take() is first  # the fake lets its peak be written
    first._resettable = False  # type: ignore[attr-defined]
    first.give_back()
    assert pool.take() is not first


def test_a_group_with_nothing_but_ours_is_emptied_into_a_leaf(
    kernel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kernel / "cgroup.procs").write_text(f"{os.getpid()}\n")
    assert v2_parent(kernel, kernel) == kernel
    assert (kernel / LEAF / "cgroup.procs").read_text() == str(os.getpid())
    assert (kernel / "cgroup.subtree_control").read_text() == "+memory +pids +cpu"


def test_a_second_worker_in_the_leaf_uses_the_group_above(kernel: Path) -> None:
    (kernel / LEAF).mkdir()
    assert v2_parent(kernel / LEAF, kernel) == kernel


@pytest.fixture
def stranger() -> Iterator[int]:
    """The id of a process of another session that no process of ours has started."""
    started = subprocess.run(
        ["sh", "-c", "setsid sleep 60 >/dev/null 2>&1 & echo $!"], stdout=subprocess.PIPE, check=True
    )
    pid = int(started.stdout)
    deadline = time.monotonic() + 10
    while os.getsid(pid) != pid and time.monotonic() < deadline:
        time.sleep(0.01)
    yield pid
    os.kill(pid, signal.SIGKILL)


def test_a_group_shared_with_strangers_is_left_alone(kernel: Path, stranger: int) -> None:
    (kernel / "cgroup.procs").write_text(f"{stranger}\n")
    with pytest.raises(NoCgroups) as missing:
        v2_parent(kernel, kernel)
    assert "Delegate" in missing.value.remedy


def test_root_beside_strangers_goes_to_the_top(
    kernel: Path, stranger: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = kernel / "session"
    own.mkdir()
    (own / "cgroup.procs").write_text(f"{stranger}\n")
    (kernel / "cgroup.type").unlink()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert v2_parent(own, kernel) == kernel


class Group:
    """A group whose last process leaves after `refusals` attempts to remove it."""

    def __init__(self, folder: Path, refusals: int = 0) -> None:
        folder.mkdir()
        self.folder, self.refusals = folder, refusals

    def reset(self) -> bool:
        return False

    def remove(self) -> bool:
        self.refusals -= 1
        if self.refusals >= 0:
            return False
        self.folder.rmdir()
        return True


def test_two_pools_of_one_process_and_a_group_left_behind_do_not_collide(tmp_path: Path) -> None:
    first, second = (Pool(lambda name, _: Group(tmp_path / name)) for _ in range(2))  # type: ignore[arg-type,return-value]
    taken = [first.take(), second.take()]
    highest = max(int(one.name.rsplit("-")[-1]) for one in tmp_path.iterdir())
    (tmp_path / f"coursesite-{os.getpid()}-{highest + 1}").mkdir()
    taken.append(first.take())
    assert len(set(map(id, taken))) == 3
    assert len(list(tmp_path.iterdir())) == 4


def test_a_group_that_a_process_is_still_leaving_is_removed_later(tmp_path: Path) -> None:
    pool = Pool(lambda name, _: Group(tmp_path / name, refusals=3))  # type: ignore[arg-type,return-value]
    meter = pool.take()
    pool._take_back(meter)  # type: ignore[arg-type]
    assert len(list(tmp_path.iterdir())) == 1
    pool.close()
    assert not list(tmp_path.iterdir())


def test_groups_of_dead_workers_are_swept(tmp_path: Path) -> None:
    (tmp_path / "coursesite-99999999-0").mkdir()
    (tmp_path / f"coursesite-{os.getpid()}-0").mkdir()
    hierarchies._sweep(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [f"coursesite-{os.getpid()}-0"]
