"""Attacks 40 to 47: a submission that leaves something for the next one, or finds what another one left."""

import time

import pytest

from .conftest import Wall

pytestmark = pytest.mark.wall

MARK = "cafe-de-ana-4711"


def test_42_memory_queues_and_semaphores_are_not_left(wall: Wall) -> None:
    source = """
import ctypes, mmap, os
def ataque(f):
    libc = ctypes.CDLL(None, use_errno=True)
    found = []
    for key in (0x4711, 0x4712):
        if libc.shmget(key, 4096, 0o666) >= 0: found.append("shm")
        if libc.semget(key, 1, 0o666) >= 0: found.append("sem")
        if libc.msgget(key, 0o666) >= 0: found.append("msg")
    for name in (b"/left", b"/cafe"):
        if libc.mq_open(name, os.O_RDWR) >= 0: found.append("mq")
    for folder in ("/tmp", "/dev/shm", "/run", "/var/tmp"):
        if os.path.isdir(folder): found += os.listdir(folder)
    for key in (0x4711, 0x4712):
        libc.shmget(key, 4096, 0o1666), libc.semget(key, 1, 0o1666), libc.msgget(key, 0o1666)
    for name in (b"/left", b"/cafe"): libc.mq_open(name, os.O_RDWR | os.O_CREAT, 0o666, None)
    open("/tmp/left", "w").close()
    return found
"""
    assert [wall.attack(source)["value"] for _ in range(3)] == [[]] * 3


def test_42_what_was_changed_in_the_modules_is_changed_for_no_one_else(wall: Wall) -> None:
    """All are forks of one process; they share its pages until one writes."""
    source = """
import builtins, gc, json, math, msgpack, numpy as np, os, random, sys
def ataque(f):
    was = [math.pi, np.pi, np.float64(1).dtype.name, len(sys.path), getattr(builtins, "left", None),
           hasattr(np, "left"), sys.getrecursionlimit(), os.environ.get("LEFT"), np.geterr()["over"],
           sys.modules.get("left"), sum(1 for _ in gc.callbacks), os.umask(0o77)]
    np.seterr(over="raise")
    math.pi = np.pi = 3
    np.left = builtins.left = sys.modules["left"] = math
    np.float64 = np.ndarray = None
    sys.path.append("/tmp")
    sys.setrecursionlimit(77)
    os.environ["LEFT"] = "x"
    gc.callbacks.append(print)
    msgpack.Packer = msgpack.unpackb = None
    sys.settrace(lambda *a: None)
    return [str(one) for one in was]
"""
    first, *others = (wall.attack(source)["value"] for _ in range(4))
    assert others == [first] * 3


def test_43_a_daemon_that_ignores_everything_ends_with_its_students_time(wall: Wall) -> None:
    source = """
import os, signal, time
def ataque(f):
    for _ in range(5):
        if os.fork() == 0:
            os.setsid()
            for one in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
                signal.signal(one, signal.SIG_IGN)
            if os.fork() == 0:
                os.closerange(0, 64)
                os.kill(os.getpid(), signal.SIGSTOP) if os.getpid() % 2 else None
                while True: time.sleep(1)
            os._exit(0)
    time.sleep(100)
"""
    outcome = wall.attack(source, seconds=0.6)
    assert outcome["verdict"] == "time_limit", outcome
    assert outcome["seconds"] < 10


def test_44_a_timer_does_not_go_off_in_the_next_student(wall: Wall) -> None:
    source = """
import ctypes, fcntl, os, signal, time
def ataque(f):
    libc = ctypes.CDLL(None)
    signal.setitimer(signal.ITIMER_REAL, 0.5, 0.1)
    signal.alarm(1)
    timer = ctypes.c_void_p()
    libc.timer_create(0, None, ctypes.byref(timer))
    for fd in (1, 2, 3):
        fcntl.fcntl(fd, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(fd, fcntl.F_SETFL, os.O_ASYNC | fcntl.fcntl(fd, fcntl.F_GETFL))
    return "set"
"""
    wall.attack(source)
    after = wall.attack("import time\ndef ataque(f):\n    time.sleep(1.5)\n    return 'quiet'", seconds=20)
    assert after["value"] == "quiet"


