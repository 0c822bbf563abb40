"""A grading as a whole: groups, points, events, and whose fault it is."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from grading.judge import GraderFault, GroupSpec, Job, JobLimits, grade
from grading.judge.verdicts import Verdict
from grading.sandbox import WallFault

pytestmark = pytest.mark.wall

GRADER = """
@group("base")
def base(attempt): attempt.close(attempt.call("f", 1.0, returns=Float()), 2.0, hint="factor")
@group("sobre-base")
def on_base(attempt): attempt.close(attempt.call("f", 2.0, returns=Float()), 4.0)
@group("aparte")
def apart(attempt): attempt.score(0.5 if attempt.call("f", 0.0, returns=Float()) == 0 else 1.0)
"""
GROUPS = (
    GroupSpec("base", "La base", 10, visible=True),
    GroupSpec("sobre-base", "Sobre la base", 20, requires=("base",)),
    GroupSpec("aparte", "Aparte", 10, visible=True, requires=("sobre-base",)),
)


def test_the_score_weighs_each_group_by_its_points_and_fraction(judge_all):
    report = judge_all(GRADER, "f = lambda x: 2 * x\n", *GROUPS)
    assert [g.fraction for g in report.groups] == [1.0, 1.0, 0.5]
    assert report.score == pytest.approx(100 * (10 + 20 + 5) / 40)


def test_a_group_that_needs_a_failed_one_is_not_run_and_says_which(judge_all):
    report = judge_all(GRADER, "f = lambda x: 3 * x\n", *GROUPS)
    assert [g.verdict for g in report.groups] == [Verdict.WRONG, Verdict.NOT_RUN, Verdict.NOT_RUN]
    assert report.groups[1].message == "No se ejecutó: depende de «La base»."
    assert report.score == 0.0


def test_a_try_grades_only_the_visible_groups_whatever_they_require(judge_all):
    report = judge_all(GRADER, "f = lambda x: 2 * x\n", *GROUPS, visible_only=True)
    assert [g.slug for g in report.groups] == ["base", "aparte"]
    assert report.score == pytest.approx(75.0)


def test_each_group_has_a_process_of_its_own(judge_all):
    grader = "".join(
        f"@group('{s}')\ndef {s}(attempt): attempt.equal(attempt.call('f', 0.0, returns=Int()), 1)\n"
        for s in "ab"
    )
    source = "calls = 0\ndef f(x):\n    global calls\n    calls += 1\n    return calls\n"
    report = judge_all(grader, source, GroupSpec("a", "A", 1), GroupSpec("b", "B", 1))
    assert report.score == 100.0


def test_randomness_of_the_students_is_the_same_on_a_regrade(judge_all):
    grader = "@group('g')\ndef g(attempt): attempt.note(x=attempt.call('f', 0.0, returns=Anything()))\n"
    source = "import random, numpy as np\nf = lambda x: [random.random(), float(np.random.rand())]\n"
    seen = [
        judge_all(grader, source, GroupSpec("g", "G", 1), seed=seed).groups[0].evidence["x"]
        for seed in (5, 5, 6)
    ]
    assert seen[0] == seen[1] != seen[2]


def test_the_student_watches_the_groups_the_curve_and_the_log(judge_all):
    grader = """
@group('g')
def g(attempt):
    attempt.axes(x='gradiente', y='f', log=True)
    attempt.target(1e-3)
    attempt.reference('momentum', [1, 2, 3], [1.0, 0.1, 0.01])
    f = attempt.oracle(value=lambda x: float(x @ x), grad=lambda x: 2 * x, dim=2)
    attempt.call('f', f, returns=Nothing())
"""
    source = "import numpy as np\ndef f(o):\n    x = np.ones(2)\n    for i in range(500):\n"
    source += "        x = x - 0.01 * o.grad(x)\n    print('llegué')\n"
    heard = []
    report = judge_all(grader, source, GroupSpec("g", "El grupo", 10), emit=heard.append)
    json.dumps(heard)
    assert heard[0] == {"type": "group_started", "slug": "g", "title": "El grupo", "index": 1, "total": 1}
    assert heard[-1] == {
        "type": "group", "slug": "g", "title": "El grupo", "verdict": "passed", "fraction": 1.0,
        "message": "",
    }  # fmt: skip
    points = [p for event in heard if event["type"] == "points" for p in event["points"]]
    assert points[0] == [1.0, 2.0]
    assert points[-1][0] == 500.0
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert "".join(e["text"] for e in heard if e["type"] == "log") == "llegué\n"
    assert report.output == "llegué\n"
    student, target, reference = report.groups[0].curves
    assert (student["label"], student["role"], len(student["points"])) == ("tú", "student", 400)
    assert target == {"label": "objetivo", "role": "target", "y": 1e-3}
    assert (reference["role"], reference["points"][0]) == ("reference", [1.0, 1.0])
    assert report.groups[0].evidence["axes"] == {"x": "gradiente", "y": "f", "log": True}
    json.dumps(asdict(report), allow_nan=False)


def test_the_curve_is_told_fifteen_times_a_second_and_no_oftener(judge_all):
    grader = """
