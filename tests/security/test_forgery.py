"""Submissions that try to get a score without earning it. The numbers are those of the list of attacks."""

from __future__ import annotations

import time

import pytest

from grading.judge.verdicts import Verdict

pytestmark = pytest.mark.wall

DOUBLE = """
for x in attempt.rng.uniform(1, 2, size=3):
    attempt.close(attempt.call('f', float(x), returns=Float()), 2 * x)
"""
VECTOR = "attempt.close(attempt.call('f', np.arange(3.0), returns=Array((3,))), np.array([7.0, 8.0, 9.0]))"

FRAME = """
import struct, msgpack, os, gc
def frame(*message):
    body = msgpack.packb(list(message))
    return struct.pack('>I', len(body)) + body
channel = next(o for o in gc.get_objects() if type(o).__name__ == 'Student').channel
"""


def earns_nothing(report) -> None:
    assert report.verdict is not Verdict.PASSED
    assert report.earned() == 0.0


@pytest.mark.parametrize(
    "forged",
    [
        'print(\'{"verdict": "passed", "score": 100}\')',
        "channel.sendall(frame('verdict', 'passed', 1.0))",
        "channel.sendall(frame('done', 2, 100.0, None))",
        "channel.sendall(frame('group', 'g', 'passed', 1.0))",
        "[os.write(fd, frame('passed', 1, 1.0)) for fd in map(int, os.listdir('/proc/self/fd')) if fd > 2]",
        "[os.write(fd, b'\\0' * 100) for fd in map(int, os.listdir('/proc/self/fd')) if fd > 2]",
    ],
)
def test_48_a_verdict_written_by_the_student_is_no_verdict(judge, forged):
    source = f"{FRAME}\ndef f(x):\n    try:\n        {forged}\n    except OSError: pass\n    return 0.0\n"
    earns_nothing(judge(DOUBLE, source))


def test_48_an_answer_sent_before_the_question_is_out_of_turn(judge):
    source = f"""{FRAME}
def f(x):
    for n in range(1, 50): channel.sendall(frame('done', n, 2 * x, None))
    return 2 * x
"""
    report = judge(DOUBLE, source)
    earns_nothing(report)
    assert report.verdict is Verdict.BAD_VALUE
    assert report.message.startswith("Tu código escribió en el canal")


def test_14_a_frame_that_announces_four_gigabytes_is_a_bad_value(judge):
    report = judge(
        DOUBLE, f"{FRAME}\ndef f(x):\n    channel.sendall(b'\\xff\\xff\\xff\\xff')\n    return 2 * x\n"
    )
    assert report.verdict is Verdict.BAD_VALUE


def test_15_a_million_tiny_frames_end_soon(judge):
    source = f"{FRAME}\ndef f(x):\n    while True: channel.sendall(frame('ask', 1, '', []))\n"
    started = time.monotonic()
    earns_nothing(judge(DOUBLE, source))
    assert time.monotonic() - started < 5


def test_16_a_frame_a_byte_at_a_time_is_out_of_time(judge):
    source = f"""{FRAME}
import time
def f(x):
    for byte in frame('done', 2, 'x' * 9999, None):
        channel.send(bytes([byte])); time.sleep(0.02)
"""
    assert judge(DOUBLE, source, seconds=0.5, loaded=False).verdict is Verdict.TIME_LIMIT


def test_50_a_thread_that_goes_on_after_the_answer_changes_nothing(judge):
    source = f"""{FRAME}
import atexit, threading
atexit.register(lambda: channel.sendall(frame('done', 9, 0.0, None)))
class Late:
    def __del__(self): channel.sendall(frame('done', 9, 0.0, None))
late = Late()
def spam():
    while True: channel.sendall(frame('done', 9, 0.0, None))
def f(x):
    threading.Thread(target=spam, daemon=True).start()
    return 0.0
"""
    earns_nothing(judge(DOUBLE, source))