def test_45_a_crash_leaves_no_core(wall: Wall) -> None:
    source = """
import ctypes, os, resource
def ataque(f):
    try: resource.setrlimit(resource.RLIMIT_CORE, (1 << 30, 1 << 30))
    except (OSError, ValueError): pass
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
    os.chdir("/tmp")
    if os.fork() == 0: ctypes.string_at(8)
    status = os.wait()[1]
    return [os.WCOREDUMP(status), os.listdir("/tmp")]
"""
    assert wall.attack(source)["value"] == [False, []]


def test_45_no_start_up_hook_reaches_the_next_student(wall: Wall) -> None:
    source = f"""
import os, site, sys
def ataque(f):
    found = [name for name in sys.modules if name in ("sitecustomize", "usercustomize", "hook")]
    hook = "import builtins; builtins.hooked = {MARK!r}"
    for folder in ["/tmp", os.getcwd(), *sys.path, site.getusersitepackages()]:
        for name in ("sitecustomize.py", "usercustomize.py", "hook.pth", "numpy.py", "solution.py"):
            try: open(os.path.join(folder, name), "w").write(hook)
            except OSError: pass
    for name in ("LD_PRELOAD", "LD_LIBRARY_PATH", "PYTHONSTARTUP", "PYTHONPATH", "PYTHONHOME"):
        os.environ[name] = "/tmp/hook.so"
    import builtins
    return [found, hasattr(builtins, "hooked")]
"""
    first, *others = (wall.attack(source)["value"] for _ in range(3))
    assert others == [first] * 2  # a distribution may have a sitecustomize of its own
    assert first[1] is False


def test_46_one_student_does_not_see_what_another_hands_in_beside(wall: Wall) -> None:
    victim = f"""
import os, time
secret = {MARK!r} * 1000
def ataque(f):
    open("/tmp/{MARK}", "w").write(secret)
    time.sleep(3)
    return "done"
"""
    spy = """
import ctypes, gc, os, signal, sys
def ataque(f):
    mark, seen = "-".join(["cafe", "de", "ana", "4711"]), []
    for folder, folders, files in os.walk("/"):
        seen += [name for name in folders + files if mark in name]
    for one in gc.get_objects():
        if isinstance(one, bytes): one = one.decode("latin-1")
        if isinstance(one, str) and len(one) > 100 and mark in one: seen.append("memory")
    for pid in range(2, 3000):
        for name in ("mem", "environ", "cmdline", "root/tmp", "fd/3", "maps"):
            if os.path.lexists(f"/proc/{pid}/{name}"): seen.append(f"{pid}/{name}")
        try: os.kill(pid, 0); seen.append(pid)
        except OSError: pass
        try: os.getpgid(pid); seen.append(pid)
        except OSError: pass
    return seen
"""
    first = {"source": victim, "seconds": 30}
    alone = {"source": spy, "seconds": 30, "cpu_seconds": 30}
    outcome, seen = wall.beside(first, alone)
    assert seen["value"] == []
    assert outcome["value"] == "done"


def test_47_forks_of_one_process_share_no_stream_of_numbers(wall: Wall) -> None:
    """Nor does what the system draws repeat itself in a second try of one submission."""
    source = """
import os, random, secrets, uuid
import numpy as np
def draw():
    return [np.random.default_rng().random(), np.random.SeedSequence().entropy % 10**15,
            random.SystemRandom().random(), secrets.token_hex(8), uuid.uuid4().hex,
            os.urandom(8).hex(), random.Random().random(),
            np.random.RandomState().random_sample(), int(np.random.PCG64().random_raw())]
TOP = draw()
def ataque(f): return [str(one) for one in TOP + draw()]
"""
    drawn = [one for seed in (7, 8, 9) for one in wall.attack(source, seed=seed)["value"]]
    assert len(set(drawn)) == len(drawn)
    of_the_system = (2, 3, 4, 5)
    again = wall.attack(source)["value"]
    assert not {again[i] for i in of_the_system} & set(drawn)


