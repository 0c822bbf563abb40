"""Real submissions inside a real wall, and the verdict that each must get."""

from __future__ import annotations

import time

import pytest

from grading.judge.verdicts import Verdict

pytestmark = pytest.mark.wall

DOUBLE = "attempt.close(attempt.call('f', 3.0, returns=Float()), 6.0, hint='pista')"


def test_a_right_answer_has_passed(judge):
    report = judge(DOUBLE, "def f(x):\n    return 2 * x\n")
    assert (report.verdict, report.fraction, report.message) == (Verdict.PASSED, 1.0, "")
    assert report.cpu_seconds > 0
    assert report.seconds < 1
    assert report.peak_memory_bytes > 0


def test_a_wrong_answer_brings_its_hint_and_no_hidden_number(judge):
    report = judge(DOUBLE, "def f(x):\n    return 5.25\n")
    assert (report.verdict, report.fraction, report.hint) == (Verdict.WRONG, 0.0, "pista")
    assert "5,25" not in report.message
    assert "6" not in report.message


def test_a_wrong_answer_to_a_visible_case_shows_both_numbers(judge):
    report = judge(DOUBLE, "def f(x):\n    return 5.25\n", visible=True)
    assert report.message == "Devolviste 5,25; se esperaba 6."


def test_an_exception_names_its_line_and_shows_only_the_students(judge):
    source = "import numpy as np\n\ndef g(x):\n    return np.linalg.cholesky(-np.eye(2))\n\n"
    source += "def f(x):\n    return g(x)\n"
    report = judge(DOUBLE, source)
    assert report.verdict is Verdict.EXCEPTION
    assert report.message.startswith("Tu código lanzó `LinAlgError` en la línea 4: ")
    assert report.evidence["line"] == 4
    assert report.evidence["text"] == "return np.linalg.cholesky(-np.eye(2))"
    assert [(frame["line"], frame["name"]) for frame in report.evidence["traceback"]] == [(7, "f"), (4, "g")]


def test_nan_where_a_finite_number_was_due_has_diverged(judge):
    report = judge(DOUBLE, "def f(x):\n    return float('nan')\n")
    assert report.verdict is Verdict.DIVERGED
    assert report.message == "Devolviste NaN; se pide un número finito."


DESCENT = """
H = np.diag([1.0, 4.0])
value, grad = lambda x: x @ H @ x / 2, lambda x: H @ x
f = attempt.oracle(value=value, grad=grad, dim=2, budget={budget}, on_exhausted='{mode}')
got = attempt.call('f', f, returns=Anything())
"""
RUNAWAY = (
    "import numpy as np\ndef f(o):\n    x = np.ones(2)\n    while True:\n        x = x - 0.7 * o.grad(x)\n"
)


def test_a_descent_that_blows_up_says_at_which_step_and_how_fast(judge):
    report = judge(DESCENT.format(budget=5000, mode="stop"), RUNAWAY)
    assert report.verdict is Verdict.DIVERGED
    assert "‖w‖ crecía ×1,8 por paso" in report.message
    assert report.evidence["growth"] == pytest.approx(1.8, abs=0.01)
    (curve,) = report.curves
    assert curve["role"] == "student"
    assert curve["points"][-1][1] is None
    assert len(curve["points"]) <= 400


def test_the_gradient_beyond_the_budget_is_over_budget(judge):
    report = judge(DESCENT.format(budget=20, mode="stop"), RUNAWAY)
    assert (report.verdict, report.fraction) == (Verdict.OVER_BUDGET, 0.0)
    assert report.message == "Pediste el gradiente 21 de 20; ahí lo paramos."
    assert report.calls == 20


SCORED = DESCENT.format(budget=20, mode="score") + "attempt.score(0.4 if got is None else 0.6)\n"


def test_an_oracle_may_score_what_was_reached_within_the_budget(judge):
    report = judge(SCORED, RUNAWAY)
    assert (report.verdict, report.fraction) == (Verdict.OVER_BUDGET, 0.4)
    assert report.message == "Pediste el gradiente 21 de 20; puntúa hasta ahí."
    swallowed = (
        "import numpy as np\ndef f(o):\n    try:\n        while True:\n            o.grad(np.ones(2))\n"
    )
    swallowed += "    except Exception as e:\n        return str(e)\n"
    report = judge(SCORED, swallowed)
    assert (report.verdict, report.fraction) == (Verdict.OVER_BUDGET, 0.6)


def test_who_goes_on_asking_beyond_the_budget_is_stopped_without_score(judge):
    source = """import numpy as np
def f(o):
    while True:
        try:
            o.grad(np.ones(2))
        except BaseException:
            pass
"""
    report = judge(SCORED, source)
    assert (report.verdict, report.fraction, report.calls) == (Verdict.OVER_BUDGET, 0.0, 20)


def test_an_endless_loop_is_out_of_time_and_its_cpu_time_says_whose_it_was(judge):
    started = time.monotonic()
    report = judge(DOUBLE, "def f(x):\n    while True: pass\n", seconds=0.5, cpu_seconds=5)
    assert time.monotonic() - started < 5
    assert report.verdict is Verdict.TIME_LIMIT
    assert report.message.replace("\u202f", " ").startswith("Pasó de 0,5 s y lo paramos.")


