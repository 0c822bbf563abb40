from __future__ import annotations

import numpy as np
import pytest

from grading.judge.contracts import Array
from grading.judge.frames import Torch
from grading.judge.oracles import Method, Oracle
from grading.judge.session import Refused
from grading.judge.stops import GraderFault, Stop
from grading.judge.verdicts import Verdict


@pytest.fixture(autouse=True)
def as_in_a_grading():
    with np.errstate(all="ignore"):
        yield


def parabola(**options) -> Oracle:
    point = (Array((2,), finite=True),)
    methods = {
        "value": Method(lambda x: float(x @ x), point, budget=options.pop("values", None)),
        "grad": Method(lambda x: 2 * x, point, options.pop("cost", 1)),
    }
    options = {"budget": 100, "record": methods["value"].function} | options
    return Oracle("f", methods, "grad", {}, **options)


def test_each_answer_is_counted_and_each_step_recorded():
    oracle = parabola()
    oracle.answer("value", [np.ones(2)])
    for scale in (1.0, 3.0, 0.5):
        oracle.answer("grad", [np.full(2, scale)])
    assert (oracle.calls, oracle.steps, oracle.count("value")) == (4, 3, 1)
    assert oracle.values == [2.0, 18.0, 0.5]
    assert oracle.points() == [(1.0, 2.0), (2.0, 18.0), (3.0, 0.5)]
    assert (oracle.best, oracle.best_point.tolist()) == (0.5, [0.5, 0.5])
    assert (oracle.steps_to(1.0), oracle.steps_to(0.1)) == (3, None)


def test_asking_beyond_the_budget_is_over_budget_and_costs_nothing():
    oracle = parabola(budget=2)
    oracle.answer("grad", [np.ones(2)])
    oracle.answer("grad", [np.ones(2)])
    with pytest.raises(Stop) as stop:
        oracle.answer("grad", [np.ones(2)])
    assert stop.value.verdict is Verdict.OVER_BUDGET
    assert stop.value.message == "Pediste el gradiente 3 de 2; ahí lo paramos."
    assert (oracle.calls, len(oracle.values)) == (2, 2)


def test_an_oracle_that_scores_refuses_first_and_stops_who_insists():
    oracle = parabola(budget=0, on_exhausted="score")
    for _ in range(100):
        with pytest.raises(Refused):
            oracle.answer("grad", [np.ones(2)])
    assert oracle.exhausted is not None
    with pytest.raises(Stop, match="puntúa hasta ahí"):
        oracle.answer("grad", [np.ones(2)])


def test_methods_may_have_budgets_and_costs_of_their_own():
    oracle = parabola(values=1, cost=lambda x: int(x[0]))
    oracle.answer("value", [np.ones(2)])
    with pytest.raises(Stop, match="Pediste el valor 2 de 1"):
        oracle.answer("value", [np.ones(2)])
    oracle = parabola(cost=lambda x: int(x[0]))
    oracle.answer("grad", [np.array([41.0, 0.0])])
    assert oracle.spent == 41
    with pytest.raises(Stop, match="Pediste el gradiente 101 de 100"):
        oracle.answer("grad", [np.array([60.0, 0.0])])


def test_a_path_that_grows_until_it_overflows_diverges_with_its_rate():
    oracle = parabola(budget=10_000)

    def descend(x):
        while True:
            oracle.answer("grad", [x])
            x = -1.8 * x

    with pytest.raises(Stop) as stop:
        descend(np.full(2, 1e-3))
    assert stop.value.verdict is Verdict.DIVERGED
    assert stop.value.evidence["since"] == 1
    assert stop.value.evidence["growth"] == pytest.approx(1.8)
    assert f"Divergió en el paso {stop.value.evidence['step']}" in stop.value.message.replace("\u202f", "")
    assert "la pérdida dejó de ser finita. Desde el 1, ‖w‖ crecía ×1,8 por paso." in stop.value.message


def test_nan_in_the_point_diverges_and_an_author_may_let_it_pass():
    with pytest.raises(Stop, match="tus parámetros dejaron de ser finitos"):
        parabola().answer("grad", [np.array([1.0, np.nan])])
    free = Oracle(
        "f", {"grad": Method(lambda x: x, (Array((1,), finite=False),))}, "grad", {}, 5, finite=False
    )
    assert np.isnan(free.answer("grad", [np.array([np.nan])]))


def test_a_point_of_the_wrong_shape_says_which_call_was_wrong():
    with pytest.raises(Stop) as stop:
        parabola().answer("grad", [np.zeros((2, 1))])
    assert stop.value.verdict is Verdict.BAD_VALUE
    assert stop.value.message == "Llamaste a `f.grad` con forma (2, 1); se pide (2,)."
    with pytest.raises(Stop, match="con 2 argumentos; se piden 1"):
        parabola().answer("grad", [1, 2])


def test_a_question_asked_with_tensors_is_answered_with_tensors_of_their_type():
    answer = parabola().answer("grad", [Torch(np.ones(2, np.float32))])
    assert isinstance(answer, Torch)
    assert (answer.array.dtype, answer.array.tolist()) == (np.float32, [2.0, 2.0])


def test_an_error_in_the_authors_function_is_our_fault():
    broken = Oracle("f", {"value": Method(lambda x: 1 / 0, (Array((1,)),))}, "value", {}, 5)
    with pytest.raises(GraderFault, match="ZeroDivisionError"):
        broken.answer("value", [np.ones(1)])


def test_a_method_that_the_oracle_does_not_offer_is_a_forged_question():
    with pytest.raises(Stop) as stop:
        parabola().answer("minimum", [])
    assert stop.value.verdict is Verdict.BAD_VALUE
