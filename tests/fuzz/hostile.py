"""The ways in which a student's side breaks a conversation, each with the verdict that must come of it."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np
from hypothesis import strategies as st

from .acts import ASKED_BADLY, ENDINGS, GARBAGE, LOADED_BADLY, Model, V, plain
from .otherside import Desk

SECONDS = 5.0


class Hostile:
    """A part of the machine in test_conversation.py."""

    desk: Desk
    number: int
    passed: list[Model]
    half: bool
    junk: Any
    state: str

    def group_ends(self, verdict: V, fraction: float | None = 0.0) -> None:
        raise NotImplementedError

    def loads_badly(self, data: st.DataObject) -> None:
        told, verdict = data.draw(st.sampled_from(LOADED_BADLY))
        self.desk.student.say(told)
        self.desk.settle()
        self.group_ends(verdict)

    def asks_badly(self, data: st.DataObject) -> None:
        wrong, pick = data.draw(st.sampled_from(ASKED_BADLY)), data.draw(st.integers(0, 3))
        model = self.passed[pick % len(self.passed)] if self.passed else None
        reference: Any = model.oracle.reference if model else 99
        method, args, more = (model.main if model else "", [np.zeros(2)], [])
        if wrong == "shape":
            args = [np.zeros((2, 1))]
        elif wrong == "type":
            args = ["x"]
        elif wrong == "nan":
            args = [np.array([math.nan, 0])]
        elif wrong == "method":
            method = "__class__"
        elif wrong == "reference":
            reference = 77
        elif wrong == "bool":
            reference = True
        elif wrong == "array":
            reference = np.array([1, 2])
        elif wrong == "none":
            args = []
        elif wrong == "many":
            args = [np.zeros(2)] * 5
        elif wrong == "long":
            more = [1]
        self.desk.student.say(["ask", reference, method, {"0": 1} if wrong == "args" else args, *more])
        self.desk.settle()
        if wrong == "nan" and model:
            self.group_ends(V.DIVERGED)
        else:
            self.group_ends(V.BAD_VALUE)

    def answers_another_call(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from([-1, 0, 1, 10**6, "1", None, True]))
        verb = data.draw(st.sampled_from(["done", "raised", "loaded"]))
        self.desk.student.say([verb, number, {}, None])
        self.desk.settle()
        self.group_ends(V.BAD_VALUE)

    def says_anything(self, data: st.DataObject) -> None:
        value = data.draw(plain)
        self.desk.student.say(value)
        self.desk.settle()
        self.group_ends(V.BAD_VALUE)

    def writes_garbage(self, data: st.DataObject) -> None:
        self.desk.student.send(data.draw(st.sampled_from(GARBAGE)))
        self.desk.settle()
        self.group_ends(V.BAD_VALUE)

    def sends_half_a_frame(self, data: st.DataObject) -> None:
        length, cut = data.draw(st.sampled_from([1, 100, 1 << 26])), data.draw(st.integers(1, 4))
        part = data.draw(st.binary(max_size=3))[: length - 1]
        self.desk.student.send(struct.pack(">I", length)[:cut] + (part if cut == 4 else b""))
        self.half = True

    def hangs_up(self, data: st.DataObject) -> None:
        how = data.draw(st.sampled_from(ENDINGS))
        state, student = self.state, self.desk.student
        student.hang_up(how[0])
        if state == "grader":
            self.junk = how[1]  # the call cannot be sent, whatever else lies in the channel
        else:
            self.desk.settle()
            self.group_ends(how[1])

    def sleeps(self, _data: st.DataObject) -> None:
        self.desk.sleep(3 * SECONDS + 1)
        self.group_ends(V.TIME_LIMIT)

    def prints_too_much(self, _data: st.DataObject) -> None:
        self.desk.student.print(b"x" * 5000)
        self.desk.settle()
        self.group_ends(V.OUTPUT_LIMIT)
