"""Attacks on what the judge computes for the student: oracles, weights, configurations, the clock."""

import pytest

from grading.judge.verdicts import Verdict

from .conftest import Judge
from .test_frames import SAY

pytestmark = pytest.mark.wall

QUADRATIC = """
f = attempt.oracle(value=lambda x: float(x @ x), grad=lambda x: 2 * x, dim=2, budget=20)
attempt.call('f', f, returns=Anything())
attempt.note(calls=f.calls)
attempt.check(f.best < 1e-9)
"""


def test_96_a_path_that_leaps_over_all_numbers_leaves_numbers_to_keep(judge: Judge) -> None:
    """Growth by infinity was evidence that no database takes; the worker looks whether it is JSON."""
    source = """
import numpy as np
def f(o):
    for x in (1e-161, 1e150, 1.1e150, 1.2e150, float("nan")): o.grad(np.array([x, 0]))
"""
    graded = judge(QUADRATIC, source)
    assert graded.verdict is Verdict.DIVERGED
    assert graded.earned() == 0
    assert "growth" not in graded.evidence


@pytest.mark.parametrize("value", ["'\\0\\0'", "{'a\\0': '\\0'}", "float('inf')", "[float('nan')] * 9"])
def test_97_what_a_grader_notes_of_the_students_can_be_kept(judge: Judge, value: str) -> None:
    body = "got = attempt.call('f', 1.0, returns=Anything())\nattempt.note(got=got)"
    graded = judge(body, f"def f(x): return {value}")
    assert graded.verdict is Verdict.PASSED
    assert "\\u0000" not in ascii(graded.evidence)
    assert "\\x00" not in ascii(graded.evidence)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("o.grad(np.zeros(3))", Verdict.BAD_VALUE),
        ("o.grad(np.zeros((2, 1)))", Verdict.BAD_VALUE),
        ("o.grad(np.zeros(2, complex))", Verdict.BAD_VALUE),
        ("o.grad(0.0)", Verdict.BAD_VALUE),
        ("o.grad(np.zeros(2), np.zeros(2))", Verdict.BAD_VALUE),
        ("o.grad()", Verdict.BAD_VALUE),
        ("o.grad([0.0, 0.0])", Verdict.BAD_VALUE),
        ("o.grad('0')", Verdict.BAD_VALUE),
        ("o.grad(np.array([np.nan, 0]))", Verdict.DIVERGED),
        ("o.grad(np.full(2, np.inf))", Verdict.DIVERGED),
        ("say('ask', 1, 'grad', [[[]] * 9])", Verdict.BAD_VALUE),
        ("say('ask', 1, '__class__', [])", Verdict.BAD_VALUE),
        ("say('ask', 1, 'best', [])", Verdict.BAD_VALUE),
        ("say('ask', 2, 'grad', [array(2)])", Verdict.BAD_VALUE),
        ("say('ask', 1, 'grad', {'x': 1})", Verdict.BAD_VALUE),
        ("o.grad(np.zeros(2) - 0.0)", Verdict.WRONG),
        ("o.grad(np.array([5e-324, 1e308], 'float16'))", Verdict.DIVERGED),
        ("o.grad(np.ones(2, bool))", Verdict.BAD_VALUE),
        ("o.grad(np.ones(2, 'uint64') << 63)", Verdict.WRONG),
    ],
)
def test_98_a_question_that_is_none_earns_nothing(judge: Judge, question: str, verdict: Verdict) -> None:
    body = QUADRATIC.replace("f.best < 1e-9", "f.calls > 5")
    graded = judge(body, f"{SAY}\nimport numpy as np\ndef f(o):\n    {question}\n    return 1")
    assert graded.verdict is verdict, graded.report
    assert graded.earned() == 0


@pytest.mark.parametrize(
    "size", ["0", "-5", "2**62", "2**63 - 1", "1.0", "True", "np.int64(-1)", "np.array(10**9)"]
)
def test_98_a_batch_of_any_size_costs_its_size(judge: Judge, size: str) -> None:
    body = """
f = attempt.oracle(batch=lambda x, size: float(x @ x), dim=2, budget=20)
attempt.call('f', f, returns=Anything())
attempt.check(f.spent > 0)
"""
    graded = judge(body, f"import numpy as np\ndef f(o): return o.batch(np.ones(2), {size})")
    assert graded.verdict in (Verdict.BAD_VALUE, Verdict.OVER_BUDGET)
    assert graded.earned() == 0