@group('g')
def g(attempt):
    f = attempt.oracle(value=lambda x: float(x @ x), dim=1, budget=10**6)
    attempt.call('f', f, returns=Nothing())
"""
    source = "import time, numpy as np\ndef f(o):\n    end = time.monotonic() + 1\n    x = np.ones(1)\n"
    source += "    while time.monotonic() < end: o(x)\n"
    heard = []
    judge_all(grader, source, GroupSpec("g", "G", 1), emit=heard.append)
    batches = [event["points"] for event in heard if event["type"] == "points"]
    assert 2 <= len(batches) <= 18
    assert max(map(len, batches)) <= 60


def test_a_listener_who_leaves_ends_the_grading(judge_all):
    class Stopped(Exception): ...

    def leave(event):
        if event["type"] == "points":
            raise Stopped

    grader = """
@group('g')
def g(attempt):
    try:
        f = attempt.oracle(value=lambda x: float(x @ x), dim=1)
        attempt.call('f', f, returns=Nothing())
    except Exception:
        pass
"""
    source = "import numpy as np\ndef f(o):\n    while True: o(np.ones(1))\n"
    with pytest.raises(Stopped):
        judge_all(grader, source, GroupSpec("g", "G", 1), emit=leave)


@pytest.mark.parametrize(
    ("grader", "says"),
    [
        ("@group('g')\ndef g(attempt):\n    1 / 0\n", r"ZeroDivisionError.*grader.py:6"),
        (
            "@group('g')\ndef g(attempt):\n    attempt.call('h', 1, returns=Float())\n",
            "not among the exercise's",
        ),
        (
            "@group('g')\ndef g(attempt):\n    attempt.call('f', object(), returns=Float())\n",
            "cannot be sent",
        ),
        ("@group('g')\ndef g(attempt):\n    attempt.score(2)\n", "between 0 and 1"),
        ("@group('other')\ndef g(attempt): ...\n", r'no function of the grader has @group\("g"\)'),
        ("def g(:\n", r"SyntaxError.*grader.py:4"),
        ("@group('g')\ndef a(x): ...\n@group('g')\ndef b(x): ...\n", "two functions grade"),
    ],
)
def test_a_mistake_of_the_authors_is_our_fault_with_its_line(judge_all, grader, says):
    with pytest.raises(GraderFault, match=says):
        judge_all(grader, "f = lambda x: x\n", GroupSpec("g", "G", 1))


def test_a_graders_own_except_does_not_swallow_a_verdict(judge):
    body = "try:\n    attempt.call('f', 1.0, returns=Float())\nexcept Exception:\n    pass"
    assert judge(body, "def f(x): raise ValueError\n").verdict is Verdict.EXCEPTION


def test_a_broken_wall_is_the_callers_to_know(numpy_runtime):
    class Broken:
        name = "broken"

        def start(self, runtime, limits):
            raise WallFault("own_cgroup", 13, "delegate the cgroup")

    job = Job("from grading.judge.author import *\n@group('g')\ndef g(a): ...\n", "f = 1\n",
              (GroupSpec("g", "G", 1),), (), numpy_runtime, JobLimits(), 1)  # fmt: skip
    with pytest.raises(WallFault, match="delegate"):
        grade(job, Broken())


def test_what_the_student_should_raise_can_be_asked_for(judge):
    body = "attempt.raises('f', -1.0, of=['ValueError'], hint='pista')"
    assert judge(body, "def f(x):\n    raise ValueError('x < 0')\n").verdict is Verdict.PASSED
    assert judge(body, "class Mine(ValueError): ...\ndef f(x):\n    raise Mine\n").verdict is Verdict.PASSED
    assert judge(body, "def f(x):\n    raise KeyError\n").verdict is Verdict.EXCEPTION
    report = judge(body, "def f(x): return 0\n")
    assert (report.verdict, report.hint) == (Verdict.WRONG, "pista")
    assert report.message == "`f` aceptó un caso en el que se pide lanzar `ValueError`."


def test_the_time_of_one_call_can_be_bounded_and_measured(judge, idle):
    body = "attempt.call('f', 0.3, returns=Nothing(), seconds=2)\nattempt.note(s=attempt.seconds)\n"
    body += "attempt.call('f', 9.0, returns=Nothing(), seconds=0.2)"
    report = judge(body, "import time\ndef f(x): time.sleep(x)\n")
    assert report.verdict is Verdict.TIME_LIMIT
    assert report.message.replace("\u202f", " ").startswith("Pasó de 0,2 s")
    assert 0.3 <= report.evidence["s"] < 1.5


TUNING = """
PROGRAM = '''
import numpy as np
def train(lr, steps, seed):
    x = np.random.default_rng(seed).normal(size=5)
    for _ in range(steps): x = x - lr * x
    return float(x @ x)
'''
@group('g')
def g(attempt):
    config = attempt.call('f', 1.0, returns=Mapping({'lr': Float(low=0, high=10), 'steps': Int(low=1)}))
    lr, steps = config['lr'], config['steps']
    loss = attempt.run_inside(PROGRAM, 'train', lr, steps, 3, returns=Float(finite=False), seconds=1)
    attempt.check(loss < 1e-6, message='No llega.')
