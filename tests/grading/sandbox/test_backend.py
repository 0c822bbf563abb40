"""The backend as the judge uses it, and what it does when something of ours breaks."""

import ast
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from grading.sandbox import Runtime, WallFault, namespaces, open_backend
from grading.sandbox.coarse import open_coarse
from grading.sandbox.hierarchies import NoCgroups
from grading.sandbox.namespaces import NamespacesBackend

from .conftest import LIMITS, MIB, Send, answer, refusal

pytestmark = pytest.mark.wall


@pytest.fixture(params=["as found", "coarse"])
def either(request: pytest.FixtureRequest, backend: NamespacesBackend) -> NamespacesBackend:
    """The best limits that this machine has, and the coarse ones."""
    if request.param == "coarse":
        backend.metering = open_coarse()
    return backend


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_a_program_talks_over_the_channel_and_prints(
    either: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    with either.start(runtime, LIMITS) as process:
        send(process, "import sys; print('out'); print('err', file=sys.stderr); say(6 * 7); sys.exit(3)")
        assert answer(process.channel) == "42"
        ending = process.wait(10)
        assert (ending.code, ending.signal, ending.forbidden, ending.out_of_memory) == (3, None, None, False)
        assert os.read(process.output, 100) == b"out\nerr\n"


def test_an_exception_is_printed_and_exits_with_one(
    backend: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    with backend.start(runtime, LIMITS) as process:
        send(process, "1 / 0")
        assert process.wait(10).code == 1
        assert b"ZeroDivisionError" in os.read(process.output, 5000)


def test_memory_is_measured_and_its_limit_told(
    either: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    with either.start(runtime, LIMITS) as process:
        send(process, "kept = bytearray(b'x') * (40 << 20); import time; time.sleep(0.2)")
        assert process.wait(10).code == 0
        assert 38 * MIB < process.usage().peak_memory_bytes < 60 * MIB
    with either.start(runtime, LIMITS) as process:
        send(process, "kept = []\nwhile True: kept.append(bytearray(b'x') * (1 << 16))")
        assert process.wait(10).out_of_memory


def test_processor_time_is_measured_and_its_limit_told(
    either: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    with either.start(runtime, replace(LIMITS, cpu_seconds=0.3, wall_seconds=30)) as process:
        send(process, "while True: pass")
        assert process.wait(30).out_of_time == "cpu"
        assert 0.3 < process.usage().cpu_seconds < 1


def test_the_time_on_the_clock_is_limited_too(
    either: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    with either.start(runtime, replace(LIMITS, wall_seconds=0.3)) as process:
        send(process, "import time; time.sleep(100)")
        assert process.wait(10).out_of_time == "wall"


def test_a_refused_syscall_is_told_by_category(
    either: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    with either.start(runtime, LIMITS) as process:
        send(process, "import socket; socket.socket()")
        assert process.wait(10).forbidden == "network"


def test_killing_is_quick_and_harmless_again(
    backend: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    process = backend.start(runtime, LIMITS)
    send(process, "import os, time\nos.fork(); os.fork()\ntime.sleep(100)")
    with pytest.raises(TimeoutError):
        process.wait(0.1)
    started = time.monotonic()
    for _ in range(3):
        process.kill()
    assert process.wait(5).signal == signal.SIGKILL
    assert time.monotonic() - started < 2
    process.close()
    process.close()
    process.kill()


def test_a_process_killed_before_it_runs_ends_like_any_other(
    backend: NamespacesBackend, runtime: Runtime
) -> None:
    for _ in range(10):
        with backend.start(runtime, LIMITS) as process:
            process.kill()
            assert process.wait(5).signal == signal.SIGKILL


def test_many_threads_start_and_end_at_once_and_leave_nothing(
    either: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    def one(number: int) -> str:
        with either.start(runtime, LIMITS) as process:
            send(process, f"say({number} ** 2)")
            return answer(process.channel)

    either.prepare(runtime)
    before = descriptors()
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(one, range(24))) == [str(number**2) for number in range(24)]
    assert eventually(lambda: descriptors() <= before)


def test_a_spare_stands_ready_and_a_new_one_follows(backend: NamespacesBackend, runtime: Runtime) -> None:
    backend.prepare(runtime)
    spare = backend._spares[runtime]
    with backend.start(runtime, LIMITS) as process:
        assert process._pidfd == spare._pidfd
        assert eventually(lambda: backend._spares.get(runtime) not in (None, spare))


def test_two_forks_draw_different_numbers(backend: NamespacesBackend, runtime: Runtime, send: Send) -> None:
    runtime = replace(runtime, preload=("random", "numpy.random"))
    drawn = []
    for _ in range(2):
        with backend.start(runtime, LIMITS) as process:
            send(process, "import random, numpy; say([random.random(), float(numpy.random.random())])")
            drawn.append(ast.literal_eval(answer(process.channel)))
    assert drawn[0][0] != drawn[1][0]
    assert drawn[0][1] != drawn[1][1]


def test_another_scratch_gets_a_child_of_its_own(
    backend: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    backend.prepare(runtime)
    with backend.start(runtime, replace(LIMITS, scratch_bytes=2 * MIB)) as process:
        send(process, "import os; s = os.statvfs('/tmp'); say(s.f_blocks * s.f_frsize)")
        assert answer(process.channel) == str(2 * MIB)


def test_a_spare_that_died_waiting_is_not_missed(
    backend: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    backend.prepare(runtime)
    zygote = backend._zygotes[runtime]
    signal.pidfd_send_signal(backend._spares[runtime]._pidfd, signal.SIGKILL)
    time.sleep(0.1)
    with backend.start(runtime, LIMITS) as process:
        send(process, "say('alive')")
        assert answer(process.channel) == "'alive'"
    assert backend._zygotes[runtime] is zygote


def test_a_dead_zygote_is_made_again_and_its_children_are_our_fault(
    backend: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    with backend.start(runtime, LIMITS) as orphan:
        backend._zygotes[runtime]._launcher.kill()
        with pytest.raises(WallFault) as fault:
            orphan.wait(10)
        assert fault.value.step == "zygote"
    with backend.start(runtime, LIMITS) as process:
        send(process, "say('again')")
        assert answer(process.channel) == "'again'"


def test_a_child_that_cannot_begin_is_our_fault(
    backend: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    with backend.start(runtime, replace(LIMITS, cpu_seconds=float("nan"))) as process:
        with pytest.raises(WallFault, match="NaN") as fault:
            process.wait(10)
        assert fault.value.step == "word"


def test_a_guard_that_fails_ends_its_process_and_says_so(
    either: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    with either.start(runtime, LIMITS) as process:

        def broken() -> float:
            raise OSError(19, "no such group")

        process._meter.cpu_seconds = broken
        send(process, "import time; time.sleep(100)")
        with pytest.raises(WallFault, match="no such group") as fault:
            process.wait(10)
        assert fault.value.step == "guard"
        assert select.select([process._pidfd], [], [], 0)[0]  # it has ended


def test_a_runtime_below_the_folder_of_the_scratch_is_found_all_the_same(
    backend: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        venv.create(folder, symlinks=True)
        packages = next(Path(folder).glob("lib/python*/site-packages"))
        (packages / "early.py").write_text("number = 1")
        (packages / "late.py").write_text("number = 2")
        below = replace(runtime, name="below", python=Path(folder, "bin", "python"), preload=("early",))
        process = backend.start(below, LIMITS)
        send(process, "import early, late, os; say((early.number, late.number, os.listdir('/tmp')))")
        assert answer(process.channel) == "(1, 2, [])"
        process.close()


def test_what_cannot_be_imported_is_a_fault_with_a_remedy(
    backend: NamespacesBackend, runtime: Runtime
) -> None:
    with pytest.raises(WallFault, match="no_such_module") as fault:
        backend.prepare(replace(runtime, preload=("no_such_module",)))
    assert fault.value.step == "preload"


def test_an_interpreter_that_is_not_there_is_a_fault(backend: NamespacesBackend, runtime: Runtime) -> None:
    with pytest.raises(WallFault, match="cannot be run") as fault:
        backend.start(replace(runtime, python=Path("/nowhere/python")), LIMITS)
    assert fault.value.step == "interpreter"


def test_a_zygote_that_ends_at_once_is_a_fault_with_its_last_words(
    backend: NamespacesBackend, runtime: Runtime, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text("import os\nprint('last words', flush=True)\nos._exit(9)")
    with pytest.raises(WallFault, match="last words"):
        backend.start(replace(runtime, program=program), LIMITS)


def test_coarse_limits_are_refused_unless_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_here() -> None:
        raise NoCgroups("no cgroups", "get some")

    monkeypatch.setattr(namespaces, "open_cgroups", none_here)
    with pytest.raises(WallFault, match="get some") as fault:
        open_backend("namespaces", allow_coarse=False)
    assert "ALLOW_COARSE_LIMITS" in fault.value.remedy
    open_backend("namespaces", allow_coarse=True).close()


def test_an_unknown_backend_is_named() -> None:
    with pytest.raises(WallFault, match="chroot"):
        open_backend("chroot", allow_coarse=True)


def test_the_doctor_finds_what_the_wall_needs(backend: NamespacesBackend) -> None:
    layers = {layer.name: layer for layer in backend.doctor()}
    for name in (
        "kernel",
        "user namespaces",
        "mount namespaces",
        "pid namespaces",
        "network namespaces",
        "seccomp",
    ):
        assert layers[name].present, layers[name]
    assert all(layer.present or layer.remedy for layer in layers.values())


@pytest.mark.parametrize("command", ["", "crun", "runc"], ids=["namespaces", "crun", "runc"])
def test_a_worker_that_is_killed_leaves_no_process(runtime: Runtime, command: str) -> None:
    if command and (why := refusal(command, runtime)):
        pytest.skip(why)
    worker = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from pathlib import Path
from grading.sandbox import Limits, Runtime, open_backend
name = "oci" if {command!r} else "namespaces"
backend = open_backend(name, allow_coarse=True, oci_runtime={command!r})
runtime = Runtime("plain", Path({str(runtime.python)!r}), (), Path({str(runtime.program)!r}), "entry")
process = backend.start(runtime, {LIMITS!r})
print(backend._zygotes[runtime]._launcher.pid, flush=True)
sys.stdin.read()
"""
    started = subprocess.Popen(
        [sys.executable, "-c", worker], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    launcher = int(started.stdout.readline())
    inside = [launcher, *children(launcher)]
    inside += children(inside[-1])
    assert len(inside) >= 3
    started.kill()
    started.communicate()
    assert eventually(lambda: not any(is_alive(pid) for pid in inside))


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(one) for task in tasks for one in (task / "children").read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_retired_process_leaves_nothing_though_nobody_waits_for_it(backend, runtime) -> None:
    process = backend.start(runtime, LIMITS)
    process.retire()
    process.retire()
    backend.settle()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(process.output)
    assert process.wait(0).signal == signal.SIGKILL