def test_99_a_refusal_that_is_swallowed_for_ever_ends(judge: Judge) -> None:
    body = """
f = attempt.oracle(value=lambda x: float(x @ x), dim=2, budget=5, on_exhausted='score')
attempt.call('f', f, returns=Anything())
attempt.score(0.0 if f.best > 1 else 1.0)
"""
    source = """
import numpy as np
def f(o):
    while True:
        try: o.value(np.ones(2) * 3)
        except Exception: pass
"""
    graded = judge(body, source, seconds=20)
    assert (graded.verdict, graded.earned()) == (Verdict.OVER_BUDGET, 0)
    assert graded.group["calls"] == 5


def test_59_a_child_that_asks_beside_its_parent_is_counted_or_out_of_turn(judge: Judge) -> None:
    source = """
import os, numpy as np
def f(o):
    if os.fork() == 0:
        while True:
            try: o.grad(np.zeros(2))
            except BaseException: os._exit(0)
    for _ in range(10**6): o.grad(np.ones(2))
"""
    graded = judge(QUADRATIC, source, seconds=5)
    assert graded.verdict in (Verdict.OVER_BUDGET, Verdict.BAD_VALUE, Verdict.EXCEPTION, Verdict.TIME_LIMIT)
    assert graded.earned() == 0
    assert graded.group["calls"] <= 20


def test_59_old_answers_cannot_be_replayed(judge: Judge) -> None:
    source = f"""{SAY}
import numpy as np
def f(o):
    for number in range(1, 40): say('tell', [0.0, 0.0])
    o.grad(np.zeros(2))
"""
    graded = judge(QUADRATIC, source)
    assert (graded.verdict, graded.earned()) == (Verdict.BAD_VALUE, 0)


TRAINING = """
x = attempt.rng.normal(size=(200, 5))
secret = attempt.rng.normal(size=5)
y = np.sign(x @ secret)
w = attempt.call('f', x[:100], y[:100], returns=Array((5,)))
right = float(np.mean(np.sign(x[100:] @ w) == y[100:]))
attempt.check(right > 0.9)
"""


@pytest.mark.parametrize(
    ("weights", "verdict"),
    [
        ("y", Verdict.BAD_VALUE),
        ("y[:5]", Verdict.WRONG),
        ("np.zeros(5)", Verdict.WRONG),
        ("np.full(5, np.nan)", Verdict.DIVERGED),
        ("np.zeros((100, 5))", Verdict.BAD_VALUE),
        ("np.zeros(1 << 25)", Verdict.BAD_VALUE),
        ("{'accuracy': 1.0}", Verdict.BAD_VALUE),
        ("1.0", Verdict.BAD_VALUE),
        ("np.full(5, 1e308) * 10", Verdict.DIVERGED),
        ("lambda x: y", Verdict.BAD_VALUE),
    ],
)
def test_62_weights_that_were_not_learned_earn_nothing(judge: Judge, weights: str, verdict: Verdict) -> None:
    source = f"import numpy as np\ndef f(x, y): return {weights}"
    graded = judge(TRAINING, source, functions=["f(x, y)"], memory_mb=2048, seconds=20)
    assert (graded.verdict, graded.earned()) == (verdict, 0), graded.report


def test_62_honest_weights_pass(judge: Judge) -> None:
    source = "import numpy as np\ndef f(x, y): return np.linalg.lstsq(x, y, rcond=None)[0]"
    assert judge(TRAINING, source, functions=["f(x, y)"]).verdict is Verdict.PASSED


def test_63_the_judges_own_time_is_no_gift_of_processor_time(judge: Judge) -> None:
    """A thread goes on while the judge computes: its time is not on the clock, but on the processor's."""
    body = """
import time
attempt.call('f', 1.0, returns=Anything())
time.sleep(3.0)
attempt.check(attempt.cpu_seconds < 0.1)
"""
    source = """
import threading
def work():
    while True: pass
def f(x): threading.Thread(target=work, daemon=True).start()
"""
    graded = judge(body, source, seconds=20, cpu_seconds=20)
    assert (graded.verdict, graded.earned()) == (Verdict.WRONG, 0)
    graded = judge(
        "attempt.call('f', 1.0, returns=Anything())\nimport time; time.sleep(5)\n"
        "attempt.call('f', 1.0, returns=Anything())",
        source,
        seconds=20,
        cpu_seconds=0.5,
    )
    assert (graded.verdict, graded.earned()) == (Verdict.TIME_LIMIT, 0)


def test_63_a_clock_that_was_set_back_inside_is_only_the_students(judge: Judge) -> None:
    source = """
import time
began = time.monotonic()
time.monotonic = time.perf_counter = time.process_time = time.time = lambda: began
def f(x): time.sleep(0.3)
"""
    body = "attempt.call('f', 1.0, returns=Anything())\nattempt.check(attempt.seconds < 0.1)"
    graded = judge(body, source)
    assert (graded.verdict, graded.earned()) == (Verdict.WRONG, 0)