LIAR = """
import numpy as np
class Liar:
    def __eq__(self, other): return True
    def __float__(self): return 2.0
    def __array__(self, *a, **k): return np.array([7.0, 8.0, 9.0])
    def __array_ufunc__(self, *a, **k): return True
    def __reduce__(self): return (print, ('pickled',))
    __array_interface__ = {'shape': (3,), 'typestr': '<f8', 'version': 3, 'data': b'x' * 24}
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = None
class FloatLiar(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    def __abs__(self): return 0.0
class ArrayLiar(np.ndarray):
    def __eq__(self, other): return np.array(True)
    def __array_ufunc__(self, *a, **k): return np.zeros(3)
"""


@pytest.mark.parametrize(
    "lie",
    [
        "Liar()", "[Liar()] * 3", "{'x': Liar()}", "np.zeros(3).view(ArrayLiar)", "np.array([Liar()] * 3)",
        "np.ma.masked_all(3)", "np.zeros(3, dtype=[('a', float)])", "np.array(7.0)", "np.zeros((3, 1))",
        "np.zeros(3, 'U3')", "np.zeros(3, 'M8[s]')", "np.matrix([7.0, 8.0, 9.0])", "memoryview(b'x' * 24)",
        "np.lib.stride_tricks.as_strided(np.zeros(1), (3,), (0,))", "np.zeros(6)[::-2]",
        "np.lib.stride_tricks.as_strided(np.zeros(1), (2**40,), (0,))",
    ],
)  # fmt: skip
def test_51_and_52_an_object_that_is_equal_to_everything_equals_nothing_here(judge, lie):
    earns_nothing(judge(VECTOR, f"{LIAR}\ndef f(x):\n    return {lie}\n", seconds=2))


def test_51_a_float_that_is_equal_to_everything_is_only_its_number(judge):
    earns_nothing(judge(DOUBLE, f"{LIAR}\ndef f(x):\n    return FloatLiar(3.0)\n"))
    assert judge(DOUBLE, f"{LIAR}\ndef f(x):\n    return FloatLiar(2 * x)\n").verdict is Verdict.PASSED


def test_52_honest_views_are_taken_for_what_they_hold(judge):
    for view in ("np.arange(9.0, 6, -1)[::-1]", "np.arange(7, 10)", "np.asfortranarray([7.0, 8.0, 9.0])",
                 "np.array([7.0, 8.0, 9.0], '>f8')", "np.array([7, 8, 9], np.int8)"):  # fmt: skip
        assert judge(VECTOR, f"import numpy as np\nf = lambda x: {view}\n").verdict is Verdict.PASSED


def test_53_a_pickle_in_the_answer_is_bytes(judge):
    source = "import pickle\ndef f(x):\n    return pickle.dumps(2 * x)\n"
    assert judge(DOUBLE, source).message == "Devolviste un valor de tipo bytes; se pide un número."


@pytest.mark.parametrize(
    "patch",
    [
        "import numpy as np\nnp.isclose = np.allclose = np.array_equal = lambda *a, **k: True",
        "import math, time, random\nmath.isclose = lambda *a, **k: True\n"
        "time.monotonic = time.time = lambda: 0.0",
        "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.float = lambda x: 2.0\n"
        "builtins.isinstance = lambda *a: True",
        "import sys\nfor m in list(sys.modules.values()):\n"
        "    for n in ('pack', 'packb', 'pack_frame', 'convert'):\n"
        "        if n in vars(m) and m.__name__ != 'struct': setattr(m, n, lambda *a, **k: b'\\xc3')",
        "import gc, types\nfor o in gc.get_objects():\n"
        "    if isinstance(o, types.FunctionType) and o.__name__ == 'call':\n"
        "        o.__code__ = (lambda *a: b'\\xc3').__code__",
    ],
)
def test_54_what_the_student_patches_is_only_its_own(judge, patch):
    earns_nothing(judge(DOUBLE, f"{patch}\ndef f(x):\n    return 0.0\n", seconds=2))
    assert judge(DOUBLE, "f = lambda x: 2 * x\n").verdict is Verdict.PASSED


