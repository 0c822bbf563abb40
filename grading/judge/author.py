"""What the author of an exercise writes a grader with. Worked examples: docs/graders.md.

    @group("un-paso")
    def un_paso(attempt: Attempt) -> None:
        w, g = attempt.rng.normal(size=3), attempt.rng.normal(size=3)
        got = attempt.call("paso", w, g, 0.1, returns=Array((3,)))
        attempt.close(got, w - 0.1 * g, rtol=1e-9, hint="signo")

A group function that returns has been passed. Everything else (a wrong result, a broken contract, an
exception of the student's, a limit) leaves it by itself, with its verdict. The grader runs outside the
wall and is trusted; whatever `call` returns was made by the student's code and is a plain, fresh value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as AbstractMapping
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from . import endings
from .comparison import difference, is_close, plain
from .contracts import (
    Anything,
    Array,
    Bool,
    Breach,
    Contract,
    Float,
    Int,
    Items,
    Mapping,
    Maybe,
    NotFinite,
    Nothing,
    Tensor,
    Text,
    Tuple,
)
from .curves import finite_points, thin
from .frames import Torch
from .graders import group
from .oracles import Cost, Method, OnExhausted, Oracle
from .races import SURFACES, recorded
from .room import Room
from .session import Raised, Unsendable
from .spanish import integer, number, printable
from .stops import GraderFault, Stop
from .verdicts import Verdict

__all__ = [
    "SURFACES", "Anything", "Array", "Attempt", "Bool", "Contract", "Float", "Int", "Items", "Mapping",
    "Maybe", "Nothing", "Oracle", "Tensor", "Text", "Tuple", "as_tensor", "group", "integer", "number",
]  # fmt: skip

Role = Literal["student", "reference"]


def as_tensor(array: ArrayLike) -> Torch:
    """Marks an argument: the student receives this array as a tensor of the same dtype."""
    return Torch(np.asarray(array))


class Attempt:
    """The student's code, as one test group sees it. Each group has its own process and its own attempt."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.rng: np.random.Generator = room.rng
        """Seeded by the submission and the group: the same again on a regrade, unlike any other's."""
        self.visible: bool = room.spec.visible
        """Whether the student may see this group's inputs (they are those of the statement)."""

    # calling the student's code

    def call(
        self,
        function: str,
        *args: Any,
        returns: Contract,
        seconds: float | None = None,
        unchanged: bool = False,
        **keywords: Any,
    ) -> Any:
        """What the student's `function` returns for these arguments, held to the contract `returns`.

        Arguments are plain data: numbers, texts, None, lists, tuples, dicts, arrays, `as_tensor(…)`,
        oracles and functions of this attempt. The student gets copies. `seconds` bounds this one
        call; `unchanged=True` makes it `wrong` to write into an argument (hint "argumentos").
        Returns None if an oracle with `on_exhausted="score"` ended the call.
        """
        room = self._room
        placed, left = room.arrange(function, args, keywords)
        try:
            raw, after = room.call(function, placed, left, seconds=seconds, echo=unchanged)
        except Raised as error:
            if "PresupuestoAgotado" in error.kinds and room.exhausted() is not None:
                return None
            raise error.stop from None
        except Unsendable as unsendable:
            what = printable(unsendable.what, 120)
            raise Stop(Verdict.BAD_VALUE, f"Devolviste {what}; se pide {returns.due}.") from None
        if unchanged:
            self._check_unchanged(function, placed, after)
        try:
            return returns.check(raw)
        except NotFinite as breach:
            raise Stop(Verdict.DIVERGED, breach.sentence("Devolviste")) from None
        except Breach as breach:
            raise Stop(Verdict.BAD_VALUE, breach.sentence("Devolviste")) from None

    def raises(
        self,
        function: str,
        *args: Any,
        of: Sequence[str] = ("ValueError",),
        hint: str = "",
        message: str = "",
        **keywords: Any,
    ) -> None:
        """`wrong` unless the call raises one of the exceptions named in `of`, or a subclass of one."""
        placed, left = self._room.arrange(function, args, keywords)
        try:
            self._room.call(function, placed, left)
        except Raised as error:
            if set(of) & set(error.kinds):
                return
            raise error.stop from None
        except Unsendable:
            pass
        due = " o ".join(f"`{name}`" for name in of)
        self.fail(
            hint=hint, message=message or f"`{function}` aceptó un caso en el que se pide lanzar {due}."
        )

    def run_inside(
        self,
        program: str,
        function: str,
        *args: Any,
        returns: Contract,
        seconds: float | None = None,
        what: str = "La ejecución",
    ) -> Any:
        """Run the author's own `program` in a walled process of its own, because it costs compute.

        For tuning exercises (the student returned a configuration) and for evaluating torch models.
        Nothing of the student's runs in there, so its answer is trusted as far as its arguments are.
        Its time and memory are those of the group (`seconds` replaces the time): running out is the
        student's verdict, with `what` as its subject. An exception in `program` is our fault.
        """
        with self._room.inner(program, function, seconds) as session:
            try:
                raw, _ = session.call(function, self._room.outward(list(args)), {}, self._room.oracles)
            except Raised as error:
                raise GraderFault(f"run_inside: {error.stop.message}") from None
            except Unsendable as unsendable:
                raise GraderFault(f"run_inside: {function} returned {unsendable.what}") from None
            except Stop as stop:
                if stop.verdict in (Verdict.TIME_LIMIT, Verdict.MEMORY_LIMIT):
                    raise Stop(stop.verdict, f"{what} con lo que devolviste: {stop.message}") from None
                raise
        try:
            return returns.check(raw)
        except Breach as breach:
            raise GraderFault(f"run_inside: {function}: {breach}") from None

    @contextmanager
    def hinting(self, hint: str) -> Iterator[None]:
        """Inside, whatever ends the group without a hint of its own brings this: an exception, a limit."""
        try:
            yield
        except Stop as stop:
            stop.hint = stop.hint or hint
            raise

    @property
    def seconds(self) -> float:
        """Seconds that the last call took, measured outside, without the judge's own computing."""
        return self._room.last_seconds

    @property
    def cpu_seconds(self) -> float:
        """Processor time of the student's process so far, as the wall measures it."""
        return self._room.usage().cpu_seconds

    def restart(self) -> None:
        """Go on in a fresh process: nothing that an earlier call prepared is left. For timed groups."""
        self._room.restart()

    # what the judge computes for the student

    def oracle(
        self,
        *,
        value: Callable[..., Any] | None = None,
        grad: Callable[..., Any] | None = None,
        hvp: Callable[..., Any] | None = None,
        batch: Callable[..., Any] | None = None,
        dim: int | None = None,
        budget: int | AbstractMapping[str, int] | None = None,
        cost: AbstractMapping[str, Cost] | None = None,
        arguments: AbstractMapping[str, Sequence[Contract]] | None = None,
        record: Literal["value"] | Callable[..., float] | None = "value",
        against: Literal["steps", "spent"] = "steps",
        finite: bool = True,
        on_exhausted: OnExhausted = "stop",
        name: str = "f",
        label: str = "tú",
        **others: Callable[..., Any],
    ) -> Oracle:
        """A counted objective, to be passed as an argument: the student uses f(x), f.grad(x), …

        - The methods are what you give: `value(x)`, `grad(x)`, `hvp(x, v)`, `batch(x, size)` and any
          other by name. Points are arrays of shape (dim,); `arguments` replaces that, by method, and a
          method has one of the two. The student may also read `f.dim` and `f.budget`.
        - `budget`: units in all, or by method. A call costs 1, a batch its size; `cost` replaces that
          with a number or a function of the same arguments. Without a budget, `limits.calls` is it.
        - `on_exhausted="stop"`: asking beyond is `over_budget`, at once. `"score"`: the student's call
          gets an exception, your grader goes on and scores what was reached; the verdict is
          `over_budget` with that fraction, or `passed` at 1.
        - `record`: what is kept and drawn for each step, a step being a call of the main method
          (`grad`, else `batch`, else `value`, else the first). "value" computes it if only the
          gradient was asked, and that is free for the student. `against` is the curve's x.
        - NaN or infinity in the point or in the value is `diverged`; `finite=False` lets them pass.
        """
        given = {"value": value, "grad": grad, "hvp": hvp, "batch": batch, **others}
        functions = {method: f for method, f in given.items() if f is not None}
        if not functions:
            raise GraderFault("an oracle needs at least one method")
        point = Array((dim,) if dim is not None else None, finite=finite)
        direction = Array((dim,) if dim is not None else None)
        most = self._room.limits.calls if isinstance(budget, AbstractMapping) else None  # else the budget is
        usual: dict[str, Sequence[Contract]] = {
            "hvp": (point, direction),
            "batch": (point, Int(low=1, high=most)),
        }
        usual_cost: dict[str, Cost] = {
            "batch": lambda *args: args[-1] if args and type(args[-1]) is int else 1
        }
        budgets = budget if isinstance(budget, AbstractMapping) else {}
        methods = {
            method: Method(
                f,
                tuple((arguments or {}).get(method, usual.get(method, (point,)))),
                (cost or {}).get(method, usual_cost.get(method, 1)),
                budgets.get(method),
            )
            for method, f in functions.items()
        }
        main = next((m for m in ("grad", "batch", "value") if m in methods), next(iter(methods)))
        total = budget if isinstance(budget, int) else None if budget else self._room.limits.calls
        recorder = record if callable(record) else value if record == "value" else None
        facts = {"name": name, "dim": dim, "budget": dict(budgets) if budgets else total}
        return self._room.add(
            Oracle(name, methods, main, facts, total, recorder, finite, on_exhausted, against, label)
        )

    def function(
        self,
        function: Callable[..., Any],
        *,
        arguments: Sequence[Contract],
        budget: int | None = None,
        record: Callable[..., float] | None = None,
        finite: bool = True,
        on_exhausted: OnExhausted = "stop",
        name: str = "f",
        noun: str = "",
        label: str = "tú",
    ) -> Oracle:
        """A single counted function, to be passed as an argument. `name` is how messages call it,
        `noun` what they count («el producto Hv»). Otherwise as `oracle`."""
        total = budget if budget is not None else self._room.limits.calls
        methods = {"": Method(function, tuple(arguments), 1, None, noun)}
        facts = {"name": name, "budget": total}
        return self._room.add(
            Oracle(name, methods, "", facts, total, record, finite, on_exhausted, "steps", label)
        )

    # deciding

    def check(self, condition: object, *, hint: str = "", message: str = "") -> None:
        """`wrong` unless the condition holds."""
        if not condition:
            self.fail(hint=hint, message=message)

    def close(
        self,
        got: Any,
        expected: Any,
        *,
        rtol: float = 1e-6,
        atol: float = 0.0,
        hint: str = "",
        message: str = "",
    ) -> None:
        """`wrong` unless |got − expected| ≤ atol + rtol·|expected| everywhere; NaN equals NaN.

        Numbers, arrays, and lists, tuples or dicts of them. Without a `message` a visible group
        shows both values and a hidden one neither.
        """
        if not is_close(got, expected, rtol, atol):
            self.fail(hint=hint, message=message or (difference(got, expected) if self.visible else ""))

    def equal(self, got: Any, expected: Any, *, hint: str = "", message: str = "") -> None:
        """`wrong` unless both are exactly the same."""
        self.close(got, expected, rtol=0.0, atol=0.0, hint=hint, message=message)

    def fail(self, *, hint: str = "", message: str = "") -> None:
        """End the group as `wrong`. `message` says what happened in the student's own run."""
        text = message or f"El resultado no cumple la idea de «{self._room.spec.title}»."
        raise Stop(Verdict.WRONG, text, hint=hint)

    def score(self, fraction: float, *, hint: str = "", message: str = "") -> None:
        """Partial credit, 0 to 1, for when the group ends; below 1 its verdict is `wrong`, with these words.

        The last one counts. The group goes on.
        """
        if not 0 <= fraction <= 1:
            raise GraderFault(f"score({fraction}): a fraction is between 0 and 1")
        self._room.score = (float(fraction), hint, message)

    # telling

    def note(self, **evidence: Any) -> None:
        """Keep evidence of the student's own run for the page: numbers, texts, lists. No hidden number."""
        self._room.evidence |= {key: plain(value) for key, value in evidence.items()}

    def curve(self, label: str, xs: ArrayLike, ys: ArrayLike, *, role: Role = "student") -> None:
        """Draw a curve. Those of oracles are drawn without asking."""
        points = finite_points(np.asarray(xs, dtype=float).tolist(), np.asarray(ys, dtype=float).tolist())
        kept = [list(point) for point in thin(points)]
        self._room.curves.append({"label": label, "role": role, "points": kept})

    def reference(self, label: str, xs: ArrayLike, ys: ArrayLike) -> None:
        """Draw a curve to compare with, dashed and named."""
        self.curve(label, xs, ys, role="reference")

    def target(self, y: float, label: str = "objetivo") -> None:
        """Draw a horizontal line to reach."""
        self._room.curves.append({"label": label, "role": "target", "y": float(y)})

    def axes(self, *, x: str = "paso", y: str = "f", log: bool = True) -> None:
        """Name the axes of the picture; `log` is that of y."""
        self._room.evidence["axes"] = {"x": x, "y": y, "log": log}

    def rank(self, value: float, spread: float = 0.0) -> None:
        """Rank this hand-in on the exercise's leaderboard by `value`, less being better, ± `spread`."""
        self._room.evidence["rank"] = {"value": float(value), "spread": float(spread)}

    def replay(self, surface: str, path: Sequence[ArrayLike]) -> None:
        """Keep the student's own run on a surface of `races.SURFACES`: the race lab draws it for them."""
        self._room.evidence.setdefault("replays", []).append(recorded(surface, path))

    def _check_unchanged(self, function: str, before: Sequence[Any], after: Any) -> None:
        if type(after) is not list or len(after) != len(before):
            raise endings.intruder()
        for i, sent in enumerate(before):
            if isinstance(sent, Oracle):
                continue
            if not is_close(_bare(after[i]), _bare(sent), 0.0, 0.0):
                position = self._room.parameter(function, i)
                text = (
                    f"`{function}` escribe en su argumento {position}: quien la llama lo encuentra cambiado."
                )
                self.fail(hint="argumentos", message=text)


def _bare(value: Any) -> Any:
    return value.array if isinstance(value, Torch) else value
