"""Zygotes that hang, forked often or have grown are replaced; no start fails or waits for an import."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grading.sandbox import Runtime, WallFault
from grading.sandbox.care import Care
from grading.sandbox.interface import Hooks
from grading.sandbox.namespaces import NamespacesBackend

from .conftest import BACKENDS, LIMITS, MIB, Send, answer, opened
from .test_backend import eventually

pytestmark = pytest.mark.wall
SLOW = Hooks(settle="import time; time.sleep(1.5)")
"""Of a runtime whose import somebody would notice."""


@pytest.fixture(params=BACKENDS)
def cared(request: pytest.FixtureRequest, runtime: Runtime) -> Iterator[Callable[..., NamespacesBackend]]:
    """Opens a backend with a care of the test's, whose keeper looks only when the test says so."""
    made: list[NamespacesBackend] = []

    def open_with(**care: float) -> NamespacesBackend:
        made.append(opened(request.param, runtime, Care(look_seconds=3600, **care)))  # type: ignore[arg-type]
        return made[-1]

    yield open_with
    for backend in made:
        backend.close()


def zygote_pid(backend: NamespacesBackend, runtime: Runtime) -> int:
    return backend._zygotes[runtime]._pid


def says(backend: NamespacesBackend, runtime: Runtime, send: Send, source: str = "say('here')") -> str:
    with backend.start(runtime, LIMITS) as process:
        send(process, source)
        return answer(process.channel)


def test_a_hung_zygote_is_replaced_by_the_start_that_meets_it(
    cared: Callable[..., NamespacesBackend], runtime: Runtime, send: Send
) -> None:
    backend = cared(answer_seconds=0.5)
    backend.prepare(runtime)
    hung = zygote_pid(backend, runtime)
    os.kill(hung, signal.SIGSTOP)
    assert says(backend, runtime, send) == "'here'"  # by the child that was waiting
    assert says(backend, runtime, send) == "'here'"  # by a new zygote
    assert zygote_pid(backend, runtime) != hung
    assert eventually(lambda: not Path(f"/proc/{hung}").exists())


def test_the_keeper_finds_a_hung_zygote_before_a_student_does(
    cared: Callable[..., NamespacesBackend], runtime: Runtime, send: Send
) -> None:
    backend = cared(answer_seconds=0.5)
    backend.prepare(runtime)
    hung = zygote_pid(backend, runtime)
    os.kill(hung, signal.SIGSTOP)
    backend.look_after()
    assert zygote_pid(backend, runtime) != hung
    assert runtime in backend._spares
    assert says(backend, runtime, send) == "'here'"


def test_a_process_that_ended_under_a_hung_zygote_is_our_fault_soon(
    cared: Callable[..., NamespacesBackend], runtime: Runtime, send: Send
) -> None:
    backend = cared(answer_seconds=0.5)
    with backend.start(runtime, LIMITS) as process:
        os.kill(zygote_pid(backend, runtime), signal.SIGSTOP)
        send(process, "say('done')")
        assert answer(process.channel) == "'done'"
        with pytest.raises(WallFault) as fault:
            process.wait(5)
        assert fault.value.step == "zygote"
    backend.look_after()
    assert says(backend, runtime, send) == "'here'"


def test_a_zygote_that_forked_often_is_replaced_while_students_go_on(
    cared: Callable[..., NamespacesBackend], runtime: Runtime, send: Send
) -> None:
    backend = cared(most_forks=3)
    slow = replace(runtime, hooks=SLOW)
    backend.prepare(slow)
    old = backend._zygotes[slow]
    with backend.start(slow, LIMITS) as long_one:
        while old.forks < 3:
            says(backend, slow, send)
        keeper = threading.Thread(target=backend.look_after)
        keeper.start()
        waits = []
        while keeper.is_alive():
            started = time.monotonic()
            assert says(backend, slow, send) == "'here'"
            waits.append(time.monotonic() - started)
        keeper.join()
        assert len(waits) > 1
        assert max(waits) < 1.4  # nobody waited for the import, nor failed
        assert backend._zygotes[slow] is not old
        until = time.monotonic() + 10  # the last student took the spare: another is on its way
        while slow not in backend._spares:
            assert time.monotonic() < until
            time.sleep(0.01)
        assert backend._spares[slow].zygote is backend._zygotes[slow]
        backend.look_after()
        send(long_one, "say('still')")  # of the one that was replaced meanwhile
        assert answer(long_one.channel) == "'still'"
    assert not old.has_ended()
    assert eventually(lambda: backend.look_after() or old.has_ended())


def test_a_zygote_that_grew_is_replaced(
    cared: Callable[..., NamespacesBackend], runtime: Runtime, send: Send, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    leak = "import os\nkept = []\nos.register_at_fork(before=lambda: kept.append(b'x' * (4 << 20)))\n"
    program.write_text(leak + runtime.program.read_text())
    backend = cared(most_growth_bytes=10 * MIB)
    leaking = replace(runtime, program=program)
    backend.prepare(leaking)
    old = backend._zygotes[leaking]
    backend.look_after()
    assert backend._zygotes[leaking] is old
    while old.growth() <= 10 * MIB:
        assert says(backend, leaking, send) == "'here'"
    assert 3 <= old.forks <= 5
    backend.look_after()
    assert backend._zygotes[leaking] is not old


def test_a_runtime_that_leaves_a_thread_behind_gets_no_zygote(
    backend: NamespacesBackend, runtime: Runtime
) -> None:
    threads = "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    with pytest.raises(WallFault, match="1 threads, which do not survive a fork") as fault:
        backend.prepare(replace(runtime, hooks=Hooks(settle=threads)))
    assert fault.value.step == "seal"


def test_the_hooks_of_a_runtime_are_called_where_they_should(
    backend: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    hooks = Hooks(
        settle="import sys; sys.settled = 1",
        seed="import sys; sys.seeded = (sys.settled, seed)",
        rehearse="import sys, os; sys.rehearsed = (os.getpid(), sys.seeded[1])",
    )
    told = says(
        backend, replace(runtime, hooks=hooks), send, "import sys; say((sys.seeded[0], sys.rehearsed[0]))"
    )
    assert told == "(1, 1)"  # in the child, which is the first of its pid namespace


def test_the_memory_of_zygote_and_child_is_told(
    backend: NamespacesBackend, runtime: Runtime, send: Send
) -> None:
    assert backend.holdings() == []
    backend.prepare(replace(runtime, preload=("numpy",)))
    (held,) = backend.holdings()
    assert held.runtime == "plain"
    assert 10 * MIB < held.zygote_bytes < 200 * MIB
    assert len(held.children_bytes) == 1
    assert held.forks == 1