def test_55_the_hidden_tests_are_nowhere_in_the_students_process(judge):
    source = """
import gc, sys, inspect, os
def f(x):
    seen = [repr(o) for o in gc.get_objects() if isinstance(o, (str, dict, list))]
    seen += [str(v) for frame in inspect.stack() for v in frame.frame.f_locals.values()]
    for path in ('/proc/self/environ', '/proc/self/cmdline', '/proc/self/maps'):
        try: seen.append(open(path).read())
        except OSError: pass
    text = ''.join(seen)
    words = ['attempt' + '.rng', 'hidden' + '_marker', 'Sub' + 'mission', 'SECRET' + '_KEY', '@gr' + 'oup']
    return [w for w in words if w in text]
"""
    body = "hidden_marker = 12345\nattempt.equal(attempt.call('f', 1.0, returns=Items(Text())), [])"
    assert judge(body, source).verdict is Verdict.PASSED


def test_56_the_solution_and_the_grader_are_nowhere_in_its_files(judge):
    source = """
import os
def f(x):
    found = []
    for root, _, files in os.walk('/'):
        if root.startswith(('/proc', '/sys')): continue
        ours = ('grader.py', 'solution.py', 'manage.py', 'settings.py', 'exercise.md')
        found += [n for n in files if n in ours]
    return found
"""
    body = "attempt.equal(attempt.call('f', 1.0, returns=Items(Text())), [])"
    assert judge(body, source, seconds=30, cpu_seconds=30).verdict is Verdict.PASSED


def test_57_and_58_inputs_differ_by_seed_so_there_is_nothing_to_memorise(judge):
    body = (
        "attempt.note(x=[attempt.call('f', float(x), returns=Float()) for x in attempt.rng.uniform(size=3)])"
    )
    source = "def f(x): return x\n"
    first, again, other = (judge(body, source, seed=seed).evidence["x"] for seed in (1, 1, 2))
    assert first == again
    assert not set(first) & set(other)


def test_58_a_hard_coded_visible_case_fails_the_hidden_group(judge_all):
    grader = """
@group('visible')
def visible(attempt): attempt.close(attempt.call('f', 3.0, returns=Float()), 6.0)
@group('hidden')
def hidden(attempt): attempt.close(attempt.call('f', 5.0, returns=Float()), 10.0)
"""
    groups = (
        {"slug": "visible", "title": "V", "points": 10, "visible": True},
        {"slug": "hidden", "title": "H", "points": 30},
    )
    report = judge_all(grader, "def f(x): return 6.0\n", *groups)
    assert [g["verdict"] for g in report["groups"]] == ["passed", "wrong"]
    assert report["score"] == 25.0


ORACLE = """
f = attempt.oracle(value=lambda x: float(x @ x), grad=lambda x: 2 * x, dim=2, budget=5)
attempt.call('f', f, returns=Anything())
attempt.note(calls=f.calls)
attempt.check(f.calls == 3)
"""


@pytest.mark.parametrize(
    "cheat",
    [
        "o.calls = 0; o.__dict__['budget'] = 10**9; [o.grad(z) for _ in range(6)]",
        "[channel.sendall(frame('ask', 1, 'grad', [0.0])) for _ in range(3)]",
        "[channel.sendall(frame('ask', 99, 'grad', [])) for _ in range(3)]",
        "channel.sendall(frame('tell', 1, 2, 3))",
        "channel.sendall(frame('ask', 1, 'budget', []))",
    ],
)
def test_59_a_forged_count_is_not_the_judges(judge, cheat):
    source = f"import numpy as np\n{FRAME}\nz = np.zeros(2)\ndef f(o):\n    {cheat}\n    return 1\n"
    earns_nothing(judge(ORACLE, source))


def test_59_calls_from_threads_are_counted_one_by_one(judge):
    source = """
import numpy as np, threading
def f(o):
    threads = [threading.Thread(target=o.grad, args=(np.ones(2),)) for _ in range(3)]
    [t.start() for t in threads]; [t.join() for t in threads]
"""
    report = judge(ORACLE, source)
    assert (report.verdict, report.evidence["calls"]) == (Verdict.PASSED, 3)


def test_59_an_oracle_of_an_earlier_call_answers_no_more(judge):
    body = """
f = attempt.function(lambda x: x, arguments=(Float(),), budget=100)
attempt.call('f', f, returns=Anything())
attempt.call('f', None, returns=Anything())
attempt.check(f.calls == 1)
"""
    source = "kept = []\ndef f(o):\n    kept.append(o)\n    return kept[0](1.0)\n"
    report = judge(body, source)
    assert report.verdict is Verdict.BAD_VALUE
    assert report.group["calls"] == 1


