"""What a student can bring about is the student's verdict; what only the author can is a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from grading.judge import GraderFault, JobLimits
from grading.judge.author import Array, Float, Text
from grading.judge.verdicts import Verdict
from grading.sandbox import Ending
from tests.fuzz.otherside import Act, Desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk(limits=JobLimits(seconds=5.0, calls=50))
    desk.student.say(["loaded", 1, {"f": [["x", "POSITIONAL_OR_KEYWORD", False]]}])
    desk.settle()
    yield desk
    desk.close()


def call(desk: Desk, oracle: Act) -> None:
    """Make the oracle and hand it to the student's function, which now runs."""
    desk.ask_grader(oracle)
    made = desk.result
    desk.ask_grader(lambda attempt: attempt.call("f", made, returns=Float()))


def first_group(desk: Desk) -> tuple[Verdict, str]:
    desk.close()
    assert desk.fault is None, desk.fault
    assert desk.report is not None
    return desk.report.groups[0].verdict, desk.report.groups[0].message


def test_questions_that_keep_the_judge_computing_beyond_all_time_are_the_askers(desk: Desk) -> None:
    def slow(x: np.ndarray) -> float:
        desk.clock.ahead += 20
        return float(x @ x)

    call(desk, lambda attempt: attempt.oracle(value=slow, dim=2, record=None))
    for _ in range(3):
        desk.student.say(["ask", 1, "value", [np.zeros(2)]])
        desk.settle()
    assert first_group(desk) == (
        Verdict.TIME_LIMIT,
        "Lo que tu código pidió calcular en el paso 3 llevó 60\u202fs, y el grupo entero tiene 45\u202fs.",
    )


def test_a_grader_that_computes_beyond_all_time_by_itself_is_at_fault(desk: Desk) -> None:
    def dawdle(attempt: object) -> None:
        desk.clock.ahead += 60

    desk.ask_grader(dawdle)
    desk.ask_grader(lambda attempt: attempt.call("f", 1.0, returns=Float()))
    desk.student.print(b".")
    desk.settle()
    desk.close()
    assert isinstance(desk.fault, GraderFault)
    assert "the time was the grader's own" in str(desk.fault)


def test_a_process_that_the_walls_clock_ended_did_not_end_itself(desk: Desk) -> None:
    def dawdle(attempt: object) -> None:
        desk.clock.ahead += 60
        desk.student.hang_up(Ending(None, 9, out_of_time="wall"))

    desk.ask_grader(dawdle)
    desk.ask_grader(lambda attempt: attempt.call("f", 1.0, returns=Float()))
    desk.close()
    assert isinstance(desk.fault, GraderFault)


@pytest.mark.parametrize("arguments", [{}, {"arguments": {"value": (Array(),)}}], ids=["none", "any shape"])
def test_an_oracle_that_would_meet_points_of_any_shape_is_refused_before_anybody_asks(
    desk: Desk, arguments: dict[str, object]
) -> None:
    desk.ask_grader(lambda attempt: attempt.oracle(value=lambda x: float(x @ x), **arguments))
    desk.close()
    assert isinstance(desk.fault, GraderFault)
    assert "dim=" in str(desk.fault)


def test_an_oracle_of_other_arguments_than_points_needs_no_dim(desk: Desk) -> None:
    call(desk, lambda attempt: attempt.oracle(choose=len, arguments={"choose": (Text(),)}, record=None))
    desk.student.say(["ask", 1, "choose", ["abc"]])
    desk.settle()
    assert desk.frame == ["tell", 3]


def test_whole_numbers_whose_squares_do_not_fit_64_bits_have_a_norm_all_the_same(desk: Desk) -> None:
    call(desk, lambda attempt: attempt.function(lambda x: 1.0, arguments=(Array((2,), dtype="int"),)))
    oracle = desk.result
    desk.student.say(["ask", 1, "", [np.array([2**62, 2**62])]])
    desk.settle()
    assert desk.frame == ["tell", 1.0]
    assert oracle.norms == [pytest.approx(2**62.5)]


def test_a_complex_point_has_a_norm(desk: Desk) -> None:
    call(desk, lambda attempt: attempt.function(lambda x: 1.0, arguments=(Array((1,), dtype="complex"),)))
    oracle = desk.result
    desk.student.say(["ask", 1, "", [np.array([3 + 4j])]])
    desk.settle()
    assert oracle.norms == [5.0]


def test_a_batch_of_a_billion_is_refused_also_where_the_budget_is_by_method(desk: Desk) -> None:
    asked = []

    def batch(x: np.ndarray, size: int) -> np.ndarray:
        asked.append(size)
        return x

    call(desk, lambda attempt: attempt.oracle(batch=batch, dim=2, budget={"batch": 10}, record=None))
    desk.student.say(["ask", 1, "batch", [np.zeros(2), 10**9]])
    desk.settle()
    assert first_group(desk)[0] == Verdict.BAD_VALUE
    assert asked == []


def test_a_module_that_says_it_is_unsendable_wrote_on_the_channel() -> None:
    desk = Desk(limits=JobLimits())
    desk.student.say(["unsendable", 1, "x"])
    desk.settle()
    assert first_group(desk)[0] == Verdict.BAD_VALUE


def test_the_walls_clock_of_the_processor_is_the_students_whatever_was_counted_last(desk: Desk) -> None:
    desk.ask_grader(lambda attempt: attempt.call("f", 1.0, returns=Float()))
    desk.student.hang_up(Ending(None, 9, out_of_time="cpu"))
    desk.settle()
    assert first_group(desk)[0] == Verdict.TIME_LIMIT
