"""What a value from the student must be. Each contract returns a plain, fresh value or raises a breach.

A value reaches a contract already rebuilt by `frames.decode`: None, bool, int, float, complex, str,
bytes, list, dict, a new ndarray, or `Torch` around one. So there is no subclass and no `__eq__` of the
student's here; a contract only has to say yes or no, and to say it in words.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .frames import Torch
from .spanish import either, integer, number, printable
from .spanish import shape as as_shape


class Breach(Exception):
    """The value is not what was asked: `got` and `due` complete «Devolviste …; se pide …»."""

    def __init__(self, got: str, due: str, where: str = "") -> None:
        super().__init__(f"{got}; se pide {due}")
        self.got, self.due, self.where = got, due, where

    def inside(self, where: str) -> Breach:
        """The same breach, of a value that sits at `where` in a larger one."""
        return Breach(self.got, self.due, f"{where}, {self.where}" if self.where else where)

    def sentence(self, verb: str) -> str:
        """«Devolviste, en la posición 2, forma (3, 1); se pide (3,).»"""
        where = f", {self.where}," if self.where else ""
        return f"{verb}{where} {self.got}; se pide {self.due}."


class NotFinite(Breach):
    """NaN or infinity where a finite number was due: the verdict is `diverged`, not `bad_value`."""


class Contract(Protocol):
    """`check` returns the value as a plain, fresh one or raises Breach; `due` says what is asked."""

    @property
    def due(self) -> str: ...

    def check(self, value: Any) -> Any: ...


def describe(value: Any) -> str:
    """What the student returned, in a few words and without its contents."""
    if value is None:
        return "None"
    if isinstance(value, bool):
        return f"el booleano {value}"
    if isinstance(value, int):
        return f"el entero {integer(value)}"
    if isinstance(value, float):
        return f"el número {number(value, 4)}"
    if isinstance(value, complex):
        return "un número complejo"
    if isinstance(value, str):
        return f"el texto «{printable(value, 40)}»"
    if isinstance(value, list):
        return f"una secuencia de {integer(len(value))} elementos" if value else "una secuencia vacía"
    if isinstance(value, dict):
        return f"un diccionario de {integer(len(value))} claves" if value else "un diccionario vacío"
    if isinstance(value, Torch):
        return f"un tensor de forma {as_shape(value.array.shape)}"
    if isinstance(value, np.ndarray):
        return f"un array de forma {as_shape(value.shape)} y tipo {value.dtype}"
    return f"un valor de tipo {type(value).__name__}"


def _scalar(value: Any) -> Any:
    """A 0-d array or tensor stands for its number."""
    if isinstance(value, Torch):
        value = value.array
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def _bounds(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f" entre {number(low)} y {number(high)}"
    if low is not None:
        return " positivo o cero" if low == 0 else f" de {number(low)} o más"
    return f" de {number(high)} o menos" if high is not None else ""


@dataclass(frozen=True)
class Float:
    """A real number, as float. `low` and `high` are inclusive; `finite=False` lets NaN and inf in."""

    finite: bool = True
    low: float | None = None
    high: float | None = None

    @property
    def due(self) -> str:
        return f"un número{_bounds(self.low, self.high)}"

    def check(self, value: Any) -> float:
        plain = _scalar(value)
        if type(plain) is not float and type(plain) is not int:
            raise Breach(describe(value), self.due)
        result = float(plain)
        if not math.isfinite(result):
            if self.finite:
                raise NotFinite(number(result), "un número finito")
        elif (self.low is not None and result < self.low) or (self.high is not None and result > self.high):
            raise Breach(describe(result), self.due)
        return result


@dataclass(frozen=True)
class Int:
    """An integer, as int; a float never stands for one. Bounds are inclusive."""

    low: int | None = None
    high: int | None = None

    @property
    def due(self) -> str:
        return f"un entero{_bounds(self.low, self.high)}"

    def check(self, value: Any) -> int:
        plain = _scalar(value)
        if type(plain) is not int:
            raise Breach(describe(value), self.due)
        if (self.low is not None and plain < self.low) or (self.high is not None and plain > self.high):
            raise Breach(describe(plain), self.due)
        return plain


@dataclass(frozen=True)
class Bool:
    """True or False; 0 and 1 are not."""

    due: str = field(default="True o False", init=False)

    def check(self, value: Any) -> bool:
        plain = _scalar(value)
        if type(plain) is not bool:
            raise Breach(describe(value), self.due)
        return plain


@dataclass(frozen=True)
class Text:
    """A text of at most `limit` characters; with `choices`, one of those."""

    choices: Collection[str] = ()
    limit: int = 10_000

    @property
    def due(self) -> str:
        return either(f"«{c}»" for c in self.choices) if self.choices else "un texto"

    def check(self, value: Any) -> str:
        if type(value) is not str or (self.choices and value not in self.choices):
            raise Breach(describe(value), self.due)
        if len(value) > self.limit:
            raise Breach(f"un texto de {integer(len(value))} caracteres", f"{integer(self.limit)} a lo sumo")
        return value


@dataclass(frozen=True)
class Nothing:
    """None: the function is called for what it does."""

    due: str = field(default="None", init=False)

    def check(self, value: Any) -> None:
        if value is not None:
            raise Breach(describe(value), self.due)


@dataclass(frozen=True)
class Anything:
    """Any plain data. Whoever reads it has to look at its type before using it."""

    due: str = field(default="cualquier valor", init=False)

    def check(self, value: Any) -> Any:
        return value


@dataclass(frozen=True)
class Maybe:
    """None, or what `of` asks."""

    of: Contract

    @property
    def due(self) -> str:
        return f"{self.of.due} o None"

    def check(self, value: Any) -> Any:
        if value is None:
            return None
        try:
            return self.of.check(value)
        except NotFinite:
            raise
        except Breach as breach:
            raise Breach(breach.got, f"{breach.due} o None", breach.where) from None


_FLOAT64 = np.dtype(np.float64)
_KINDS = {"float": "fiu", "int": "iu", "bool": "b", "complex": "fiuc"}
_CAST = {"float": np.float64, "int": np.int64, "bool": np.bool_, "complex": np.complex128}
_KIND_WORDS = {
    "float": "números reales",
    "int": "enteros",
    "bool": "booleanos",
    "complex": "números complejos",
}


@dataclass(frozen=True)
class Array:
    """A NumPy array of this shape.

    `shape`: a dimension is a number, or a text (`"n"`) for any length; the same text twice in one
    shape means the same length. None is any shape. `dtype`: `float` takes any real or integer type
    and gives float64, `int` and `complex` likewise, `bool` only booleans; an exact name (`"float32"`)
    takes just that. NaN and infinity are `diverged` unless `finite=False`. Bounds are inclusive.
    """

    shape: Sequence[int | str] | None = None
    dtype: str | type = "float"
    finite: bool = True
    low: float | None = None
    high: float | None = None

    _noun = "un array"
    _wrong_library = "un tensor; usa .numpy()"

    @property
    def kind(self) -> str:
        return self.dtype if isinstance(self.dtype, str) else self.dtype.__name__

    @property
    def due(self) -> str:
        return f"{self._noun} de forma {as_shape(self.shape)}" if self.shape is not None else self._noun

    @cached_property
    def _usual_shape(self) -> tuple[int, ...] | None:
        """The shape, where this is a plain vector of finite numbers: what oracles see at every step."""
        plain = type(self) is Array and self.kind == "float" and self.low is None and self.high is None
        shape = tuple(self.shape) if self.shape is not None and len(self.shape) == 1 else ()
        return shape if plain and shape and type(shape[0]) is int else None  # type: ignore[return-value]

    def check(self, value: Any) -> NDArray[Any]:
        usual = type(value) is np.ndarray and value.dtype is _FLOAT64 and value.shape == self._usual_shape
        if usual and math.isfinite(value.dot(value)):  # `@` takes three times as long
            return value  # type: ignore[no-any-return]
        array = self._unwrap(value)
        if self.shape is not None and array.shape != self.shape and not _fits(array.shape, self.shape):
            raise Breach(f"forma {as_shape(array.shape)}", as_shape(self.shape))
        kind = self.kind
        if kind in _KINDS:
            if array.dtype.kind not in _KINDS[kind]:
                raise Breach(f"{self._noun} de tipo {array.dtype}", _KIND_WORDS[kind])
            if kind == "int" and array.dtype == np.uint64 and array.size and array.max() >= 2**63:
                raise Breach(
                    f"un elemento que vale {integer(int(array.max()))}", "enteros de 64 bits con signo"
                )
            array = array.astype(_CAST[kind], copy=False)  # already fresh
        elif array.dtype.name != kind:
            raise Breach(f"{self._noun} de tipo {array.dtype}", f"tipo {kind}")
        if not all_finite(array):
            if self.finite:
                count = int(np.count_nonzero(~np.isfinite(array)))
                wrong = (
                    "un elemento que no es finito" if count == 1 else f"{integer(count)} elementos no finitos"
                )
                raise NotFinite(wrong, "solo números finitos")
        elif array.size and (
            (self.low is not None and array.min() < self.low)
            or (self.high is not None and array.max() > self.high)
        ):
            outside = array.min() if self.low is not None and array.min() < self.low else array.max()
            raise Breach(
                f"un elemento que vale {number(float(outside))}",
                f"cada elemento{_bounds(self.low, self.high)}",
            )
        return array

    def _unwrap(self, value: Any) -> NDArray[Any]:
        if isinstance(value, np.ndarray):
            return value
        raise Breach("un tensor" if isinstance(value, Torch) else describe(value), f"{self.due} de NumPy")


@dataclass(frozen=True)
class Tensor(Array):
    """A tensor of this shape, of any library; the grader gets a NumPy array. Otherwise as `Array`."""

    _noun = "un tensor"

    def _unwrap(self, value: Any) -> NDArray[Any]:
        if isinstance(value, Torch):
            return value.array
        raise Breach(describe(value), self.due)


def all_finite(array: NDArray[Any]) -> bool:
    """Whether no element is NaN or infinite. A sum of squares that is finite says so six times faster."""
    if array.dtype.kind not in "fc":
        return True
    if array.ndim == 1 and math.isfinite(abs(array @ array)):
        return True
    return bool(np.isfinite(array).all())


def _fits(got: tuple[int, ...], due: Sequence[int | str]) -> bool:
    if len(got) != len(due):
        return False
    names: dict[str, int] = {}
    return all(
        names.setdefault(asked, length) == length if isinstance(asked, str) else asked == length
        for length, asked in zip(got, due, strict=True)
    )


@dataclass(frozen=True)
class Items:
    """A list or a tuple whose every item keeps `of`, given as a list."""

    of: Contract
    length: int | None = None
    limit: int = 100_000

    @property
    def due(self) -> str:
        size = f" de {integer(self.length)} elementos" if self.length is not None else ""
        return f"una lista{size}, y en cada lugar {self.of.due}"

    def check(self, value: Any) -> list[Any]:
        if type(value) is not list:
            raise Breach(describe(value), self.due)
        if self.length is not None and len(value) != self.length:
            raise Breach(describe(value), f"{integer(self.length)} elementos")
        if len(value) > self.limit:
            raise Breach(describe(value), f"{integer(self.limit)} elementos a lo sumo")
        return [_check_inside(self.of, item, f"en la posición {i}") for i, item in enumerate(value)]


@dataclass(frozen=True, init=False)
class Tuple:
    """A tuple or a list with one contract for each place, given as a tuple."""

    of: tuple[Contract, ...]

    def __init__(self, *of: Contract) -> None:
        object.__setattr__(self, "of", of)

    @property
    def due(self) -> str:
        return f"{len(self.of)} valores ({', '.join(c.due for c in self.of)})"

    def check(self, value: Any) -> tuple[Any, ...]:
        if type(value) is not list or len(value) != len(self.of):
            raise Breach(describe(value), self.due)
        return tuple(
            _check_inside(contract, item, f"en la posición {i}")
            for i, (contract, item) in enumerate(zip(self.of, value, strict=True))
        )


@dataclass(frozen=True)
class Mapping:
    """A dictionary with text keys. `of`: either one contract for each key asked, or one for all values."""

    of: AbstractMapping[str, Contract] | Contract
    limit: int = 10_000

    @property
    def due(self) -> str:
        if isinstance(self.of, AbstractMapping):
            return f"un diccionario con las claves {', '.join(f'«{key}»' for key in self.of)}"
        return f"un diccionario de textos, y en cada uno {self.of.due}"

    def check(self, value: Any) -> dict[str, Any]:
        if type(value) is not dict or not all(type(key) is str for key in value) or len(value) > self.limit:
            raise Breach(describe(value), self.due)
        if not isinstance(self.of, AbstractMapping):
            return {k: _check_inside(self.of, item, f"en «{printable(k, 40)}»") for k, item in value.items()}
        if missing := [key for key in self.of if key not in value]:
            raise Breach(f"un diccionario sin «{missing[0]}»", self.due)
        if extra := [key for key in value if key not in self.of]:
            raise Breach(f"un diccionario con «{printable(extra[0], 40)}»", self.due)
        return {key: _check_inside(contract, value[key], f"en «{key}»") for key, contract in self.of.items()}


def _check_inside(contract: Contract, value: Any, where: str) -> Any:
    try:
        return contract.check(value)
    except Breach as breach:
        raise type(breach)(breach.got, breach.due, breach.inside(where).where) from None