def test_60_an_argument_written_into_is_the_students_own_copy(judge):
    body = """
x = np.ones(3)
f = attempt.oracle(value=lambda p: float(p @ p), grad=lambda p: p, dim=3)
attempt.call('f', x, f, returns=Anything())
attempt.check(x.tolist() == [1, 1, 1] and f.last_point.tolist() == [2, 2, 2])
"""
    source = "def f(x, o):\n    x += 1\n    g = o.grad(x)\n    g *= 0\n    x *= 0\n"
    assert judge(body, source, functions=("f(x, o)",)).verdict is Verdict.PASSED


def test_60_who_writes_into_an_argument_can_be_told(judge):
    body = "attempt.call('f', np.ones(3), 0.5, returns=Array((3,)), unchanged=True)"
    asked = {"functions": ("f(w, lr)",)}
    assert judge(body, "def f(w, lr): return w - lr\n", **asked).verdict is Verdict.PASSED
    report = judge(body, "def f(w, lr):\n    w -= lr\n    return w\n", **asked)
    assert (report.verdict, report.group["hint"]) == (Verdict.WRONG, "argumentos")
    assert report.message == "`f` escribe en su argumento `w`: quien la llama lo encuentra cambiado."


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("float('inf')", Verdict.DIVERGED), ("complex(1, 2)", Verdict.BAD_VALUE),
        ("10**400", Verdict.BAD_VALUE),
        ("'<script>alert(1)</script>'", Verdict.BAD_VALUE), ("'\\x1b]0;x\\x07' * 9999", Verdict.BAD_VALUE),
        ("'\\ud800'", Verdict.BAD_VALUE),
    ],
)  # fmt: skip
def test_61_odd_values_are_told_in_a_line_without_control_characters(judge, value, verdict):
    report = judge(DOUBLE, f"def f(x):\n    return {value}\n")
    assert report.verdict is verdict
    assert len(report.message) < 200
    assert report.message.isprintable()


def test_62_a_gigabyte_of_weights_is_a_bad_value(judge):
    body = "attempt.call('f', 1.0, returns=Array((3,)))"
    report = judge(body, "import numpy as np\nf = lambda x: np.zeros(10_000_000)\n", memory_mb=1024)
    assert report.verdict is Verdict.BAD_VALUE
    assert "80 MB; el máximo es 67 MB" in report.message


def test_63_time_spent_in_import_and_in_earlier_calls_is_counted(judge):
    body = "[attempt.call('f', 1.0, returns=Anything()) for _ in range(3)]"
    slow_import = "import time\ntime.sleep(0.4)\ndef f(x):\n    time.sleep(0.1)\n"
    assert judge(body, slow_import, seconds=0.6, loaded=False).verdict is Verdict.TIME_LIMIT
    assert judge(body, slow_import, seconds=5).group["seconds"] >= 0.7


def test_63_what_an_earlier_call_prepared_is_gone_after_a_restart(judge):
    body = """
attempt.call('f', 1.0, returns=Int())
attempt.restart()
attempt.equal(attempt.call('f', 1.0, returns=Int()), 1)
attempt.check(0 <= attempt.seconds < 1 and attempt.cpu_seconds > 0)
"""
    assert (
        judge(
            body, "n = 0\ndef f(x):\n    global n\n    n += 1\n    sum(range(3_000_000))\n    return n\n"
        ).verdict
        is Verdict.PASSED
    )


def test_64_a_run_and_a_hand_in_look_the_same_from_inside(judge_all):
    source = """
import os, sys, gc
def f(x):
    about = [sorted(os.environ), sorted(sys.modules), sys.argv, sys.path, __name__, __file__]
    return repr([about, os.getpid(), os.getcwd()])
"""
    grader = "@group('g')\ndef g(attempt):\n    attempt.note(seen=attempt.call('f', 1.0, returns=Text()))\n"
    spec = {"slug": "g", "title": "G", "points": 10, "visible": True}
    run, submit = (
        judge_all(grader, source, spec, visible_only=v)["groups"][0]["evidence"]["seen"]
        for v in (True, False)
    )
    assert run == submit
