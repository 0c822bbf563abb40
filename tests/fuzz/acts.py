"""What the two sides of a conversation may say, with the verdict that each must bring; None: none yet."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from signal import SIGKILL, SIGSEGV, SIGSYS
from typing import Any

import numpy as np
from hypothesis import strategies as st

from grading.judge.author import Anything, Array, Contract, Float, Oracle
from grading.judge.verdicts import Verdict
from grading.sandbox import Ending

from .values import arrays, nested, plain_scalars

V = Verdict
ENDINGS = [
    (Ending(0, None), V.EXCEPTION),
    (Ending(3, None), V.EXCEPTION),
    (Ending(None, SIGSEGV), V.EXCEPTION),
    (Ending(None, SIGKILL, out_of_memory=True), V.MEMORY_LIMIT),
    (Ending(None, SIGSYS), V.FORBIDDEN),
    (Ending(None, SIGKILL, forbidden="network"), V.FORBIDDEN),
    (Ending(None, SIGKILL, out_of_time="cpu"), V.TIME_LIMIT),
    (None, V.EXCEPTION),  # alive, without its channel
]
ANSWERS: list[tuple[Contract, Any, Any]] = [
    (Float(), 1.5, None),
    (Float(), 3, None),
    (Float(), np.float32(1), None),
    (Float(), math.nan, V.DIVERGED),
    (Float(), "1.5", V.BAD_VALUE),
    (Float(), [1.5], V.BAD_VALUE),
    (Array((2,)), np.zeros(2), None),
    (Array((2,)), np.zeros(2, "int8"), None),
    (Array((2,)), np.array([0, math.inf]), V.DIVERGED),
    (Array((2,)), np.zeros((2, 1)), V.BAD_VALUE),
    (Array((2,)), None, V.BAD_VALUE),
    (Anything(), {"k": [1, (2, 3)]}, None),
]
RAISED = [
    ({"type": "ValueError", "kinds": ["ValueError"], "message": "no"}, V.EXCEPTION),
    ({"type": "MemoryError", "kinds": ["MemoryError"]}, V.MEMORY_LIMIT),
    ({"type": "PermissionError", "kinds": ["OSError"], "errno": 1}, V.FORBIDDEN),
    ({}, V.EXCEPTION),
    ("a text", V.BAD_VALUE),
    ({"type": "PresupuestoAgotado", "kinds": ["PresupuestoAgotado", "RuntimeError"]}, "exhausted"),
]
LOADED_BADLY: list[tuple[Any, Verdict]] = [
    (["loaded", 1, {}], V.BAD_VALUE),
    (["loaded", 1, {"f": None}], V.BAD_VALUE),
    (["loaded", 1, {"f": [["y", 3, True]]}], V.BAD_VALUE),
    (["loaded", 1, {"f": [["a", "KEYWORD_ONLY", False]]}], V.BAD_VALUE),
    (["loaded", 1, 7], V.BAD_VALUE),
    (["loaded", 2, {}], V.BAD_VALUE),
    (["done", 1, 1.0, None], V.BAD_VALUE),
    (["raised", 1, {"type": "SyntaxError", "syntax": [1, 2], "message": "x"}], V.EXCEPTION),
    (["ask", 1, "", [1.0]], V.BAD_VALUE),
    (["unsendable", 1, "x"], V.BAD_VALUE),
]
ASKED_BADLY = ["shape", "type", "nan", "method", "reference", "none", "args", "many", "long", "bool", "array"]
GARBAGE = [b"\xff" * 8, b"\0\0\0\0", b"\0\0\0\1\xc1", b"\0\0\0\5\xdd\xff\xff\xff\xff", b"\4\0\0\1"]
points = st.lists(st.sampled_from([0.0, 1.0, -2.5, 1e-300, 1e100, 1e200]), min_size=2, max_size=2).map(
    np.array
)
plain = nested(plain_scalars | arrays(), tuples=False)


@dataclass
class Model:
    """What one oracle must have counted and kept."""

    oracle: Oracle
    main: str
    budget: int
    stops: bool
    slow: float = 0.0
    calls: int = 0
    values: list[float] = field(default_factory=list)
    exhausted: bool = False
