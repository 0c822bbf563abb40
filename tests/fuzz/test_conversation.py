"""A grader that does anything legal, a student that does anything: no turn of theirs is a fault of ours."""

from __future__ import annotations

import json
import math
import socket
from typing import Any

import numpy as np
from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from grading.judge import JobLimits
from grading.judge.author import Anything, Array, Contract
from grading.judge.verdicts import Verdict
from grading.student import program

from .acts import ANSWERS, RAISED, Model, V, points
from .budget import budget
from .hostile import SECONDS, Hostile
from .otherside import GROUPS, Desk, OtherSide

OVERALL = 3 * SECONDS + 30


class Conversation(Hostile, RuleBasedStateMachine):
    """Two groups, each with a process of its own, or several where the grader asks for fresh ones."""

    @initialize(spare=st.booleans(), honest=st.integers(0, 4))
    def begin(self, spare: bool, honest: int) -> None:
        """Mostly the module loads, for what comes after is richer."""
        self.honest = honest > 0
        limits = JobLimits(seconds=SECONDS, cpu_seconds=SECONDS, calls=6, output_kb=1)
        self.desk = Desk(limits=limits, spare_core=spare)
        self.expected: list[tuple[Verdict, float | None]] = []
        self.counted: list[int] = []
        self.unread: list[OtherSide] = []
        self.fresh_group()
        self.must_load()

    def fresh_group(self) -> None:
        self.models: list[Model] = []
        self.score = 1.0
        self.opened = False  # what ends a module that never loaded ends all groups alike
        self.fresh_process()

    def fresh_process(self) -> None:
        self.number = 0
        self.printed = 0
        self.computed = 0.0
        self.junk: Verdict | None = None  # what the student left in the channel ends the next call so
        self.half = False
        self.passed: list[Model] = []

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        for process in self.unread:
            data = process.channel.recv(1 << 20, socket.MSG_DONTWAIT)
            assert data.endswith(program.pack(["done", 2, 1.0, None]))
        self.desk.close()
        assert self.desk.fault is None, self.desk.fault
        self.check_report()

    # whose turn it is

    @property
    def state(self) -> str:
        if self.desk.turn == "student":
            return "calling" if self.number > 1 else "loading"
        return self.desk.turn

    def must_load(self) -> None:
        """A fresh process got its first frame: the source, and not a word of the grader's."""
        assert self.desk.turn == "student"
        assert self.desk.frame is not None
        self.number = 1
        assert self.desk.frame[:2] == ["load", 1]
        assert self.desk.frame[2] == "def f(x): ..."
        if self.honest:
            self.loads()

    def group_ends(self, verdict: Verdict, fraction: float | None = 0.0) -> None:
        """The judge has gone on to the next group, or is done."""
        event(str(verdict))
        self.expected.append((verdict, fraction))
        self.counted.append(sum(model.calls for model in self.models))
        self.check_models()
        if not self.opened:
            while len(self.expected) < len(GROUPS):
                self.expected.append((verdict, 0.0))
                self.counted.append(0)
        if len(self.expected) == len(GROUPS):
            assert self.desk.fault is None, self.desk.fault
            assert self.desk.turn == "ended", self.desk.frame
        else:
            self.fresh_group()
            self.must_load()

    def call_returns(self) -> None:
        assert self.desk.fault is None, self.desk.fault
        assert self.desk.turn == "grader", self.desk.report

    # the student, while its module loads

    @precondition(lambda self: self.state == "loading" and not self.half)
    @rule()
    def loads(self) -> None:
        self.desk.student.say(["loaded", 1, {"f": [["x", "POSITIONAL_OR_KEYWORD", False]]}])
        self.desk.settle()
        self.call_returns()
        self.opened = True

    # the grader

    @precondition(lambda self: self.state == "grader" and len(self.models) < 4)
    @rule(
        kind=st.sampled_from(["value", "grad", "both", "function"]),
        budget_=st.integers(1, 4),
        stops=st.booleans(),
        slow=st.sampled_from([0.0, 0.0, 20.0]),
    )
    def makes_an_oracle(self, kind: str, budget_: int, stops: bool, slow: float) -> None:
        on = "stop" if stops else "score"

        def value(x: Any) -> float:
            self.desk.clock.ahead += slow
            return float(x @ x)

        def grad(x: Any) -> Any:
            self.desk.clock.ahead += slow
            return 2 * x

        if kind == "function":
            self.desk.ask_grader(
                lambda attempt: attempt.function(
                    value,
                    arguments=(Array((2,)),),
                    budget=budget_,
                    on_exhausted=on,
                    record=lambda x: float(x @ x),
                )
            )
        else:
            self.desk.ask_grader(
                lambda attempt: attempt.oracle(
                    value=value if kind != "grad" else None,
                    grad=grad if kind != "value" else None,
                    record=lambda x: float(x @ x),
                    dim=2, budget=budget_, on_exhausted=on,
                )
            )  # fmt: skip
        self.call_returns()
        main = {"value": "value", "grad": "grad", "both": "grad", "function": ""}[kind]
        self.models.append(Model(self.desk.result, main, budget_, stops, slow))

    @precondition(lambda self: self.state == "grader")
    @rule(answer=st.sampled_from(ANSWERS), pick=st.integers(1, 15), unchanged=st.booleans())
    def calls(self, answer: tuple[Contract, Any, Any], pick: int, unchanged: bool) -> None:
        self.contract = answer[0]
        self.echo = unchanged
        self.passed = [model for i, model in enumerate(self.models) if pick >> i & 1]
        argument = [model.oracle for model in self.passed] or [1.0, "x", np.zeros(2)]
        contract = self.contract
        self.number += 1
        student = self.desk.student
        self.desk.ask_grader(
            lambda attempt: attempt.call("f", argument, returns=contract, unchanged=unchanged)
        )
        if self.junk is not None or student.gone:
            if self.desk.frame is not None and self.desk.frame[0] == "call":
                self.desk.settle()  # sent before what lies in the channel was read
            self.group_ends(self.junk or V.EXCEPTION)
        else:
            assert self.desk.turn == "student"
            assert self.desk.frame is not None
            assert self.desk.frame[:3] == ["call", self.number, "f"]

    @precondition(lambda self: self.state == "grader")
    @rule(fraction=st.sampled_from([0.0, 0.25, 0.999, 1.0]))
    def scores(self, fraction: float) -> None:
        self.desk.ask_grader(lambda attempt: attempt.score(fraction, message="una parte"))
        self.call_returns()
        self.score = fraction

    @precondition(lambda self: self.state == "grader")
    @rule(how=st.sampled_from(["fail", "check", "close", "return", "return", "go on", "go on"]))
    def concludes(self, how: str) -> None:
        if how == "return":
            self.returns_from_the_group()
        elif how != "go on":
            refusals = {
                "fail": lambda attempt: attempt.fail(message="no"),
                "check": lambda attempt: attempt.check(False),
                "close": lambda attempt: attempt.close(1.0, 2.0),
            }
            self.desk.ask_grader(refusals[how])
            self.group_ends(V.OVER_BUDGET if self.exhausted else V.WRONG, 0.0)

    def returns_from_the_group(self) -> None:
        self.desk.ask_grader(None)
        if self.score >= 1:
            self.group_ends(V.PASSED, 1.0)
        elif self.exhausted:
            self.group_ends(V.OVER_BUDGET, self.score if not self.exhausted[0].stops else None)
        else:
            self.group_ends(V.WRONG, self.score)

    @precondition(lambda self: self.state == "grader" and len(self.desk.processes) < 6)
    @rule()
    def asks_for_a_fresh_process(self) -> None:
        self.desk.ask_grader(lambda attempt: attempt.restart())
        self.fresh_process()
        self.must_load()

    @property
    def exhausted(self) -> list[Model]:
        return [model for model in self.models if model.exhausted]

    # the student, while its function runs

    @precondition(lambda self: self.state == "calling" and not self.half and self.passed)
    @rule(pick=st.integers(0, 3), x=points, other=st.booleans())
    def asks(self, pick: int, x: Any, other: bool) -> None:
        """Also inside a call, again and again, beyond the budget."""
        model = self.passed[pick % len(self.passed)]
        methods = [name for name in model.oracle.methods if name != model.main] if other else []
        method = methods[0] if methods else model.main
        self.desk.student.say(["ask", model.oracle.reference, method, [x]])
        self.desk.settle()
        if model.calls == model.budget:
            model.exhausted = True
            if model.stops:
                self.group_ends(V.OVER_BUDGET, None)
            else:
                assert self.desk.frame is not None
                assert self.desk.frame[0] == "refuse"
            return
        model.calls += 1
        self.computed += model.slow
        with np.errstate(all="ignore"):
            value = float(x @ x)
        if method == model.main:
            model.values.append(value)
        if not math.isfinite(value) and method == model.main:
            self.group_ends(V.DIVERGED)
        elif self.computed >= OVERALL:
            self.group_ends(V.TIME_LIMIT)
        else:
            assert self.desk.frame is not None, self.desk.fault
            assert self.desk.frame[0] == "tell"
            due = 2 * x if method == "grad" else value
            assert np.array_equal(self.desk.frame[1], due)

    @precondition(lambda self: self.state == "calling" and not self.half)
    @rule(answer=st.sampled_from(ANSWERS), times=st.integers(1, 2))
    def answers(self, answer: tuple[Contract, Any, Any], times: int) -> None:
        """As asked, or not, or twice."""
        contract, value, verdict = answer
        if type(contract) is not type(self.contract):
            verdict = None if isinstance(self.contract, Anything) else V.BAD_VALUE
        if self.echo:
            verdict = V.WRONG if verdict is None else verdict
        echoed = [None] if self.echo else None
        message = ["done", self.number, value, echoed]
        student = self.desk.student  # after the first answer there may be another
        for _ in range(times):
            student.say(message)
        self.desk.settle()
        if self.echo and verdict in (V.WRONG, V.DIVERGED, V.BAD_VALUE):
            self.group_ends(V.OVER_BUDGET if self.exhausted else V.WRONG)
        elif verdict is not None:
            self.group_ends(verdict)
        else:
            self.call_returns()
            if times == 2:
                self.junk = V.BAD_VALUE

    @precondition(lambda self: self.state == "calling" and not self.half)
    @rule(raised=st.sampled_from(RAISED))
    def raises(self, raised: tuple[Any, Any]) -> None:
        info, verdict = raised
        self.desk.student.say(["raised", self.number, info])
        self.desk.settle()
        if verdict == "exhausted" and self.exhausted:
            self.call_returns()
            assert self.desk.result is None
        else:
            self.group_ends(V.EXCEPTION if verdict == "exhausted" else verdict)

    @precondition(lambda self: self.state in ("calling", "loading", "grader") and not self.desk.student.gone)
    @rule(data=st.data())
    def misbehaves(self, data: st.DataObject) -> None:
        """One of the ways to end a conversation, also while nothing was asked."""
        ways = [self.hangs_up]
        if self.state != "grader":
            ways += [self.sleeps, self.prints_too_much]
            if not self.half:
                ways += [self.says_anything, self.writes_garbage, self.sends_half_a_frame]
                ways += (
                    [self.loads_badly]
                    if self.state == "loading"
                    else [self.asks_badly, self.answers_another_call]
                )
        data.draw(st.sampled_from(ways))(data)

    @precondition(lambda self: self.state != "ended" and self.printed < 900)
    @rule(text=st.binary(max_size=50) | st.sampled_from([b"\xff\xfe", b"\0\x1b[2J", "\u202e".encode()]))
    def prints(self, text: bytes) -> None:
        self.desk.student.print(text or b"\n")
        self.printed += len(text or b"\n")

    @precondition(lambda self: self.state == "grader" and not self.desk.student.gone and self.junk is None)
    @rule(
        value=st.sampled_from([["done", 1, 1.0, None], ["ask", 1, "", [1.0]], "x", ["done", -1, 0.0, None]])
    )
    def speaks_out_of_turn(self, value: Any) -> None:
        self.desk.student.say(value)
        self.junk = V.BAD_VALUE

    @precondition(lambda self: self.state == "ended" or len(self.desk.processes) > 1)
    @rule()
    def a_process_that_ended_goes_on_writing(self) -> None:
        """Nobody reads it: the bytes stay where they are."""
        old = self.desk.processes[-1 if self.state == "ended" else -2]
        if not old.gone:
            old.say(["done", 2, 1.0, None])
            old.socket.shutdown(socket.SHUT_WR)
            old.gone = True
            self.unread.append(old)

    # what always holds

    @invariant()
    def nothing_is_our_fault(self) -> None:
        if hasattr(self, "desk"):
            assert self.desk.fault is None, self.desk.fault
            json.dumps(self.desk.events, allow_nan=False)

    @invariant()
    def counts_are_those_of_the_questions(self) -> None:
        if hasattr(self, "desk"):
            self.check_models()

    def check_models(self) -> None:
        for model in self.models:
            oracle = model.oracle
            assert (oracle.calls, oracle.spent) == (model.calls, model.calls)
            assert oracle.calls <= model.budget
            assert oracle.values == model.values
            assert oracle.steps == len(model.values)
            assert len(oracle.points()) == len(model.values)
            assert bool(oracle.exhausted) == model.exhausted

    def check_report(self) -> None:
        """Each group has one verdict, the one that was to be expected; the points add up."""
        report = self.desk.report
        assert report is not None
        assert [one.slug for one in report.groups] == [spec.slug for spec in GROUPS]
        for one, (verdict, fraction), calls in zip(report.groups, self.expected, self.counted, strict=False):
            assert one.verdict == verdict, one.message
            assert 0 <= one.fraction <= 1
            assert fraction is None or one.fraction == fraction
            assert one.calls == calls
            assert one.message or verdict == V.PASSED
            assert "\0" not in one.message
            json.dumps([one.evidence, one.curves], allow_nan=False)
        assert 0 <= report.score <= 100
        earned = sum(s.points * one.fraction for s, one in zip(GROUPS, report.groups, strict=True))
        assert report.score == 100 * earned / sum(spec.points for spec in GROUPS)
        assert all(process.killed for process in self.desk.processes)


Conversation.TestCase.settings = budget(25, stateful_step_count=30)
TestConversation = Conversation.TestCase
