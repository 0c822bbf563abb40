"""Formulas of an author: arithmetic on named numbers, evaluated by simpleeval, never by Python.

Only numbers, names, operators and the functions below are let through, so a formula can neither reach an
object nor run for long.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

Number = int | float

LONGEST = 300
WHOLE_BITS = 64
CONSTANTS = {"pi": math.pi, "e": math.e}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "ceil": math.ceil,
    "cos": math.cos,
    "exp": math.exp,
    "floor": math.floor,
    "ln": math.log,
    "log10": math.log10,
    "log2": math.log2,
    "max": max,
    "min": min,
    "round": round,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
}


class NoFormula(Exception):
    """The text is no formula, or it has no finite value; the message is for the author."""


def _power(base: Number, exponent: Number) -> Number:
    """Whole where both are whole and the result is small; else a float: no power of millions of digits."""
    whole = isinstance(base, int) and isinstance(exponent, int) and exponent >= 0
    if whole and int(base).bit_length() * exponent <= WHOLE_BITS:
        return int(base**exponent)
    return math.pow(base, exponent)


OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: _power,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
SHAPES = (
    *OPERATORS,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.Compare,
    ast.IfExp,
    ast.Call,
    ast.Name,
    ast.Load,
    ast.Constant,
)


def number(text: str, names: Mapping[str, Number]) -> Number:
    """The finite value of a formula. Raises `NoFormula`."""
    value = _value(text, names)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NoFormula(f"{text.strip()!r} is no number")
    if not math.isfinite(value):
        raise NoFormula(f"{text.strip()!r} is {value}, which is not finite")
    return value


def holds(text: str, names: Mapping[str, Number]) -> bool:
    """Whether a condition is true. Raises `NoFormula`."""
    value = _value(text, names)
    if not isinstance(value, bool):
        raise NoFormula(f"{text.strip()!r} is no condition, as n > 2")
    return value


def _value(text: str, names: Mapping[str, Number]) -> Any:
    tree = _parsed(text.strip())
    known = {**CONSTANTS, **names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in known and node.id not in FUNCTIONS:
            raise NoFormula(
                f"{text.strip()!r}: there is no {node.id!r}; there are {', '.join(sorted(names))}"
            )
    evaluator = SimpleEval(operators=OPERATORS, functions=FUNCTIONS, names=known)
    try:
        return evaluator.eval(text, previously_parsed=tree)
    except (InvalidExpression, ArithmeticError, ValueError, TypeError, KeyError) as error:
        raise NoFormula(f"{text.strip()!r}: {error}") from None


def _parsed(text: str) -> ast.expr:
    """The formula's tree, made only of what is allowed."""
    if len(text) > LONGEST:
        raise NoFormula(f"a formula has at most {LONGEST} characters")
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NoFormula(f"{text!r} cannot be read as a formula") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.BitXor):
            raise NoFormula(f"{text!r}: a power is written **, not ^")
        odd = isinstance(node, ast.Constant) and type(node.value) not in {int, float}
        if odd or not isinstance(node, SHAPES):
            raise NoFormula(f"{text!r}: a formula has numbers, names, + - * / ** and functions, nothing else")
    return tree
