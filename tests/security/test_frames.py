"""Attacks on the frames and on the judge that reads them: what no honest program would write."""

import time
import unicodedata

import pytest

from grading.judge.verdicts import Verdict

from .conftest import Judge, Wall

pytestmark = pytest.mark.wall

DOUBLE = "attempt.close(attempt.call('f', 3.0, returns=Float()), 6.0)"

SAY = """
import os, socket, struct, msgpack
def frame(*message, body=None):
    body = msgpack.packb(list(message)) if body is None else body
    return struct.pack(">I", len(body)) + body
def say(*message, body=None):
    data = frame(*message, body=body)
    while data: data = data[os.write(3, data):]
def array(*shape, dtype=11, size=8):
    count = 1
    for n in shape: count *= n
    header = struct.pack(f"<BB{len(shape)}Q", dtype, len(shape), *shape)
    return msgpack.ExtType(1, header + bytes(size * count))
"""


def earns_nothing(judge: Judge, source: str, *verdicts: Verdict, body: str = DOUBLE, **limits: float) -> None:
    """One of the verdicts, which is the student's own: an exception in the judge would be our fault."""
    graded = judge(body, SAY + source, **{"seconds": 5, **limits})
    assert graded.verdict in verdicts, graded.report
    assert graded.earned() == 0
    assert not [c for c in graded.message if unicodedata.category(c) in ("Cc", "Cf", "Cs")]


@pytest.mark.parametrize(
    "functions",
    [
        "5", "{'f': 5}", "{'f': [[1]]}", "{'f': [['x', 'POSITIONAL_ONLY', array(2)]]}", "{'f': 'xyz'}",
        "{'f': {'x': 1}}", "{'f': [[array(2), array(2), None]]}", "{'f': array(3, 3)}",
        "{'f': [['x'] * 3] * 90000}", "{'f': [['x' * 10**7, 'VAR_KEYWORD', True]]}", "None", "[]",
    ],
)  # fmt: skip
def test_85_parameters_that_are_none_are_out_of_turn(judge: Judge, functions: str) -> None:
    earns_nothing(judge, f"say('loaded', 1, {functions})\ndef f(x): return 2 * x", Verdict.BAD_VALUE)


@pytest.mark.parametrize(
    "message",
    [
        "'done', array(2), 6.0, None", "'done', array(), 6.0, None", "'loaded', 2, 6.0", "'loaded', 2, {}",
        "'done', 2, 6.0", "'done', '2', 6.0, None", "'done', 2.0, 6.0, None", "'done', [2], 6.0, None",
        "'done', 3, 6.0, None", "'done', 1, 6.0, None", "'done', 2, 6.0, None, None", "array(3)", "'done'",
        "array(2), 2, 6.0, None", "'ask', array(2), '', []", "'ask', 1, array(2), []",
        "'ask', 1, '', array(2)", "'ask', True, '', []", "'ask', 1.0, '', []", "'unsendable', 2, 5",
        "'unsendable', 2, array(2)",
        "None, None, None", "'verdict', 'passed', 1.0", "'tell', 6.0, 6.0", "'raised', 2, array(2)",
    ],
)  # fmt: skip
def test_86_an_answer_of_another_kind_is_out_of_turn(judge: Judge, message: str) -> None:
    earns_nothing(judge, f"def f(x):\n    say({message})\n    return 2 * x", Verdict.BAD_VALUE)


@pytest.mark.parametrize(
    "info",
    [
        "{'kinds': [array(2)]}", "{'kinds': array(2)}", "{'type': array(2), 'message': array(2)}",
        "{'kinds': ['OSError'], 'errno': array(2)}", "{'frames': [[array(2), array(2)], [1, array(2)], 5]}",
        "{'syntax': [array(2), 1]}", "{'syntax': [10**9, -10**9]}", "{'syntax': [1, array(2)]}",
        "{'frames': array(12, 2)}", "{'code': array(2)}", "{'message': '\\x00\\x1b[31m' * 9999}", "{}",
        "{'kinds': ['PresupuestoAgotado']}", "{1: 2, None: 3, b'x': array(2)}",
    ],
)  # fmt: skip
def test_87_an_error_told_in_other_words_is_an_exception(judge: Judge, info: str) -> None:
    source = f"def f(x):\n    say('raised', 2, {info})\n    return 2 * x"
    earns_nothing(judge, source, Verdict.EXCEPTION, Verdict.BAD_VALUE)


def test_88_a_change_of_the_argument_is_not_hidden_by_an_answer_without_it(judge: Judge) -> None:
    body = "attempt.call('f', np.ones(3), returns=Array((3,)), unchanged=True)"
    source = "def f(x):\n    x -= 1\n    say('done', 2, array(3), {echo})\n"
    for echo in ("None", "[]", "[array(3), array(3)]", "array(3)", "[[1, 1]]"):
        earns_nothing(judge, source.format(echo=echo), Verdict.BAD_VALUE, Verdict.WRONG, body=body)