def test_47_the_numbers_that_are_seeded_are_seeded_by_the_judge_alone(wall: Wall) -> None:
    """`random` and `numpy.random` draw the same in each try of one submission: it can be graded again."""
    source = """
import random
import numpy as np
state = [random.random(), float(np.random.random())]
def ataque(f):
    random.seed(1); np.random.seed(1)
    return state
"""
    first, second = (wall.attack(source)["value"] for _ in range(2))
    assert first == second
    assert wall.attack(source, seed=8)["value"] != first


def test_47_torch_draws_by_the_judges_seed_and_not_by_the_zygotes(wall_with_torch: Wall) -> None:
    source = "import torch\nstate = torch.rand(1).item()\ndef ataque(f): return state"
    first, second = (wall_with_torch.attack(source, runtime="torch", seconds=20)["value"] for _ in range(2))
    assert first == second
    assert wall_with_torch.attack(source, runtime="torch", seconds=20, seed=8)["value"] != first


def test_47_keras_draws_by_the_judges_seed_and_leaves_no_thread_behind(wall_with_tensorflow: Wall) -> None:
    source = """
import keras, tensorflow
drawn = keras.random.normal((1,)).numpy().item() + tensorflow.random.normal((1,)).numpy().item()
dataset = tensorflow.data.Dataset.range(10**9).map(lambda x: x, num_parallel_calls=4).prefetch(4)
left_running = iter(dataset)
def ataque(f): return [drawn, int(next(left_running))]
"""

    def draw(seed: int) -> list[float]:
        return wall_with_tensorflow.attack(source, runtime="tensorflow", seconds=20, seed=seed)["value"]

    first = draw(7)
    assert first == draw(7)
    assert first != draw(8)


@pytest.mark.parametrize(
    "way",
    [
        "os._exit = lambda code: None\n    sys.exit(0)",
        "os._exit = sys.exit = lambda *a: None\n    raise SystemExit",
        "os._exit = lambda code: None\n    os.close(3)",
        "frame = sys._getframe()\n    while frame: frame.f_globals['os'] = None; frame = frame.f_back\n"
        "    sys.exit(0)",
    ],
)
def test_105_who_falls_through_the_end_of_the_program_lands_nowhere(wall: Wall, way: str) -> None:
    """Without its `os._exit` a child would go on in the zygote's loop, in its own copy of it, walled in."""
    started = time.monotonic()
    outcome = wall.attack(f"import os, sys\ndef ataque(f):\n    {way}\n", seconds=3)
    assert (outcome["score"], outcome["verdict"] in ("exception", "bad_value", "time_limit")) == (0, True), (
        outcome
    )
    assert time.monotonic() - started < 20


def test_106_the_child_that_waited_is_as_bound_as_the_one_that_did_not(wall: Wall) -> None:
    """One is taken as it stands waiting; a second at the same moment is forked for itself."""
    source = """
import os, resource, time
def ataque(f):
    time.sleep(1)
    limits = [resource.getrlimit(one) for one in range(16) if one != resource.RLIMIT_AS]
    disk = os.statvfs("/tmp")
    return [limits, disk.f_blocks * disk.f_frsize, disk.f_files, sorted(os.listdir("/")), os.getpid(),
            os.getsid(0), os.getpgrp(), os.getcwd(), os.umask(0), os.getuid(), os.uname().nodename]
"""
    one = {"source": source, "seconds": 20, "memory_mb": 77, "cpu_seconds": 9}
    outcomes = wall.beside(one, one, one, after=0.05)
    values = [outcome["value"] for outcome in outcomes]
    assert values == [values[0]] * 3
    limits, size, *_ = values[0]
    assert limits[0] == [10, 10]
    assert limits[7] == [64, 64]
    assert size == 16 << 20