"""


@pytest.mark.parametrize(
    ("config", "verdict"),
    [
        ("{'lr': 0.5, 'steps': 50}", Verdict.PASSED),
        ("{'lr': 0.01, 'steps': 5}", Verdict.WRONG),
        ("{'lr': 0.5}", Verdict.BAD_VALUE),
        ("{'lr': 0.5, 'steps': 10**9}", Verdict.TIME_LIMIT),
    ],
)
def test_a_configuration_is_judged_by_the_authors_own_training_inside_the_wall(judge_all, config, verdict):
    report = judge_all(TUNING, f"f = lambda x: {config}\n", GroupSpec("g", "G", 1)).groups[0]
    assert report.verdict is verdict
    if verdict is Verdict.TIME_LIMIT:
        assert report.message.startswith("La ejecución con lo que devolviste: ")


def test_an_error_in_the_authors_program_is_our_fault(judge):
    with pytest.raises(GraderFault, match="ZeroDivisionError"):
        judge("attempt.run_inside('def t(): return 1 / 0', 't', returns=Float())", "f = lambda x: x\n")


def test_arguments_arrive_as_what_they_were_sent(judge):
    body = """
sent = (1, (2.5, 'a')), {'k': [None, True]}, np.int64(3), 1 + 2j, np.zeros((2, 0))
got = attempt.call('f', *sent, returns=Text())
attempt.equal(got, "tuple (1, (2.5, 'a')) dict {'k': [None, True]} int 3 complex (1+2j) ndarray (2, 0)")
"""
    source = "def f(a, b, c, d, e):\n    t = lambda v: type(v).__name__\n"
    source += "    return f'{t(a)} {a} {t(b)} {b} {t(c)} {c} {t(d)} {d} {t(e)} {e.shape}'\n"
    report = judge(body, source, functions=("f(a, b, c, d, e)",), visible=True)
    assert (report.verdict, report.message) == (Verdict.PASSED, "")


def test_a_stochastic_oracle_costs_its_batch(judge):
    body = """
data = attempt.rng.normal(size=100)
f = attempt.oracle(batch=lambda x, n: x - attempt.rng.choice(data, n).mean(), dim=1, budget=100,
                   record=lambda x, n: float((x[0] - data.mean()) ** 2), against='spent')
attempt.call('f', f, returns=Nothing())
attempt.equal([f.spent, f.steps], [96, 3])
"""
    source = "import numpy as np\ndef f(o):\n    assert (o.dim, o.budget) == (1, 100)\n    x = np.ones(1)\n"
    source += "    for n in (32, 32, 32): x = x - 0.5 * o.batch(x, n)\n"
    report = judge(body, source)
    assert report.verdict is Verdict.PASSED
    assert [x for x, _ in report.curves[0]["points"]] == [32.0, 64.0, 96.0]


def test_a_grader_keeps_the_students_own_run_for_the_race(judge):
    body = """
surface = SURFACES['valle']
path = [list(surface.start)]
for _ in range(3):
    slope = surface.gradient(path[-1])
    path.append(attempt.call('f', path[-1], slope, returns=Array((2,))).tolist())
attempt.replay('valle', path)
"""
    source = "import numpy as np\ndef f(w, g):\n    return np.array(w) - 0.02 * g\n"
    replay = judge(body, source, functions=("f(w, g)",)).evidence["replays"][0]
    assert (replay["surface"], len(replay["path"])) == ("valle", 4)
    assert replay["path"][0] == [-1.6, 0.4]