@pytest.mark.parametrize(
    "body",
    [
        "b'\\x91' * 900 + b'\\xc0'", "b'\\x91' * 5000 + b'\\xc0'", "b'\\xdd' + b'\\xff' * 4",
        "b'\\xdf' + b'\\xff' * 4", "b'\\xc6' + b'\\xff' * 4", "b'\\xc9' + b'\\xff' * 5", "b''", "b'\\xc1'",
        "b'\\xdd' + struct.pack('>I', 8_000_000) + b'\\xc0' * 8_000_000",
        "b'\\xdd' + struct.pack('>I', 8_000_000) + b'\\x90' * 8_000_000",
        "b'\\x92' + b'\\xdd\\x00\\x0f\\x42\\x40' * 9", "msgpack.packb([['done', 2, 6.0, None]] * 2) * 3",
        "b'\\x94\\xa4done\\x02' + b'\\xd9\\x02\\xff\\xfe' + b'\\xc0'",
        "msgpack.packb(msgpack.ExtType(3, msgpack.packb(['done', 2, 6.0, None])))",
        "msgpack.packb(msgpack.ExtType(1, struct.pack('<BB8Q', 11, 8, *[1 << 32] * 8)))",
        "msgpack.packb(msgpack.ExtType(1, struct.pack('<BB2Q', 11, 2, 0, 1 << 63)))",
        "msgpack.packb(msgpack.ExtType(1, struct.pack('<BBQ', 11, 1, 1 << 61)))",
    ],
)  # fmt: skip
def test_89_a_frame_that_unpacks_to_more_than_it_is_is_a_bad_value(judge: Judge, body: str) -> None:
    started = time.monotonic()
    earns_nothing(
        judge, f"def f(x):\n    say(body={body})\n    return 2 * x", Verdict.BAD_VALUE, memory_mb=512
    )
    assert time.monotonic() - started < 10


def test_89_the_judge_keeps_no_more_than_a_few_times_the_largest_frame(wall: Wall) -> None:
    source = (
        SAY
        + """
def ataque(f):
    half = 500_000 * b"\\x90"
    say(body=b"\\x94\\xa4done\\x02\\xdd" + struct.pack(">I", len(half)) + half + b"\\xc0")
    body = b"\\x94\\xa4done\\x02\\xc9" + struct.pack(">Ib", (60 << 20) + 10, 1)
    say(body=body + struct.pack("<BBQ", 1, 1, 60 << 20) + bytes(60 << 20) + b"\\xc0")
"""
    )
    before = wall.ask("memory")
    wall.attack(source, seconds=20, memory_mb=1024)
    assert wall.ask("memory")["peak"] - before["now"] < 800 << 20


def test_90_a_channel_that_is_closed_or_shut_is_told(judge: Judge) -> None:
    for way in ("os.close(3)", "socket.socket(fileno=3).shutdown(2)", "os.dup2(0, 3)"):
        source = f"def f(x):\n    {way}\n    import time; time.sleep(3)\n    return 6.0"
        earns_nothing(judge, source, Verdict.EXCEPTION, Verdict.BAD_VALUE)


def test_91_who_does_not_read_runs_out_of_its_own_time(judge: Judge) -> None:
    body = "attempt.call('f', np.zeros(4_000_000), returns=Anything())\n" * 2
    source = """
def f(x):
    import time
    say('done', 2, None, None)
    time.sleep(100)
"""
    earns_nothing(judge, source, Verdict.TIME_LIMIT, body=body, seconds=1)


def test_92_descriptors_for_the_judge_are_refused(wall: Wall) -> None:
    source = """
import array, socket
def ataque(f):
    channel = socket.socket(fileno=3)
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2, 3]))]
    try: channel.sendmsg([b""], rights)
    except OSError as error: return error.errno
    finally: channel.detach()
"""
    assert wall.attack(source)["value"] == 1  # EPERM; the footprint shows that the worker holds no more


def test_93_a_thousand_functions_of_nearly_that_name_cost_the_judge_nothing(judge: Judge) -> None:
    names = "".join(f"def {'entrena_con_momento'}{n:05x}(x): pass\n" for n in range(6500))
    earns_nothing(judge, names, Verdict.BAD_VALUE, body=DOUBLE, functions=["entrena_con_momentos(x)"])
    graded = judge(DOUBLE, names, functions=["entrena_con_momentos(x)"], seconds=20)
    assert graded.report["seconds"] - graded.group["seconds"] < 0.3
    assert "Falta la función `entrena_con_momentos(x)`" in graded.message


@pytest.mark.parametrize(
    "error",
    [
        "class E(Exception):\n    def __str__(self): raise SystemExit(0)",
        "class E(Exception):\n    def __str__(self): return 'x' * 10**8",
        "class E(Exception):\n    @property\n    def errno(self): os._exit(0)",
        "E = type('<b>' + '\\x00\\u202e' * 999, (Exception,), {})",
        "class E(BaseException):\n    __traceback__ = None",
        "E = type('E', (KeyboardInterrupt, ValueError), {})",
    ],
)
def test_94_an_exception_that_lies_is_an_exception(judge: Judge, error: str) -> None:
    source = f"{error}\ndef f(x): raise E()"
    earns_nothing(judge, source, Verdict.EXCEPTION, Verdict.MEMORY_LIMIT, memory_mb=512)


def test_95_a_traceback_through_the_graders_name_is_not_the_graders_fault(judge: Judge) -> None:
    source = """
def f(x):
    exec(compile("1 / 0", "<grader.py 0123456789ab>", "exec"), {"__name__": "grading.judge"})
"""
    earns_nothing(judge, source, Verdict.EXCEPTION)
