"""Objectives and functions that the judge computes for the student: counted, budgeted, recorded.

The student holds a stand-in; every value crosses the channel. So the count is the judge's, and the
path that the student took is known without asking the student.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from . import endings
from .contracts import Array, Breach, Contract, NotFinite, all_finite
from .curves import Growth, Point, growth
from .frames import Proxy, Torch
from .session import Refused
from .spanish import integer
from .stops import GraderFault, Stop
from .verdicts import Verdict

Cost = int | Callable[..., int]
OnExhausted = Literal["stop", "score"]

_NAMES = {
    "value": "el valor", "grad": "el gradiente", "hvp": "el producto hessiano-vector", "batch": "el lote",
}  # fmt: skip
_LOST = {"value": "la pérdida dejó de ser finita", "grad": "el gradiente dejó de ser finito"}
_MOST_REFUSALS = 100


@dataclass(frozen=True)
class Method:
    """One thing that an oracle answers: the author's function, what it takes, what it costs."""

    function: Callable[..., Any]
    arguments: tuple[Contract, ...]
    cost: Cost = 1
    budget: int | None = None
    noun: str = ""


@dataclass(eq=False)
class Oracle:
    """What the author sees of an oracle, during and after the calls that used it.

    `calls` and `spent` count what was answered; `steps` counts the calls of the main method (`grad`
    if there is one). `values` is what was recorded at each step, `norms` the norm of the first argument.
    """

    name: str
    methods: Mapping[str, Method]
    main: str
    facts: dict[str, Any]
    budget: int | None
    record: Callable[..., float] | None = None
    finite: bool = True
    on_exhausted: OnExhausted = "stop"
    against: Literal["steps", "spent"] = "steps"
    label: str = "tú"
    heard: Callable[[float, float | None], None] = lambda _x, _y: None
    reference: int = 0

    calls: int = field(default=0, init=False)
    spent: int = field(default=0, init=False)
    exhausted: Stop | None = field(default=None, init=False)
    """The verdict once the budget was asked beyond, else None."""
    values: list[float] = field(default_factory=list, init=False)
    norms: list[float] = field(default_factory=list, init=False)
    best: float = field(default=math.inf, init=False)
    best_point: Any = field(default=None, init=False)
    """The main method's first argument where the recorded value was least; None before any."""
    last_point: Any = field(default=None, init=False)

    def __post_init__(self) -> None:
        for name, method in self.methods.items():
            _refuse_any_shape(self._called(name), name, method.arguments)
        self._count = dict.fromkeys(self.methods, 0)
        self._axis: list[float] = []
        self._refusals = 0

    @property
    def steps(self) -> int:
        """How often the main method was answered."""
        return self._count[self.main]

    def count(self, method: str) -> int:
        """How often `method` was answered."""
        return self._count[method]

    def steps_to(self, target: float) -> int | None:
        """The first step, from 1, whose recorded value is at most `target`; None if there is none."""
        return next((i for i, value in enumerate(self.values, 1) if value <= target), None)

    def points(self) -> list[Point]:
        """The recorded curve, ready to be drawn."""
        return [(x, y if math.isfinite(y) else None) for x, y in zip(self._axis, self.values, strict=False)]

    def proxy(self) -> Proxy:
        """The stand-in that goes to the student."""
        methods = tuple(self.methods) if "" not in self.methods else ()
        return Proxy(self.reference, methods, self.facts)

    def answer(self, name: str, args: Sequence[Any]) -> Any:
        """Count, check, compute, record. Raises Stop for a verdict, Refused beyond the budget."""
        method = self.methods.get(name)
        if method is None:
            raise endings.intruder()
        values, tensors = self._check(name, method, args)
        self._charge(name, method, values)
        result = self._run(method.function, values)
        if name == self.main:
            self._remember(values)
        if self.finite and name == self.main and not _is_finite(result):
            raise self._diverged(_LOST.get(name, f"{self._called(name)} dejó de ser finito"))
        return _as_tensors(result, tensors) if tensors is not None else result

    def _check(self, name: str, method: Method, args: Sequence[Any]) -> tuple[list[Any], str | None]:
        if len(args) != len(method.arguments):
            due = integer(len(method.arguments))
            text = f"Llamaste a {self._called(name)} con {integer(len(args))} argumentos; se piden {due}."
            raise Stop(Verdict.BAD_VALUE, text)
        tensors, values = None, []
        for contract, raw in zip(method.arguments, args, strict=True):
            if type(raw) is Torch:
                tensors, raw = raw.array.dtype.name, raw.array
            try:
                values.append(contract.check(raw))
            except NotFinite as breach:
                if name == self.main:
                    self._count[name] += 1
                    self.norms.append(math.inf)
                    raise self._diverged("tus parámetros dejaron de ser finitos") from None
                raise Stop(Verdict.DIVERGED, breach.sentence(self._verb(name))) from None
            except Breach as breach:
                raise Stop(Verdict.BAD_VALUE, breach.sentence(self._verb(name))) from None
        return values, tensors

    def _charge(self, name: str, method: Method, values: list[Any]) -> None:
        cost = method.cost if type(method.cost) is int else int(self._run(method.cost, values))  # type: ignore[arg-type]
        over_own = method.budget is not None and self._count[name] + 1 > method.budget
        if over_own or (self.budget is not None and self.spent + cost > self.budget):
            raise self._refuse(name, method, cost, over_own)
        self.calls += 1
        self.spent += cost
        self._count[name] += 1

    def _refuse(self, name: str, method: Method, cost: int, over_own: bool) -> BaseException:
        asked, due = (self._count[name] + 1, method.budget) if over_own else (self.spent + cost, self.budget)
        noun = method.noun or _NAMES.get(name) or f"la llamada a {self._called(name)}"
        text = f"Pediste {noun} {integer(asked)} de {integer(due or 0)}"
        if self.exhausted is None:
            after = "puntúa hasta ahí." if self.on_exhausted == "score" else "ahí lo paramos."
            evidence = {"budget": due, "calls": self.calls}
            self.exhausted = Stop(Verdict.OVER_BUDGET, f"{text}; {after}", evidence=evidence)
        self._refusals += 1
        if self.on_exhausted == "stop" or self._refusals > _MOST_REFUSALS:
            return self.exhausted
        return Refused(f"{text}: el presupuesto está agotado")

    def _remember(self, values: list[Any]) -> None:
        point = values[0] if values else None
        if isinstance(point, np.ndarray):
            flat = point.ravel()
            if flat.dtype.kind != "f":  # squares of integers wrap round, those of complex numbers are complex
                flat = np.abs(flat).astype(np.float64)
            norm = math.sqrt(flat.dot(flat))
            if norm == math.inf:  # scale first: a norm should overflow only when an entry does
                top = float(np.abs(flat).max())
                norm = top * float(np.linalg.norm(flat / top))
            self.norms.append(norm)
        self.last_point = point
        if self.record is None:
            return
        value = float(self._run(self.record, values))
        self.values.append(value)
        x = float(self.steps if self.against == "steps" else self.spent)
        self._axis.append(x)
        if not math.isfinite(value):
            self.heard(x, None)
            if self.finite:
                raise self._diverged("la pérdida dejó de ser finita")
            return
        if value < self.best:
            self.best, self.best_point = value, point
        self.heard(x, value)

    def _diverged(self, what: str) -> Stop:
        grew: Growth | None = growth(self.norms)
        return endings.diverged(self.steps, what, grew.since if grew else None, grew.rate if grew else None)

    def _run(self, function: Callable[..., Any], values: list[Any]) -> Any:
        try:
            return function(*values)
        except Exception as broken:
            raise GraderFault(f"oracle {self.name}: {type(broken).__name__}: {broken}") from broken

    def _called(self, name: str) -> str:
        return f"`{self.name}.{name}`" if name else f"`{self.name}`"

    def _verb(self, name: str) -> str:
        return f"Llamaste a {self._called(name)} con"


def _refuse_any_shape(called: str, name: str, arguments: Sequence[Contract]) -> None:
    """The author has to say what shape a point has: one that the function cannot take would be our fault."""
    if any(isinstance(contract, Array) and contract.shape is None for contract in arguments):
        way = f'dim=… or arguments={{"{name}": (Array((…,)),)}}' if name else "arguments=(Array((…,)),)"
        raise GraderFault(f"oracle {called}: any shape would be let through to your function; say {way}")


def _is_finite(result: Any) -> bool:
    kind = type(result)
    if kind is float:
        return math.isfinite(result)
    if kind is np.ndarray:
        return all_finite(result)
    if isinstance(result, np.generic):
        return result.dtype.kind not in "fc" or bool(np.isfinite(result))
    if kind is tuple or kind is list:
        return all(_is_finite(item) for item in result)
    return True


def _as_tensors(result: Any, dtype: str) -> Any:
    """The answer to a question asked with tensors: tensors of the same type."""
    if isinstance(result, np.ndarray):
        return Torch(result.astype(dtype) if result.dtype.kind == "f" else result)
    if type(result) is tuple:
        return tuple(_as_tensors(item, dtype) for item in result)
    return result