def test_on_a_loaded_machine_who_got_no_processor_gets_more_time_but_not_for_ever(judge, loaded):
    started = time.monotonic()
    report = judge(DOUBLE, "import time\ndef f(x):\n    time.sleep(0.8)\n    return 2 * x\n", seconds=0.5)
    assert report.verdict is Verdict.PASSED
    report = judge(DOUBLE, "import time\ndef f(x):\n    time.sleep(60)\n", seconds=0.5)
    assert report.verdict is Verdict.TIME_LIMIT
    assert "La máquina iba cargada y te dimos 1 s más." in report.message.replace("\u202f", " ")
    assert time.monotonic() - started < 6


def test_a_sleeper_is_out_of_time_and_told_that_it_only_waited(judge, idle):
    report = judge(DOUBLE, "import time\ndef f(x):\n    time.sleep(60)\n", seconds=0.5)
    assert report.verdict is Verdict.TIME_LIMIT
    assert "tu código esperaba" in report.message


def test_time_in_an_oracle_run_names_the_step_that_it_reached(judge):
    source = (
        "import numpy as np\ndef f(o):\n    for _ in range(7): o.grad(np.ones(2))\n    while True: pass\n"
    )
    report = judge(DESCENT.format(budget=20, mode="stop"), source, seconds=0.5)
    assert report.verdict is Verdict.TIME_LIMIT
    assert "lo paramos en el paso 7." in report.message


def test_more_cpu_than_allowed_is_out_of_time(judge):
    source = "def f(x):\n    while True: pass\n"
    report = judge(DOUBLE, source, seconds=20, cpu_seconds=1)
    assert report.verdict is Verdict.TIME_LIMIT


@pytest.mark.parametrize(
    "grow",
    [
        "x = []\n    while True: x.append('y' * 10**6)",
        "return np.ones(40 * 2**27).sum()",
        "x = [bytearray(10**8) for _ in range(99)]",
    ],
)
def test_too_much_memory_is_memory_limit(judge, grow):
    report = judge(DOUBLE, f"import numpy as np\ndef f(x):\n    {grow}\n", memory_mb=128, seconds=20)
    assert report.verdict is Verdict.MEMORY_LIMIT
    assert report.message.replace("\u202f", " ").startswith("Pasó de 128 MB")


def test_endless_printing_is_output_limit_with_head_and_tail_kept(judge_all):
    from grading.judge import GroupSpec

    source = "def f(x):\n    i = 0\n    while True:\n        print('línea', i)\n        i += 1\n"
    grader = f"@group('g')\ndef g(attempt):\n    {DOUBLE}\n"
    report = judge_all(grader, source, GroupSpec("g", "G", 10), output_kb=16)
    assert report.groups[0].verdict is Verdict.OUTPUT_LIMIT
    assert report.groups[0].message.replace("\u202f", " ") == (
        "Imprimiste más de 16 kB; guardamos el principio y el final."
    )
    assert report.output.startswith("línea 0\n")
    assert len(report.output.encode()) < 17 * 1024


def test_printing_too_much_is_output_limit_even_after_the_right_answer(judge):
    source = "def f(x):\n    print('x' * 30_000)\n    return 2 * x\n"
    assert judge(DOUBLE, source, output_kb=16).verdict is Verdict.OUTPUT_LIMIT
    assert judge(DOUBLE, source, output_kb=64).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    "reach",
    [
        "import socket\n    socket.create_connection(('1.1.1.1', 80))",
        "import urllib.request\n    urllib.request.urlopen('http://example.org')",
        "import ctypes\n    ctypes.CDLL(None).ptrace(0, 0, 0, 0)",
    ],
)
def test_reaching_out_is_forbidden(judge, reach):
    report = judge(DOUBLE, f"def f(x):\n    {reach}\n    return 2 * x\n")
    assert report.verdict is Verdict.FORBIDDEN
    assert "aquí no se puede y no hace falta" in report.message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("'6'", "Devolviste el texto «6»; se pide un número."),
        ("None", "Devolviste None; se pide un número."),
        ("{1, 2}", "Devolviste un objeto de tipo set; se pide un número."),
        ("lambda: 6", "Devolviste un objeto de tipo function; se pide un número."),
        ("10**100", "Devolviste un entero de más de 64 bits; se pide un número."),
        ("np.ones((3, 1))", "Devolviste un array de forma (3, 1) y tipo float64; se pide un número."),
        ("np.array(['a'])", "Devolviste un array de dtype <U1; se pide un número."),
        ("(yield)", "Devolviste un objeto de tipo generator; se pide un número."),
    ],
)
def test_a_value_of_the_wrong_kind_says_what_came_and_what_was_asked(judge, value, message):
    report = judge(DOUBLE, f"import numpy as np\ndef f(x):\n    return {value}\n")
    assert (report.verdict, report.message) == (Verdict.BAD_VALUE, message)


def test_a_wrong_shape_says_both_shapes(judge):
    report = judge(
        "attempt.call('f', 1.0, returns=Array((3,)))", "import numpy as np\nf = lambda x: np.ones((3, 1))\n"
    )
    assert report.message == "Devolviste forma (3, 1); se pide (3,)."


def test_partial_credit_below_one_is_wrong_with_its_fraction_and_words(judge):
    report = judge("attempt.score(0.7, hint='pista', message='A medias.')", "def f(x): ...\n")
    assert (report.verdict, report.fraction, report.hint, report.message) == (
        Verdict.WRONG,
        0.7,
        "pista",
        "A medias.",
    )
